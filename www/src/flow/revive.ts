/**
 * What when the engine has died? It does when work must be stopped and does not hear, or for lack of memory. The file
 * never left the page, and everything made from it is seeded: it is made again, the same, in a fresh engine.
 */
import { remake } from "../engine.ts";
import { isProblem, state } from "../state.ts";
import { type Desk, SEED } from "./desk.ts";
import { counted } from "./folding.ts";
import { holdoutOf } from "./holdout.ts";
import { rfmOptions } from "./rfm.ts";
import { riskOptions } from "./risk.ts";
import { inAnyOrder } from "./segments.ts";
import { joined } from "./study.ts";
import { excludeAgain } from "./study-wide.ts";
import { asked } from "./value.ts";

let reviving = false;

export async function revive(desk: Desk): Promise<void> {
  if (reviving) return;
  reviving = true;
  const done = await desk.run("Starting the engine again", async (job) => {
    await readAgain(desk, job);
    if (state.study.value) await studyAgain(desk, job);
    return true;
  });
  reviving = false;
  if (!done) startOver(desk);
}

type Job = Parameters<Parameters<Desk["run"]>[1]>[0];

async function readAgain(desk: Desk, job: Job): Promise<void> {
  const papers = [];
  for (const [at, { file }] of desk.papers.entries()) {
    const { answers, sheet } = state.leaves.value[at] ?? {};
    const loaded = await desk.segmenter.load(file, { name: file.name, ...answers, ...job });
    const repairs = sheet?.repairs.map(({ repair }) => repair) ?? [];
    papers.push({ file, loaded, table: repairs.length === 0 ? loaded : (await loaded.repair(repairs, job)).table });
  }
  desk.papers = papers;
}

async function studyAgain(desk: Desk, job: Job): Promise<void> {
  const { table, clusterAgain } = desk;
  if (!table) return;
  const day = state.study.value?.referenceDate ?? "";
  const at = day === "" ? {} : { referenceDate: day };
  desk.customers =
    table.kind === "orders" ? await table.customers({ ...at, ...counted(table), ...joined(desk), ...job }) : table;
  const study = desk.customers.study({ ...at, seed: SEED });
  desk.study = study;
  if (state.rfm.value && !isProblem(state.rfm.value)) desk.rfm = await study.rfm(rfmOptions());
  if (clusterAgain && state.clusters.value) desk.clustering = await clusterAgain(study, job);
  if (state.estimate.value) await study.value({ ...asked(state.valueSetup.value), ...job });
  if (state.risk.value) await study.propensity({ ...riskOptions(state.risk.value.asked), ...job });
  if (state.stages.value) desk.stages = await study.stages({ ...state.stages.value.asked, ...job });
  await study.setParameters(state.parameters.value);
  desk.segments = new Map();
  const again = new Map<string, string>();
  await inAnyOrder(state.segments.value, async (segment) => {
    const handle = await study.segment(segment.name, segment.text);
    desk.segments.set(handle.id, handle);
    again.set(segment.id, handle.id);
  });
  const placed = new Set(state.tiers.value.filter((one) => one.placed).map(({ name }) => name));
  for (const { name, rules } of state.tiers.value)
    if (!placed.has(name)) desk.tiers.set(name, await study.tiers(name, [...rules]));
  const { recipe, mapping = {} } = state.project.value ?? {};
  if (recipe && placed.size > 0)
    await remake(study, recipe, { mapping }, async (one) => {
      if (one.kind === "grouping" && placed.has(one.part)) desk.tiers.set(one.part, await one.make());
    });
  if (state.holdout.value) desk.holdout = await holdoutOf(desk, state.holdout.value.asked, job);
  // The customers of then went with the engine; a comparison that is shown stays, without them.
  desk.before = undefined;
  if (state.compared.value) state.compared.value = { ...state.compared.value, traceable: false };
  const { id } = state.draft.value;
  state.segments.value = state.segments.value.map((segment) => ({
    ...segment,
    id: again.get(segment.id) ?? segment.id,
  }));
  if (id !== undefined) state.draft.value = { ...state.draft.value, id: again.get(id) };
  if (desk.excluded !== null) await excludeAgain(desk);
}

/** Where even that fails, the page says so and begins anew. */
function startOver(desk: Desk): void {
  void desk.clearStudy();
  desk.papers = [];
  state.leaves.value = [];
  state.join.value = null;
  state.screen.value = "start";
  state.problem.value ??= { message: "The engine was stopped, and with it what it held. Open the file again." };
}
