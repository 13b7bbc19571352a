/** How likely each customer is to leave, or to be what a column says. */
import type { PropensityOptions } from "../engine.ts";
import { state } from "../state.ts";
import { shareBins } from "../value/figures.ts";
import type { ChurnSetup } from "../value/shapes.ts";
import { type Desk, say } from "./desk.ts";

/** How it is asked for. */
export function riskOptions({ of, days, column, positive, method }: ChurnSetup): PropensityOptions {
  return of === "churn"
    ? { churn: { days }, method }
    : { outcome: { column, positive: inType(column, positive) }, method };
}

/** The value in the type of its column: what is chosen from a list is text. */
function inType(name: string, value: string): string | number | boolean {
  const type = state.study.value?.columns.find((column) => column.name === name)?.type;
  return type === "number" ? Number(value) : type === "boolean" ? value === "true" : value;
}

export async function findRisk(desk: Desk): Promise<void> {
  const { study } = desk;
  const setup = state.churnSetup.value;
  if (!study) return;
  const found = await desk.run("Learning who leaves", (job) => study.propensity({ ...riskOptions(setup), ...job }));
  if (!found || desk.study !== study) return;
  const { probability, ...facts } = found;
  const spread = await shareBins(probability);
  if (desk.study !== study) return;
  state.risk.value = { ...facts, refused: facts.refused, asked: setup, spread };
  say(found.definition);
}
