/** Segments by rule: kept, counted while they are typed, drawn from groups, and compared. */
import type { Grouping, Rule, Segment } from "../engine.ts";
import { proposals, type Values } from "../figures.ts";
import { plural } from "../format.ts";
import { freeColor, state } from "../state.ts";
import { type Desk, say } from "./desk.ts";
import { begin, clearDraft } from "./draft.ts";
import { go } from "./go.ts";

/** Rules worth a look for this table, each with its count. */
export async function proposeRules(desk: Desk): Promise<void> {
  const { study, customers } = desk;
  if (!study || !customers) return;
  const values = new Map<string, Values>();
  const columns = state.study.value?.columns ?? [];
  for (const { name, type } of columns) if (type === "number") values.set(name, await customers.column(name));
  const examples = [];
  for (const proposal of proposals(columns, values)) {
    const { in: n } = await study.count(proposal.text).catch(() => ({ in: 0 }));
    if (n > 0 && n < customers.rowCount) examples.push({ ...proposal, n });
  }
  if (desk.study === study) state.examples.value = examples;
}

/** Makes the segments of the study before again; those that cannot be are named. */
export async function keepSegments(desk: Desk, wanted: { name: string; text: string }[]): Promise<void> {
  state.segments.value = [];
  const lost = await inAnyOrder(wanted, async ({ name, text }) => {
    await addRule(desk, name, text);
  });
  if (lost.length === 0) return;
  const names = lost.map(({ name }) => name).join(", ");
  const message = `${plural(lost.length, "segment")} could not be made again from this table: ${names}.`;
  state.problem.value = { message, hint: "Their rules name columns that are not there." };
}

/** Makes all of them, however they refer to each other: again and again while that helps. Gives those that cannot be made. */
export async function inAnyOrder<T>(all: readonly T[], make: (one: T) => Promise<void>): Promise<T[]> {
  const failed: T[] = [];
  for (const one of all) await make(one).catch(() => failed.push(one));
  return failed.length === 0 || failed.length === all.length ? failed : inAnyOrder(failed, make);
}

export async function addSegment(desk: Desk, name: string, text: string): Promise<Segment | undefined> {
  try {
    const handle = await addRule(desk, name, text);
    state.problem.value = null;
    return handle;
  } catch (error) {
    desk.fail(error);
    return undefined;
  }
}

/** The same; what the study cannot do with the rule is thrown. */
export async function addRule(desk: Desk, name: string, rule: Rule): Promise<Segment | undefined> {
  const handle = await desk.study?.segment(unused(name), rule);
  if (handle) await takeIn(desk, handle);
  return handle;
}

/** Shows a segment that was made. */
export async function takeIn(desk: Desk, handle: Segment): Promise<void> {
  desk.segments.set(handle.id, handle);
  const color = freeColor(state.segments.value.map((segment) => segment.color));
  state.segments.value = [...state.segments.value, { ...facts(handle), color }];
  say(`Segment ${handle.name}: ${plural(handle.counts.in, "customer")}`);
  await compare(desk);
}

const facts = ({ id, name, text, rule, counts }: Segment) => ({ id, name, text, rule, counts });

function unused(name: string): string {
  const taken = new Set(state.segments.value.map((segment) => segment.name));
  const base = name.trim() || "Segment";
  let candidate = base;
  for (let number = 2; taken.has(candidate); number++) candidate = `${base} ${number}`;
  return candidate;
}

/** Takes in what segments say by now: rules that refer to a changed one have followed it. */
export function refreshSegments(desk: Desk): void {
  state.segments.value = state.segments.value.map((one) => {
    const handle = desk.segments.get(one.id);
    return handle ? { ...one, ...facts(handle) } : one;
  });
}

/** Who is in several, and in none. */
export async function compare(desk: Desk): Promise<void> {
  const { study, segments } = desk;
  if (!study) return;
  const overlap = segments.size === 0 ? null : await study.overlap([...segments.values()]);
  if (desk.study === study) state.overlap.value = overlap;
}

export function editSegment(desk: Desk, id: string): void {
  const segment = state.segments.value.find((one) => one.id === id);
  if (!segment) return;
  begin(desk, { id, name: segment.name, text: segment.text });
}

/** Keeps the draft as a segment. It is put away with that, so that the next one can be begun while the rest is counted. */
export async function saveDraft(desk: Desk): Promise<void> {
  const { id, name, text } = state.draft.value;
  const old = id === undefined ? undefined : desk.segments.get(id);
  try {
    const made = old ?? (await desk.study?.segment(unused(name), text));
    if (old) await old.update(text);
    if (old && name.trim() !== "" && name.trim() !== old.name) await old.rename(unused(name));
    if (!made) return;
    clearDraft(false);
    state.profiled.value = null;
    state.problem.value = null;
    if (!old) return await takeIn(desk, made);
    refreshSegments(desk);
    say(`Segment ${old.name}: ${plural(old.counts.in, "customer")}`);
    await compare(desk);
  } catch (error) {
    desk.fail(error);
  }
}

export async function removeSegment(desk: Desk, id: string): Promise<void> {
  try {
    await desk.segments.get(id)?.remove();
  } catch (error) {
    // Another rule still asks for it.
    desk.fail(error);
    return;
  }
  desk.segments.delete(id);
  state.segments.value = state.segments.value.filter((segment) => segment.id !== id);
  if (state.draft.value.id === id) clearDraft(false);
  if (state.profiled.value?.key === `segment ${id}`) state.profiled.value = null;
  await compare(desk);
}

/** A group of a partition as a rule of its own. */
export async function segmentFrom(desk: Desk, grouping: Grouping | undefined, label: string, name: string) {
  if (!grouping) return;
  try {
    const text = await desk.segmenter.formatRule(grouping.rule(label));
    if (await addSegment(desk, name, text)) go(desk, "segments");
  } catch (error) {
    desk.fail(error);
  }
}
