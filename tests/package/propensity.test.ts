import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, createSegmenter, dataFile, type Propensity, type Segmenter, type Study } from "./support/marquetry.js";

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter();
});
afterAll(() => segmenter.close());

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, one) => total + one, 0);

/** Deciles, calibration and counts belong together. */
function consistent(found: Propensity): void {
  const { deciles, calibration, heldBack, positives, n } = found;
  expect(deciles).toHaveLength(10);
  expect(sum(deciles.map((one) => one.n))).toBe(heldBack);
  expect(sum(calibration.map((one) => one.n))).toBe(heldBack);
  expect(deciles.at(-1)?.captured).toBeCloseTo(1, 12);
  expect(deciles.at(-1)?.cumulativeLift).toBeCloseTo(1, 12);
  for (const [at, one] of deciles.entries()) {
    expect(one.rate).toBeCloseTo(one.positives / one.n, 12);
    expect(calibration[9 - at]?.observed).toBeCloseTo(one.rate, 12);
  }
  // The same share of both outcomes is held back.
  expect(Math.abs(sum(deciles.map((one) => one.positives)) / heldBack - positives / n)).toBeLessThan(0.01);
}

const telco = dataFile("telco_customer_churn.csv");
const log = dataFile("CDNOW_sample.txt");

if (telco === undefined || log === undefined) console.log("skipped: 5 (../shared/data is absent)");
else {
  describe("the outcome of Telco’s customers", () => {
    let study: Study;
    let found: Propensity;
    beforeAll(async () => {
      study = (await segmenter.load(readFileSync(telco))).study();
      found = await study.propensity({ outcome: { column: "Churn" } });
    });

    test("B37 is told with AUC, log-loss, lift, deciles and drivers on customers held back", () => {
      consistent(found);
      expect(found).toMatchObject({ n: 7043, positives: 1869, heldBack: 1761, name: "Churn_propensity" });
      expect(found.refused).toBeUndefined();
      expect(found.auc).toBeGreaterThan(0.82);
      expect(found.auc).toBeLessThan(0.88);
      expect(found.logLoss).toBeLessThan(0.8 * found.baseline.logLoss);
      expect(found.brier).toBeLessThan(found.baseline.brier);
      expect(found.baseline.rate).toBeCloseTo(1869 / 7043, 2);
      expect(found.candidates.map((one) => one.method).sort()).toEqual(["forest", "logistic"]);
      expect(found.candidates[0]?.method).toBe(found.method);
      expect(found.deciles[0]?.lift).toBeGreaterThan(2.2);
      // Calibrated: what is predicted is what is observed, but for luck.
      for (const { predicted, observed } of found.calibration) expect(Math.abs(predicted - observed)).toBeLessThan(0.1);
      expect(found.drivers.slice(0, 4).map((one) => one.feature)).toContain("Contract");
      expect(found.warnings.join(" ")).toMatch(/gender.*protects/);
    });

    test("B37 the probability is a column for rules, stands in the recipe and comes back", async () => {
      const high = found.probability.filter((one) => one > 0.5).length;
      expect(await study.count(`"Churn_propensity" > 0.5`)).toMatchObject({ in: high, unknown: 0 });
      expect(study.recipe.propensities).toMatchObject([{ outcome: { column: "Churn" }, name: "Churn_propensity" }]);
      const again = await segmenter.replay(study.recipe, readFileSync(telco));
      expect(again.skipped).toEqual([]);
      expect(await again.count(`"Churn_propensity" > 0.5`)).toMatchObject({ in: high, unknown: 0 });
    });

    test("a column written down afterwards is named", async () => {
      const text = readFileSync(telco, "utf8").trimEnd().split(/\r?\n/);
      const late = text.map((line, at) =>
        at === 0 ? `${line},Reason` : `${line},${line.endsWith("Yes") ? "moved" : ""}`,
      );
      const known = (await segmenter.load(late.join("\n"))).study();
      const { warnings } = await known.propensity({
        outcome: { column: "Churn", positive: "Yes" },
        method: "logistic",
      });
      expect(warnings.join(" ")).toMatch(/“Reason” tells “Churn” nearly alone/);
    });
  });

  describe("churn of the CDNOW sample", () => {
    let study: Study;
    beforeAll(async () => {
      const orders = await segmenter.load(readFileSync(log), {
        columns: {
          column_2: { type: "text", role: "customer-id" },
          column_3: { role: "date" },
          column_5: { role: "amount" },
        },
      });
      study = (await orders.customers()).study();
    });

    test("B37 by a stated definition is learned from orders up to then", async () => {
      const found = await study.propensity({ churn: { days: 180 } });
      consistent(found);
      // Counted from the log by itself: customers known by 1998-01-01, and those without an order in the 180 days after.
      const days = new Map<string, number[]>();
      for (const line of readFileSync(log, "utf8").trim().split("\n")) {
        const [, id, day] = line.trim().split(/\s+/) as [string, string, string];
        const at = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`) / 864e5;
        days.set(id, [...(days.get(id) ?? []), at]);
      }
      const cut = Date.parse("1998-06-30") / 864e5 - 180;
      const seen = [...days.values()].filter((own) => own.some((day) => day <= cut));
      const away = seen.filter((own) => !own.some((day) => day > cut && day <= cut + 180));
      expect([found.n, found.positives]).toEqual([seen.length, away.length]);
      expect(found.definition).toContain("1998-01-01");
      expect(found.auc).toBeGreaterThan(0.7);
      expect(found.probability).toHaveLength(2357);
      expect(await study.count("churn_risk >= 0.5")).toMatchObject({
        in: found.probability.filter((one) => one >= 0.5).length,
      });
      const recency = found.drivers.find((one) => one.feature === "recency_days");
      expect(recency?.direction).not.toBe("lowers");
    });

    test("B37 is refused with the reason when too thin, and risk by recency stands in", async () => {
      // Nobody had ordered so long ago.
      const found = await study.propensity({ churn: { days: 700 }, name: "risk" });
      expect(found.method).toBe("recency");
      expect(found.refused).toMatch(/at least 50 customers/);
      expect(found.auc).toBeNaN();
      const recency = (await study.table.column("recency_days")) as Float64Array;
      expect(
        found.probability.every((one, row) => Math.abs(one - Math.min(1, (recency[row] ?? 0) / 700)) < 1e-12),
      ).toBe(true);
      expect(await study.count("risk is missing")).toMatchObject({ in: 0 });
    });
  });
}

describe("propensity", () => {
  test("refuses what makes no sense", async () => {
    const table = await segmenter.load("customer_id,age,plan,left\na,1,x,yes\nb,2,y,no\nc,3,z,no\n");
    const study = table.study();
    expect(await codeOf(study.propensity({}))).toBe("bad-option");
    expect(await codeOf(study.propensity({ outcome: { column: "left" }, churn: { days: 3 } }))).toBe("bad-option");
    expect(await codeOf(study.propensity({ outcome: { column: "nowhere" } }))).toBe("unknown-column");
    expect(await codeOf(study.propensity({ outcome: { column: "plan" } }))).toBe("bad-option");
    expect(await codeOf(study.propensity({ outcome: { column: "left" }, features: ["left"] }))).toBe("bad-option");
    expect(await codeOf(study.propensity({ outcome: { column: "left" }, name: "age" }))).toBe("bad-option");
    expect(await codeOf(study.propensity({ churn: { days: 30 } }))).toBe("missing-role");
    const thin = await study.propensity({ outcome: { column: "left" } });
    expect(thin).toMatchObject({ method: "recency", n: 3, positives: 1, deciles: [], drivers: [] });
    expect(thin.probability.every(Number.isNaN)).toBe(true);
  });

  test("stops when asked to", async () => {
    const rows = Array.from({ length: 5000 }, (_, at) => `c${at},${at % 97},${at % 3 === 0 ? "yes" : "no"}`);
    const study = (await segmenter.load(`id,visits,left\n${rows.join("\n")}\n`)).study();
    const stop = new AbortController();
    const asked = study.propensity({
      outcome: { column: "left" },
      signal: stop.signal,
      onProgress: ({ phase }) => phase === "random forest" && stop.abort(),
    });
    expect(await codeOf(asked)).toBe("AbortError");
    expect(study.recipe.propensities).toBeUndefined();
  });
});
