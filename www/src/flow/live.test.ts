import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ColumnInfo, Segmenter, Table } from "../engine.ts";
import { spoken } from "../repairs.ts";
import { rowOf } from "../rule/row.ts";
import { state } from "../state.ts";
import { Desk } from "./desk.ts";
import { suggest } from "./live.ts";

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
