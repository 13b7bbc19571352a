import { describe, expect, it } from "vitest";
import { dayBand, orderBand } from "./charts/RfmGrid.tsx";
import { field, literal, proposals, rfmCells, roughQuantile, round, total, totals } from "./figures.ts";
import { percent } from "./format.ts";
import type { ColumnInfo } from "./model.ts";

const column = (name: string, more: Partial<ColumnInfo> = {}): ColumnInfo => ({
  name,
  type: "number",
  role: "other",
  roleConfidence: 1,
  fit: 1,
  missing: 0,
  distinct: 100,
  sample: [],
  ...more,
});

describe("sums", () => {
  it("leave out what is missing and who is in no group", async () => {
    expect(await total([1, Number.NaN, 2])).toBe(3);
    expect(await totals([0, 1, -1, 1, 0], [1, 2, 4, Number.NaN, 8], 3)).toEqual([9, 2, 0]);
  });

  it("put every scored customer into one cell", async () => {
    const cells = await rfmCells([1, 2, 2, 0], [2, 1, 1, 0], [10, 20, Number.NaN, 5], 2);
    expect(cells).toEqual([
      [
        { n: 0, revenue: 0 },
        { n: 2, revenue: 20 },
      ],
      [
        { n: 1, revenue: 10 },
        { n: 0, revenue: 0 },
      ],
    ]);
  });
});

describe("rule text", () => {
  it("quotes names and values where the language wants it", () => {
    expect([field("spend"), field("first order"), field('a"b'), field("Order"), field("in")]).toEqual([
      "spend",
      '"first order"',
      '"a""b"',
      "Order",
      '"in"',
    ]);
    expect(literal("O'Neill")).toBe("'O''Neill'");
  });

  it("proposes round numbers", () => {
    expect([round(347.2), round(0.0123), round(99.6), round(-1234), round(0)]).toEqual([350, 0.012, 100, -1200, 0]);
    expect(roughQuantile([5, 1, Number.NaN, 3], 0.5)).toBe(3);
  });

  it("proposes rules only from columns that say something", () => {
    const columns = [
      column("customer_id", { type: "text", role: "customer-id" }),
      column("spend", { missing: 3 }),
      column("plan", { type: "text", distinct: 3, sample: ["basic"] }),
      column("email", { type: "text", role: "email" }),
    ];
    const rules = proposals(columns, new Map([["spend", Float64Array.from([10, 20, 30, 40])]]));
    expect(rules.map((rule) => rule.text)).toEqual(["spend >= 40", "spend is missing", "plan = 'basic'"]);
  });
});

describe("bands in words", () => {
  it("never overlap, and say so when ties leave one empty", () => {
    const orders = [1, 1, 3.4, 8];
    expect([1, 2, 3, 4, 5].map((score) => orderBand(orders, score, false))).toEqual([
      "1 order",
      "none",
      "2–3 orders",
      "4–8 orders",
      "9+ orders",
    ]);
    expect([5, 4, 1].map((score) => dayBand([10, 20, 30, 40], score, 5, false))).toEqual([
      "0–10 days",
      "11–20 days",
      "41+ days",
    ]);
  });

  it("round shares without making small ones nothing", () => {
    expect([percent(0), percent(0.0001), percent(0.1234), percent(Number.NaN)]).toEqual([
      "0\u00a0%",
      "<\u00a00.1\u00a0%",
      "12.3\u00a0%",
      "–",
    ]);
  });
});
