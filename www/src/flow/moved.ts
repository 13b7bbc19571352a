/**
 * A segment of those who moved. Who was where before is no column: it becomes a segment of its own, of the very customers who
 * were there, found by their key; and the rule asks for it.
 */
import type { RuleJson, Study } from "../engine.ts";
import { state } from "../state.ts";
import { type Desk, inWords } from "./desk.ts";
import { go } from "./go.ts";
import { addRule, takeIn } from "./segments.ts";

const EVERYONE: RuleJson = { combinator: "and", rules: [] };
const not = (rule: RuleJson): RuleJson => ({ combinator: "and", not: true, rules: [rule] });
const both = (...rules: RuleJson[]): RuleJson => ({ combinator: "and", rules });

/** Those with a label, or in no group at all. */
function inGroup(grouping: string, label: string): RuleJson {
  const migration = state.compared.value?.changes.migration.find((one) => one.grouping === grouping);
  const nobody = migration?.none !== undefined && migration.labels[migration.none] === label;
  return { field: grouping, operator: nobody ? "null" : "=", ...(!nobody && { value: label }) };
}

/** Those who moved from one group to another; from nowhere where they are new. */
export function segmentOfMove(desk: Desk, grouping: string, from: string | undefined, to: string): Promise<void> {
  const was = from === undefined ? "Customers" : from;
  const rule = (then: RuleJson): RuleJson => both(from === undefined ? not(then) : then, inGroup(grouping, to));
  const name = from === undefined ? `New in ${to}` : from === to ? `Still ${to}` : `${from} to ${to}`;
  return make(desk, name, was, from === undefined ? EVERYONE : inGroup(grouping, from), rule);
}

/** Those who stayed in a segment, entered it or left it. */
export function segmentOfChange(desk: Desk, name: string, part: "stayed" | "entered" | "left"): Promise<void> {
  const now: RuleJson = { segment: name };
  const rule = (then: RuleJson): RuleJson =>
    part === "stayed" ? both(then, now) : part === "entered" ? both(not(then), now) : both(then, not(now));
  const words = { stayed: "Stayed in", entered: "Entered", left: "Left" }[part];
  return make(desk, `${words} ${name}`, name, now, rule);
}

async function make(desk: Desk, name: string, was: string, then: RuleJson, rule: (then: RuleJson) => RuleJson) {
  const { study, before } = desk;
  const date = state.compared.value?.changes.before.date ?? "";
  if (!study || !before) return;
  try {
    const own = `${was} on ${date}`;
    if (!state.segments.value.some((segment) => segment.name === own)) await remember(desk, study, before, own, then);
    if (await addRule(desk, name, rule({ segment: own }))) go(desk, "segments");
  } catch (error) {
    state.problem.value = inWords(error);
  }
}

/** Makes a segment of who was in a rule on the other side. */
async function remember(desk: Desk, study: Study, before: Study, name: string, then: RuleJson): Promise<void> {
  const there = await before.segment(name, then);
  const snapshot = await there.snapshot();
  await there.remove();
  await takeIn(desk, await study.restore(snapshot, { name }));
}
