/** Which rule gives exactly those who are in these segments and not in those? */
import type { RuleJson } from "../model.ts";

export function combination(names: readonly string[], inside: readonly number[], others: "out" | "any"): RuleJson {
  const rules: RuleJson[] = [];
  for (const [index, segment] of names.entries()) {
    if (inside.includes(index)) rules.push({ segment });
    else if (others === "out") rules.push({ combinator: "and", not: true, rules: [{ segment }] });
  }
  return { combinator: "and", rules };
}

/** “A and B, not C” */
export function combinationName(names: readonly string[], inside: readonly number[], others: "out" | "any"): string {
  const own = names.filter((_, index) => inside.includes(index)).join(" and ");
  if (inside.length === 0) return "In no segment";
  if (others === "any" || inside.length === names.length) return own;
  return inside.length === 1 ? `Only ${own}` : `${own} only`;
}
