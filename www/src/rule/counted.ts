/**
 * How many does each row take alone, and how many are left after it? One count of the engine answers both: a group "all of" is
 * sent as a chain of pairs, ((a and b) and c) and d, which is the same rule, and whose every pair is what is left so far.
 */
import type { RuleCounts, RuleJson } from "../model.ts";
import { active, isGroup, isMuted } from "./tree.ts";

/** What is known of one part of a rule. */
export interface Facts {
  counts: RuleCounts;
  /** Customers left in its "all of" group after it and what stands above it. */
  left?: number | undefined;
  /** Customers without a value, where the row treats missing values as something. */
  missing?: number;
}

/** By the part itself: a part that an edit leaves alone keeps its facts. */
export type FactsOf = ReadonlyMap<RuleJson, Facts>;

/** So many lists and objects may lie in each other in what is sent; the engine reads no rule that is nested without end. */
const DEEPEST = 120;
/** A group is an object with a list in it. */
const GROUP = 2;

function depth(json: unknown): number {
  if (typeof json !== "object" || json === null) return 0;
  let deepest = 0;
  for (const part of Object.values(json)) deepest = Math.max(deepest, depth(part));
  return deepest + 1;
}

/** The rule as it is sent to be counted: what is muted is left out, and what would nest too deep as a chain stays as it is. */
export const chained = (root: RuleJson): RuleJson => chain(active(root), DEEPEST);

function chain(node: RuleJson, room: number): RuleJson {
  if (!isGroup(node)) return node;
  const { rules } = node;
  const roomFor = (index: number): number => room - GROUP * Math.min(rules.length - index, rules.length - 1);
  const fits = isAll(node, rules) && rules.every((part, index) => depth(part) <= roomFor(index));
  const parts = rules.map((part, index) => chain(part, fits ? roomFor(index) : room - GROUP));
  if (!fits) return { ...node, rules: parts };
  const [first, ...others] = parts as [RuleJson, ...RuleJson[]];
  const last = others.pop() as RuleJson;
  const before = others.reduce((left, part) => ({ combinator: "and", rules: [left, part] }), first);
  return { ...node, rules: [before, last] };
}

const isAll = (group: RuleJson, parts: readonly RuleJson[]): boolean => group.combinator !== "or" && parts.length > 1;

/** The facts of every part, read from the counts of the chained rule. */
export function factsOf(root: RuleJson, counts: RuleCounts): FactsOf {
  const facts = new Map<RuleJson, Facts>();
  const walk = (node: RuleJson, own: RuleCounts, left?: number): void => {
    facts.set(node, { counts: own, left });
    if (!isGroup(node)) return;
    const parts = node.rules.filter((part) => !isMuted(part));
    const inner = node.not === true ? own.children?.[0] : own;
    if (!inner) return;
    // A group of one is that one.
    if (parts.length === 1) walk(parts[0] as RuleJson, inner, node.combinator === "or" ? undefined : inner.in);
    // A chain is of pairs.
    else if (!isAll(node, parts) || inner.children?.length !== 2)
      for (const [index, part] of parts.entries()) {
        const found = inner.children?.[index];
        if (found) walk(part, found);
      }
    else {
      let pair: RuleCounts | undefined = inner;
      for (let index = parts.length - 1; pair && index >= 0; index--) {
        const own: RuleCounts | undefined = index > 0 ? pair.children?.[1] : pair;
        if (own) walk(parts[index] as RuleJson, own, pair.in);
        pair = pair.children?.[0];
      }
    }
  };
  walk(root, counts);
  return facts;
}

/** Whether two rules ask the same, whatever is muted in them. */
export const sameRule = (a: RuleJson, b: RuleJson): boolean => JSON.stringify(active(a)) === JSON.stringify(active(b));
