/** Which rule gives exactly those who are in these segments and not in those? */
import type { RuleJson } from "../model.ts";
import { isGroup } from "./tree.ts";
import { operator } from "./vocabulary.ts";

/** A segment as far as this matters. */
export interface Known {
  name: string;
  rule: RuleJson;
  /** Customers of whom the segment's rule cannot tell. */
  unknown: number;
}

export function combination(segments: readonly Known[], inside: readonly number[], others: "out" | "any"): RuleJson {
  const rules: RuleJson[] = [];
  for (const [index, segment] of segments.entries()) {
    if (inside.includes(index)) rules.push({ segment: segment.name });
    else if (others === "out") rules.push({ combinator: "and", not: true, rules: [held(segment, segments)] });
  }
  return { combinator: "and", rules };
}

/**
 * Who is in a segment, as a rule that is never unknown: whoever it cannot tell of is not in it, so that “not” takes them in.
 * Where it can tell of everyone, its name says that.
 */
function held({ name, rule, unknown }: Known, segments: readonly Known[]): RuleJson {
  return unknown === 0 ? { segment: name } : decided(rule, false, segments);
}

/** The rule with every missing value answered, so that whatever was unknown of the whole is this answer. */
export function decided(node: RuleJson, answer: boolean, segments: readonly Known[]): RuleJson {
  if (isGroup(node)) {
    const inner = node.not === true ? !answer : answer;
    return { ...node, rules: node.rules.map((part) => decided(part, inner, segments)) };
  }
  const other = segments.find(({ name }) => name === node.segment);
  if (other) return other.unknown === 0 ? node : decided(other.rule, answer, segments);
  const canMiss =
    node.operator !== undefined && !/^(not)?(null|blank)$/i.test(node.operator) && operator(node.operator);
  return canMiss && (node.missingAs === undefined || node.missingAs === null) ? { ...node, missingAs: answer } : node;
}

/** “A and B, not C” */
export function combinationName(names: readonly string[], inside: readonly number[], others: "out" | "any"): string {
  const own = names.filter((_, index) => inside.includes(index)).join(" and ");
  if (inside.length === 0) return "In no segment";
  if (others === "any" || inside.length === names.length) return own;
  return inside.length === 1 ? `Only ${own}` : `${own} only`;
}
