/** Cohorts of customers by their first order, and the stages of their life. */
import { plural } from "../format.ts";
import { state } from "../state.ts";
import type { Period, StageSetup } from "../value/shapes.ts";
import { type Desk, say } from "./desk.ts";
import { groupsOf } from "./groups.ts";

export async function showCohorts(desk: Desk, by: Period): Promise<void> {
  const { study } = desk;
  if (!study) return;
  const found = await desk.run("Counting cohorts", (job) => study.cohorts({ by, ...job }));
  if (!found || desk.study !== study) return;
  state.cohorts.value = found;
  say(plural(found.cohorts.length, "cohort"));
}

/** Puts every customer into a stage; rules can ask for it from then on. */
export async function showStages(desk: Desk, setup: StageSetup): Promise<void> {
  const { study } = desk;
  state.stageSetup.value = setup;
  if (!study) return;
  const found = await desk.run("Finding stages", async (job) => {
    const grouping = await study.stages({ ...setup, ...job });
    return { grouping, stages: await groupsOf(desk, grouping) };
  });
  if (!found || desk.study !== study) return;
  const { grouping, stages } = found;
  const { newDays, atRiskAfter, lapsedAfter, definition, columns, notices } = grouping;
  desk.stages = grouping;
  state.stages.value = {
    asked: setup,
    customers: desk.customers?.rowCount ?? 0,
    stages,
    newDays,
    atRiskAfter,
    lapsedAfter,
    definition,
    columns,
    notices,
  };
  if (state.profiled.value?.key === "stages") state.profiled.value = null;
}
