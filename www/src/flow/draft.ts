/** The rule being written: text and tree follow each other, each edit is counted when it pauses, and every edit can be undone. */
import { type ColumnType, MarquetryError, type RuleCounts, type RuleJson } from "../engine.ts";
import type { Draft, Written } from "../model.ts";
import { chained, type Facts, factsOf, sameRule } from "../rule/counted.ts";
import { single } from "../rule/row.ts";
import { active, EVERYONE, holds, isGroup, keepMuted, rooted, swap } from "../rule/tree.ts";
import { emptyDraft, ruleColumns, state } from "../state.ts";
import { type Desk, inWords, say } from "./desk.ts";
import { describeLive } from "./live.ts";

const PAUSE_MS = 60;
/** Typing within this time is one step back. */
const STROKE_MS = 900;
const MOST_STEPS = 200;

let pause: ReturnType<typeof setTimeout> | undefined;
let edits = 0;
let typed = Number.NEGATIVE_INFINITY;

const written = ({ text, rule, by }: Written): Written => ({ text, rule, by });
const update = (change: Partial<Draft>): void => {
  state.draft.value = { ...state.draft.value, ...change };
};

function remember(): void {
  const { past } = state.history.value;
  state.history.value = { past: [...past.slice(1 - MOST_STEPS), written(state.draft.value)], future: [] };
}

/** Takes the text being typed; a run of letters is one step. */
export function edit(desk: Desk, text: string): void {
  const now = performance.now();
  if (now - typed > STROKE_MS || state.draft.value.by === "tree") remember();
  typed = now;
  update({ text, by: "text", stale: true });
  later(desk);
}

/** Takes the tree as the builder changed it. */
export function change(desk: Desk, rule: RuleJson): void {
  remember();
  update({ rule, by: "tree", stale: true, errors: [] });
  later(desk);
}

/** Takes one part of the tree as text; what is no rule changes nothing and is told beside it. */
export async function rewrite(desk: Desk, node: RuleJson, text: string): Promise<void> {
  try {
    const { rule, errors } = await desk.segmenter.parseRule(text, columnsOf(desk));
    const root = state.draft.value.rule;
    // Another edit took the part away while the text was read, and is the newer one.
    if (!holds(root, node)) return say("That part has changed meanwhile; its text was not taken.");
    const [wrong] = errors;
    if (wrong || !rule) {
      state.slip.value = { node, message: wrong?.message ?? "This is no rule." };
      return;
    }
    state.slip.value = null;
    change(desk, swap(root, node, single(rule) ?? rule));
  } catch (error) {
    desk.fail(error);
  }
}

function step(desk: Desk, back: boolean): void {
  const { past, future } = state.history.value;
  const to = back ? past.at(-1) : future.at(-1);
  if (!to) return;
  const now = written(state.draft.value);
  state.history.value = back
    ? { past: past.slice(0, -1), future: [...future, now] }
    : { past: [...past, now], future: future.slice(0, -1) };
  typed = Number.NEGATIVE_INFINITY;
  update({ ...to, stale: true, errors: [] });
  void recount(desk);
}

export const undoEdit = (desk: Desk): void => step(desk, true);
export const redoEdit = (desk: Desk): void => step(desk, false);

/** Puts the draft away; what was typed can be brought back unless it has gone into a segment. */
export function clearDraft(back: boolean): void {
  if (back && state.draft.value.id === undefined) remember();
  else forgetSteps();
  edits += 1;
  state.draft.value = emptyDraft();
  state.live.value = null;
  state.why.value = null;
}

function forgetSteps(): void {
  state.history.value = { past: [], future: [] };
}

/** Begins a draft with a text or a tree. */
export function begin(desk: Desk, draft: Partial<Draft>): void {
  forgetSteps();
  state.draft.value = { ...emptyDraft(), ...draft, stale: true };
  state.why.value = null;
  void recount(desk);
}

function later(desk: Desk): void {
  // What is being counted now is old already; it must not come back over this edit.
  edits += 1;
  clearTimeout(pause);
  pause = setTimeout(() => void recount(desk), PAUSE_MS);
}

/** Counts the draft; while it is not a rule, the last counts stay and are marked as old. */
export async function recount(desk: Desk): Promise<void> {
  clearTimeout(pause);
  const { study } = desk;
  const draft = state.draft.value;
  const own = ++edits;
  const isOld = (): boolean => own !== edits || desk.study !== study;
  if (!study) return;
  try {
    const now = draft.by === "text" ? await parsed(desk, draft) : await formatted(desk, draft);
    if (isOld()) return;
    if ("errors" in now) return update({ errors: now.errors, stale: true });
    if (now.text.trim() === "") {
      state.live.value = null;
      return update({ ...now, counts: undefined, facts: new Map(), stale: false, errors: [] });
    }
    const counts = await study.count(chained(now.rule));
    const facts = await withoutStandIns(desk, now.rule, counts);
    if (isOld()) return;
    update({ ...now, counts, facts, stale: false, errors: [] });
    describeLive(desk);
  } catch (error) {
    if (isOld()) return;
    const placed = draft.by === "text" ? await study.count(draft.text).catch((again: unknown) => again) : error;
    if (isOld()) return;
    const { at, length, suggestions } = placed instanceof MarquetryError ? placed.details : {};
    const place = { at: at ?? 0, length: typeof length === "number" ? length : draft.text.length };
    const names = Array.isArray(suggestions) ? (suggestions as string[]) : [];
    update({ stale: true, errors: [{ ...place, message: inWords(error).message, suggestions: names }] });
  }
}

async function parsed(
  desk: Desk,
  { text, rule }: Draft,
): Promise<Pick<Draft, "text" | "rule"> | Pick<Draft, "errors">> {
  if (text.trim() === "") return { text, rule: keepMuted(rule, EVERYONE) };
  const { rule: found, errors } = await desk.segmenter.parseRule(text, columnsOf(desk));
  if (!found || errors.length > 0) return { errors };
  const tree = keepMuted(rule, rooted(found));
  return { text, rule: sameRule(tree, rule) ? rule : tree };
}

async function formatted(desk: Desk, { rule }: Draft): Promise<Pick<Draft, "text" | "rule">> {
  const said = active(rule);
  const nothing = isGroup(said) && said.rules.length === 0;
  return { rule, text: nothing ? "" : await desk.segmenter.formatRule(said) };
}

function columnsOf(desk: Desk): { name: string; type: ColumnType }[] {
  const columns = (desk.customers?.columns ?? []).map(({ name, type }) => ({ name, type }));
  // Groups can be asked for by name, as if they were columns.
  for (const grouping of [desk.rfm, desk.clustering, ...desk.tiers.values()])
    if (grouping) columns.push({ name: grouping.name, type: "text" });
  // So can what was estimated.
  const known = new Set(columns.map(({ name }) => name));
  for (const { name, type } of ruleColumns.value) if (!known.has(name)) columns.push({ name, type });
  return columns;
}

/** The facts of every part, with how many would be unknown where missing values are treated as something. */
async function withoutStandIns(desk: Desk, rule: RuleJson, counts: RuleCounts): Promise<Draft["facts"]> {
  const facts = new Map<RuleJson, Facts>(factsOf(rule, counts));
  const treated = [...facts.keys()].filter(({ missingAs }) => missingAs !== undefined && missingAs !== null);
  for (const node of treated) {
    const { missingAs: _, ...open } = node;
    const { unknown } = (await desk.study?.count(open)) ?? {};
    const known = facts.get(node);
    if (known && unknown !== undefined) facts.set(node, { ...known, missing: unknown });
  }
  return facts;
}
