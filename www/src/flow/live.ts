/** Who does the rule being written take? A profile and a few rows, made a moment after the counts and never in their way. */
import type { RuleJson, Segment } from "../engine.ts";
import type { Weighed } from "../model.ts";
import { chained, factsOf } from "../rule/counted.ts";
import { active, swap } from "../rule/tree.ts";
import { state } from "../state.ts";
import { type Desk, inWords } from "./desk.ts";

const PAUSE_MS = 350;
const ROWS = 5;
/** Rows read to find out which values a column has. */
const LOOKED_AT = 20_000;
const MOST_VALUES = 60;

let pause: ReturnType<typeof setTimeout> | undefined;
let weighings = 0;

/** Takes the profile when nothing changes for a while. */
export function describeLive(desk: Desk): void {
  clearTimeout(pause);
  pause = setTimeout(() => void describe(desk), PAUSE_MS);
}

/** A segment that lives as long as the work with it, and that no list shows: one after the other, for they share a name. */
export function withSegment<T>(
  desk: Desk,
  rule: RuleJson,
  work: (segment: Segment) => Promise<T>,
): Promise<T | undefined> {
  const done = desk.scratch.then(() => once(desk, rule, work));
  desk.scratch = done.catch(() => undefined);
  return done;
}

async function once<T>(desk: Desk, rule: RuleJson, work: (segment: Segment) => Promise<T>): Promise<T | undefined> {
  const taken = new Set(state.segments.value.map(({ name }) => name));
  let name = "The rule being written";
  while (taken.has(name)) name += " ";
  const segment = await desk.study?.segment(name, rule);
  if (!segment) return undefined;
  try {
    return await work(segment);
  } finally {
    await segment.remove().catch(() => undefined);
  }
}

async function describe(desk: Desk): Promise<void> {
  const { study, customers } = desk;
  const { rule, text, stale } = state.draft.value;
  if (!study || !customers || stale) return;
  const isOld = (): boolean => desk.study !== study || state.draft.value.rule !== rule;
  try {
    await withSegment(desk, active(rule), async (segment) => {
      if (isOld()) return;
      const [profile] = segment.counts.in > 0 ? await study.profile(segment) : [];
      const members = await segment.members();
      const shown = Array.from({ length: Math.min(ROWS, members.length) }, (_, index) =>
        Number(members[Math.floor((index * members.length) / ROWS)] ?? 0),
      );
      const chosen = [...new Set(shown)];
      const header = customers.columns.map(({ name }) => name);
      const rows = [];
      for (const row of chosen) {
        const [cells = []] = await customers.rows({ offset: row, limit: 1 });
        rows.push({ row, cells: cells.map((cell) => (cell === null ? "" : String(cell))) });
      }
      if (!isOld()) state.live.value = { text, profile, excluded: segment.counts.excluded ?? 0, header, rows };
    });
  } catch (error) {
    if (!isOld()) state.problem.value = inWords(error);
  }
}

/** Why a customer is in the rule, part by part. */
export async function explain(desk: Desk, row: number | undefined): Promise<void> {
  const { study } = desk;
  const { rule } = state.draft.value;
  if (row === undefined || !study) {
    state.why.value = null;
    return;
  }
  try {
    const counts = await withSegment(desk, chained(rule), (segment) => study.explain(row, segment));
    if (counts && state.draft.value.rule === rule) state.why.value = { row, rule, facts: factsOf(rule, counts) };
  } catch (error) {
    state.problem.value = inWords(error);
  }
}

/** Counts the whole rule for each way in which one row can treat missing values. */
export async function weigh(desk: Desk, node: RuleJson): Promise<void> {
  const { study } = desk;
  const { rule } = state.draft.value;
  if (!study) return;
  const own = ++weighings;
  const isOld = (): boolean => own !== weighings || desk.study !== study || state.draft.value.rule !== rule;
  state.weighed.value = null;
  const { missingAs: _, ...open } = node;
  const count = async (to: RuleJson): Promise<number> => (await study.count(active(swap(rule, node, to)))).in;
  try {
    const taken: Weighed["taken"] = {
      open: await count(open),
      out: await count({ ...open, missingAs: false }),
      in: await count({ ...open, missingAs: true }),
    };
    if (!isOld()) state.weighed.value = { node, rule, taken };
  } catch {
    // While the rule cannot be counted, nothing is said about what would move.
    if (!isOld()) state.weighed.value = null;
  }
}

/** Values of a column, the most frequent first. */
export async function suggest(desk: Desk, name: string): Promise<void> {
  const { customers } = desk;
  const column = state.study.value?.columns.find((one) => one.name === name);
  if (!customers || !column || state.values.value.has(name)) return;
  const set = (values: readonly string[]): void => {
    if (desk.customers === customers) state.values.value = new Map(state.values.value).set(name, values);
  };
  set(column.sample);
  if (column.type === "number" || column.distinct > 5 * MOST_VALUES) return;
  const often = new Map<string, number>();
  const rows = await customers.rows({ columns: [name], limit: LOOKED_AT }).catch(() => []);
  for (const [cell] of rows)
    for (const value of Array.isArray(cell) ? cell : [cell])
      if (value !== null && value !== undefined) often.set(String(value), (often.get(String(value)) ?? 0) + 1);
  const values = [...often].sort((a, b) => b[1] - a[1]).map(([value]) => value);
  set(values.slice(0, MOST_VALUES));
}
