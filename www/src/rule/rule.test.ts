import { describe, expect, it } from "vitest";
import type { ColumnInfo, RuleCounts, RuleJson } from "../model.ts";
import { combination, combinationName, decided } from "./combination.ts";
import { complete, type Known } from "./complete.ts";
import { chained, factsOf } from "./counted.ts";
import { freshCondition, freshEvent, withOperator } from "./fresh.ts";
import { parameter } from "./parameter.ts";
import { rowOf } from "./row.ts";
import { sentence } from "./sentence.ts";
import {
  active,
  at,
  dissolve,
  duplicate,
  insert,
  intoGroup,
  keepMuted,
  move,
  mute,
  quantity,
  remove,
  setQuantity,
} from "./tree.ts";
import { operator, operatorsFor, opposite } from "./vocabulary.ts";

const column = (name: string, type: ColumnInfo["type"], sample: string[] = []): ColumnInfo => ({
  name,
  type,
  role: "other",
  roleConfidence: 1,
  fit: 1,
  missing: 0,
  distinct: 9,
  sample,
});
const is = (field: string): RuleJson => ({ field, operator: "=", value: 1 });
const all = (...rules: RuleJson[]): RuleJson => ({ combinator: "and", rules });
const any = (...rules: RuleJson[]): RuleJson => ({ combinator: "or", rules });
const [a, b, c, d] = ["a", "b", "c", "d"].map(is) as [RuleJson, RuleJson, RuleJson, RuleJson];

describe("tree edits", () => {
  it("share what they leave alone and change nothing in place", () => {
    const root = all(a, any(b, c));
    const copy = JSON.stringify(root);
    const more = insert(root, [1], d);
    expect(more).toEqual(all(a, any(b, c, d)));
    expect(at(more, [0])).toBe(a);
    expect(at(more, [1, 0])).toBe(b);
    expect(JSON.stringify(root)).toBe(copy);
  });

  it("take empty groups away with their last row, but keep the root", () => {
    expect(remove(all(a, any(b)), [1, 0])).toEqual(all(a));
    expect(remove(all(a, any(all(b))), [1, 0, 0])).toEqual(all(a));
    expect(remove(all(a), [0])).toEqual(all());
  });

  it("move a row within its group and out of it at its ends", () => {
    expect(move(all(a, b), [0], 1)).toEqual({ root: all(b, a), path: [1] });
    expect(move(all(a, any(b, c)), [1, 0], -1)).toEqual({ root: all(a, b, any(c)), path: [1] });
    expect(move(all(any(b, c), d), [0, 1], 1)).toEqual({ root: all(any(b), c, d), path: [1] });
    expect(move(all(a, any(b), c), [1, 0], -1)).toEqual({ root: all(a, b, c), path: [1] });
    expect(move(all(a, any(b), c), [1, 0], 1)).toEqual({ root: all(a, b, c), path: [1] });
    expect(move(all(a, b), [0], -1)).toBeUndefined();
  });

  it("move a row into the group beside it, or into one of its own", () => {
    expect(intoGroup(all(any(b), a), [1])).toEqual({ root: all(any(b, a)), path: [0, 1] });
    expect(intoGroup(all(a, any(b)), [0])).toEqual({ root: all(any(a, b)), path: [0, 0] });
    expect(intoGroup(all(a, b), [0])).toEqual({ root: all(any(a), b), path: [0, 0] });
  });

  it("every moved row is where its path says", () => {
    const root = all(a, any(b, all(c, d)), c);
    for (const path of [[0], [1], [2], [1, 0], [1, 1], [1, 1, 0], [1, 1, 1]])
      for (const moved of [move(root, path, -1), move(root, path, 1), intoGroup(root, path)])
        if (moved) expect(at(moved.root, moved.path)).toEqual(at(root, path));
  });

  it("double, take apart and quantify", () => {
    expect(duplicate(all(a, b), [0])).toEqual(all(a, a, b));
    expect(dissolve(all(a, any(b, c), d), [1])).toEqual(all(a, b, c, d));
    for (const asked of ["all", "any", "none", "not-all"] as const)
      expect(quantity(setQuantity(all(a, b), [], asked))).toBe(asked);
  });

  it("leave what is muted out of the rule, and keep it when the text was typed anew", () => {
    const muted = mute(all(a, any(b, c)), [1, 0]);
    expect(active(muted)).toEqual(all(a, any(c)));
    expect(active(all(a, b))).toEqual(all(a, b));
    const typed = all(a, any(c, d));
    expect(active(keepMuted(muted, typed))).toEqual(typed);
    expect(at(keepMuted(muted, typed), [1, 0])).toEqual({ ...b, muted: true });
    expect(mute(muted, [1, 0])).toEqual(all(a, any(b, c)));
  });

  it("negate by the opposite operator where there is one, and back again", () => {
    for (const name of operatorsFor("text").map((one) => one.name)) {
      const node = { ...a, operator: name };
      expect(opposite(opposite(node))).toEqual(node);
      expect(operator(opposite(node).operator)?.shape).toBe(operator(name)?.shape);
    }
    expect(opposite({ segment: "A" })).toEqual({ combinator: "and", not: true, rules: [{ segment: "A" }] });
    expect(opposite(opposite(all(a, b)))).toEqual(all(a, b));
  });
});

/** What the engine would count, over customers numbered by the bits of who has a, b, c, d. */
function count(node: RuleJson, customers: readonly number[]): RuleCounts {
  const holds = (rule: RuleJson, customer: number): boolean => {
    if (!rule.rules) return ((customer >> "abcd".indexOf(String(rule.field))) & 1) === 1;
    const answers = rule.rules.map((part) => holds(part, customer));
    const answer = rule.combinator === "or" ? answers.some(Boolean) || answers.length === 0 : answers.every(Boolean);
    return answer !== (rule.not === true);
  };
  const inside = customers.filter((customer) => holds(node, customer)).length;
  const own = { in: inside, out: customers.length - inside, unknown: 0, text: "" };
  if (!node.rules) return own;
  const { not, ...plain } = node;
  if (not === true) return { ...own, children: [count(plain as RuleJson, customers)] };
  if (node.rules.length === 1) return count(node.rules[0] as RuleJson, customers);
  return { ...own, children: node.rules.map((part) => count(part, customers)) };
}

describe("counts of rows", () => {
  const everyone = Array.from({ length: 16 }, (_, index) => index);

  it("are those alone, and those left so far in an all-group", () => {
    const root = all(a, any(b, c), d, { combinator: "or", not: true, rules: [b, all(a, c)] });
    const facts = factsOf(root, count(chained(root), everyone));
    expect(facts.get(root)?.counts.in).toBe(count(root, everyone).in);
    const parts = root.rules ?? [];
    for (const [index, part] of parts.entries()) {
      expect(facts.get(part)?.counts.in).toBe(count(part, everyone).in);
      expect(facts.get(part)?.left).toBe(count(all(...parts.slice(0, index + 1)), everyone).in);
    }
  });

  it("pass over muted rows and groups of one", () => {
    const silent = { ...c, muted: true };
    const root = all({ ...any(a), not: true }, silent, all(b, d));
    const facts = factsOf(root, count(chained(root), everyone));
    expect(facts.get(silent)).toBeUndefined();
    expect(facts.get(at(root, [0, 0]) as RuleJson)?.counts.in).toBe(8);
    expect(facts.get(at(root, [2, 1]) as RuleJson)?.left).toBe(4);
    expect(facts.get(root)?.counts.in).toBe(2);
  });

  it("a negated group keeps its chain", () => {
    const root: RuleJson = { ...all(a, b, c), not: true };
    const facts = factsOf(root, count(chained(root), everyone));
    expect([a, b, c].map((part) => facts.get(part)?.left)).toEqual([8, 4, 2]);
    expect(facts.get(root)?.counts.in).toBe(14);
  });
});

const columns = [
  column("frequency", "number", ["3", "5", "4"]),
  column("home town", "text", ["Ulm", "Bonn"]),
  column("last_order", "date", ["2026-01-31"]),
  column("vip", "boolean", ["yes"]),
];
const orders = [column("category", "text", ["Coffee"]), column("amount", "number", ["9"])];

describe("a chain", () => {
  const everyone = Array.from({ length: 16 }, (_, index) => index);
  const rows = (n: number): RuleJson[] => Array.from({ length: n }, (_, index) => ({ ...a, value: index }));
  /** How many objects and lists lie in each other, from the text of the JSON. */
  const nested = (rule: RuleJson): number => {
    let [now, most] = [0, 0];
    for (const sign of JSON.stringify(rule)) {
      if ("{[".includes(sign)) most = Math.max(most, ++now);
      if ("}]".includes(sign)) now--;
    }
    return most;
  };
  const lefts = (root: RuleJson): unknown[] => {
    const facts = factsOf(root, count(chained(root), everyone));
    return (root.rules ?? []).map((part) => facts.get(part)?.left);
  };

  it("of fifty rows is counted row by row", () => {
    const root = all(...rows(50));
    expect(nested(chained(root))).toBe(99);
    expect(lefts(root)).toEqual(rows(50).map(() => 8));
  });

  it("never nests deeper than the engine reads, wherever its groups stand", () => {
    const inner = all(...rows(15));
    for (const root of [
      all(inner, ...rows(49)),
      all(...rows(49), inner),
      all(...rows(500)),
      all(all(...rows(40)), inner),
    ])
      expect(nested(chained(root))).toBeLessThanOrEqual(120);
    const root = all(inner, ...rows(49));
    expect(lefts(root)).toEqual(root.rules?.map(() => 8));
    // There is no room left for the rows of the inner group; they are counted alone.
    const facts = factsOf(root, count(chained(root), everyone));
    expect(inner.rules?.map((part) => [facts.get(part)?.counts.in, facts.get(part)?.left])).toEqual(
      rows(15).map(() => [8, undefined]),
    );
  });

  it("leaves a rule alone that is nested deep by itself", () => {
    let root = all(a, b, c);
    for (let level = 0; level < 58; level++) root = any(root, d);
    expect(chained(root)).toEqual(root);
  });
});

describe("rows", () => {
  it("are widgets where they can be, and text where they cannot", () => {
    const kind = (node: RuleJson): string => rowOf(node, columns, orders).kind;
    for (const one of columns)
      for (const asked of operatorsFor(one.type)) expect(kind(freshCondition(one, asked))).toBe("condition");
    expect(kind(freshEvent())).toBe("event");
    expect(kind({ segment: "A" })).toBe("segment");
    expect(kind({ field: "nobody", operator: "=", value: 1 })).toBe("text");
    expect(kind({ field: "frequency", operator: ">", value: "vip", valueSource: "field" })).toBe("text");
    expect(kind({ field: "frequency", operator: ">", value: { calculate: "+", of: [1, 2] } })).toBe("text");
    expect(kind({ expression: { call: "length", of: [{ column: "home town" }] }, operator: ">", value: 3 })).toBe(
      "text",
    );
    expect(kind({ sequence: {} })).toBe("text");
  });

  it("keep their value where the next operator can have it", () => {
    const text = freshCondition(columns[1] as ColumnInfo);
    expect(text).toEqual({ field: "home town", operator: "=", value: "Ulm", ignoreCase: true });
    expect(withOperator(text, "in", columns[1])).toMatchObject({ operator: "in", value: ["Ulm"], ignoreCase: true });
    expect(withOperator(text, "null", columns[1])).not.toHaveProperty("ignoreCase");
    const day = freshCondition(columns[2] as ColumnInfo);
    expect(withOperator(day, "notInLast", columns[2])).toMatchObject({ value: { amount: 90, unit: "day" } });
    expect(withOperator(day, "<", columns[2])).toMatchObject({ value: { date: "2026-01-31" } });
  });
});

describe("the sentence", () => {
  const say = (node: RuleJson): string => sentence(node, { columns, orders, textOf: () => "length(x) > 3" });
  it("says conditions, groups, orders and segments", () => {
    const often = { field: "frequency", operator: ">=", value: 3 };
    const town = { field: "home town", operator: "in", value: ["Ulm", "Bonn"] };
    expect(say(all(often))).toBe("Customers whose frequency is at least 3.");
    expect(say(all(often, town))).toBe(
      "Customers whose frequency is at least 3 and whose home town is one of “Ulm” or “Bonn”.",
    );
    expect(say({ combinator: "or", not: true, rules: [often, { segment: "VIP" }] })).toBe(
      "Customers for whom none of this holds: whose frequency is at least 3; who are in “VIP”.",
    );
    const coffee = { field: "category", operator: "=", value: "Coffee" };
    const event = {
      orders: "count",
      where: all(coffee),
      window: { operator: "inLast", value: { amount: 90, unit: "day" } },
    };
    expect(say(all({ expression: event, operator: ">=", value: 3 }))).toBe(
      "Customers who ordered at least 3 times in the last 90 days where category is “Coffee”.",
    );
    expect(say(all({ sequence: {} }))).toBe("Customers for whom length(x) > 3.");
    expect(say(all())).toBe("Everyone.");
    expect(say(all({ ...often, missingAs: true }))).toBe("Customers whose frequency is at least 3 (or is missing).");
  });
});

describe("completion", () => {
  const known: Known = {
    columns,
    orders,
    segments: ["It’s VIP"],
    parameters: ["limit"],
    values: (name) => columns.find((one) => one.name === name)?.sample ?? [],
  };
  const offers = (text: string): string[] => complete(text, text.length, known)?.options.map((one) => one.text) ?? [];

  it("offers columns, operators of the type, values and segments", () => {
    expect(offers("fre")[0]).toBe("frequency");
    expect(offers("ho")).toContain('"home town"');
    expect(offers("frequency ")).toContain(">=");
    expect(offers("frequency ")).not.toContain("contains");
    expect(offers('"home town" ')).toContain("contains");
    expect(offers('"home town" = ')).toEqual(expect.arrayContaining(["'Ulm'", ":limit"]));
    expect(offers("\"home town\" in ('Ulm', 'B")).toEqual(["'Bonn'"]);
    expect(offers("vip = ")).toEqual(expect.arrayContaining(["true", "false"]));
    expect(offers("last_order in last 3 ")).toContain("days");
    expect(offers("in segment ")).toEqual(["'It’s VIP'"]);
    expect(offers("count(orders where cat")).toEqual(["category"]);
    expect(offers("frequency >= 3 ")).toEqual(["and ", "or ", "treat missing as "]);
  });

  it("replaces what was begun, with the quotes around it", () => {
    const text = "\"home town\" = 'U' and vip = true";
    expect(complete(text, 16, known)).toMatchObject({ from: 14, to: 17 });
    expect(complete("frequency", 9, known)).toBeUndefined();
  });

  it("says by itself only what was begun", () => {
    expect(complete("frequency >= 3 ", 15, known)?.eager).toBe(false);
    expect(complete("fre", 3, known)?.eager).toBe(true);
  });
});

describe("a value by name", () => {
  it("is a number where it is written as one, and otherwise stays as it was typed", () => {
    expect(["12", " 1.50 ", "-3", "true", "false"].map(parameter)).toEqual([12, 1.5, -3, true, false]);
    const codes = ["", "01234", "0x10", "12345678901234567890", "1e3", "NaN", "Infinity", "2026-01-31"];
    expect(codes.map(parameter)).toEqual(codes);
  });
});

describe("a combination of segments", () => {
  it("is in these and not in the others", () => {
    const names = ["A", "B", "C"];
    const known = names.map((name) => ({ name, rule: all(a), unknown: 0 }));
    const out = { combinator: "and", not: true, rules: [{ segment: "C" }] };
    expect(combination(known, [0, 1], "out")).toEqual(all({ segment: "A" }, { segment: "B" }, out as RuleJson));
    expect(combination(known, [0, 1], "any")).toEqual(all({ segment: "A" }, { segment: "B" }));
    expect(combinationName(names, [0, 1], "out")).toBe("A and B only");
    expect(combinationName(names, [], "out")).toBe("In no segment");
  });

  it("takes in whom a segment cannot tell of, where it is to be left out", () => {
    const rule: RuleJson = {
      combinator: "and",
      not: true,
      rules: [any(b, { segment: "B" }), { field: "c", operator: "null" }],
    };
    const known = [
      { name: "A", rule, unknown: 3 },
      { name: "B", rule: all(d), unknown: 1 },
    ];
    const answered = (node: RuleJson, answer: boolean): RuleJson => ({ ...node, missingAs: answer });
    expect(decided(rule, false, known)).toEqual({
      ...rule,
      rules: [any(answered(b, true), all(answered(d, true))), { field: "c", operator: "null" }],
    });
    expect(combination(known, [], "out").rules).toEqual([
      { combinator: "and", not: true, rules: [decided(rule, false, known)] },
      { combinator: "and", not: true, rules: [all(answered(d, false))] },
    ]);
  });
});
