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

/** Longer groups are counted as they stand, for rules may not nest without end. */
const LONGEST_CHAIN = 50;

const chains = (group: RuleJson, parts: number): boolean =>
  group.combinator !== "or" && parts > 1 && parts <= LONGEST_CHAIN;

/** The rule as it is sent to be counted: what is muted is left out. */
export function chained(node: RuleJson): RuleJson {
  if (!isGroup(node)) return node;
  const rules = node.rules.filter((part) => !isMuted(part)).map(chained);
  if (!chains(node, rules.length)) return { ...node, rules };
  const [first, ...others] = rules as [RuleJson, ...RuleJson[]];
  const last = others.pop() as RuleJson;
  const before = others.reduce((left, part) => ({ combinator: "and", rules: [left, part] }), first);
  return { ...node, rules: [before, last] };
}

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
    else if (!chains(node, parts.length))
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
