import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ColumnInfo, RuleCounts, RuleJson, Segmenter, Study, Table } from "../engine.ts";
import { spoken } from "../repairs.ts";
import { rowOf } from "../rule/row.ts";
import { emptyDraft, state } from "../state.ts";
import { Desk } from "./desk.ts";
import { suggest, weigh } from "./live.ts";

let desk: Desk;
beforeEach(() => {
  desk = new Desk({} as Segmenter);
});
afterEach(() => desk.clearStudy());

describe("names that every object knows", () => {
  it("are names of columns like others", async () => {
    const column: ColumnInfo = {
      name: "constructor",
      type: "text",
      role: "other",
      roleConfidence: 1,
      fit: 1,
      missing: 0,
      distinct: 2,
      sample: ["Ulm"],
    };
    state.study.value = {
      customers: 3,
      columns: [column],
      orders: [],
      referenceDate: "",
      revenue: undefined,
      revenueTotal: 0,
      notices: [],
    };
    const rows = async (): Promise<string[][]> => [["Ulm"], ["Bonn"], ["Bonn"]];
    desk.customers = { rows, close: async () => undefined } as Partial<Table> as Table;
    expect(state.values.value.get("constructor")).toBeUndefined();
    await suggest(desk, "constructor");
    expect(state.values.value.get("constructor")).toEqual(["Bonn", "Ulm"]);
  });

  it("are no words of ours", () => {
    expect(spoken("role", "constructor")).toBe("constructor");
    expect(rowOf({ expression: { orders: "constructor" }, operator: ">", value: 1 }, []).kind).toBe("text");
  });
});

describe("what each treatment of missing values would change", () => {
  const [a, b] = ["a", "b"].map((field): RuleJson => ({ field, operator: "=", value: 1 })) as [RuleJson, RuleJson];
  const root: RuleJson = { combinator: "and", rules: [a, b] };
  const write = (rule: RuleJson): void => {
    state.draft.value = { ...emptyDraft(), rule };
  };
  /** Answers the counts that were asked so far, in whichever order a test wants. */
  let waiting: ((counts: RuleCounts) => void)[];
  const answer = async (some: typeof waiting, n: number): Promise<void> => {
    for (const one of some) one({ in: n, out: 0, unknown: 0, text: "" });
    await new Promise((resolve) => setTimeout(resolve));
  };
  const asked = (): typeof waiting => waiting.splice(0);

  beforeEach(() => {
    waiting = [];
    const count = (): Promise<RuleCounts> => new Promise((resolve) => waiting.push(resolve));
    desk.study = { count, close: async () => undefined } as Partial<Study> as Study;
    write(root);
  });

  it("is counted one after the other, and kept with its row and its rule", async () => {
    const done = weigh(desk, a);
    for (const n of [5, 4, 6]) await answer(asked(), n);
    await done;
    expect(state.weighed.value).toEqual({ node: a, rule: root, taken: { open: 5, out: 4, in: 6 } });
  });

  it("is not told of a rule that changed meanwhile", async () => {
    const done = weigh(desk, a);
    await answer(asked(), 5);
    write({ ...root, rules: [a] });
    for (const n of [4, 6]) await answer(asked(), n);
    await done;
    expect(state.weighed.value).toBeNull();
  });

  it("is that of the row asked last, though an earlier one is counted later", async () => {
    const [slow, first] = [weigh(desk, a), asked()];
    const quick = weigh(desk, b);
    for (const n of [1, 2, 3]) await answer(asked(), n);
    await quick;
    await answer(first, 9);
    for (const n of [9, 9]) await answer(asked(), n);
    await slow;
    expect(state.weighed.value?.node).toBe(b);
    expect(state.weighed.value?.taken).toEqual({ open: 1, out: 2, in: 3 });
  });
});
