import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, createSegmenter, dataFile, type Segmenter, type Study, type ValueModel } from "./support/marquetry.js";

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter();
});
afterAll(() => segmenter.close());

const log = dataFile("CDNOW_sample.txt");

if (log === undefined) console.log("skipped: 5 (../shared/data is absent)");
else
  describe("value of the CDNOW sample, from its raw log", () => {
    let study: Study;
    let model: ValueModel;
    beforeAll(async () => {
      const orders = await segmenter.load(readFileSync(log), {
        columns: {
          column_2: { type: "text", role: "customer-id" },
          column_3: { role: "date" },
          column_5: { role: "amount" },
        },
      });
      const customers = await orders.customers();
      study = customers.study();
      model = await study.value({ calibrationEnd: "1997-09-30", model: "bg-nbd" });
    });

    test("gives the published parameters, likelihood and check", () => {
      expect(model.model).toBe("bg-nbd");
      expect(model.logLikelihood).toBeCloseTo(-9582.42921, 4);
      for (const [name, value] of Object.entries({ r: 0.242595, alpha: 4.413602, a: 0.792922, b: 2.425907 })) {
        expect((model.parameters[name] ?? 0) / value).toBeCloseTo(1, 4);
      }
      expect(model.standardErrors.alpha).toBeCloseTo(0.378224, 3);
      expect(model.spend?.logLikelihood).toBeCloseTo(-4055.91769, 4);
      expect(model.holdout).toMatchObject({ actual: 1882, days: 273 });
      expect(model.holdout?.expected).toBeCloseTo(1653.409, 2);
      expect([model.customers, model.repeaters]).toEqual([2357, 946]);
    });

    test("says what its model of spending takes for granted, and whether it holds", () => {
      const { correlation, observedMean, assumption } = model.spend ?? {};
      expect([correlation, observedMean]).toEqual([expect.closeTo(0.113888, 6), expect.closeTo(35.07785, 4)]);
      expect(assumption).toBe("holds");
    });

    test("has a figure for every row, which rules and the recipe know", async () => {
      expect(model.pAlive).toHaveLength(2357);
      expect(model.pAlive.reduce((sum, one) => sum + one, 0) / 2357).toBeCloseTo(0.81344, 5);
      const gone = model.pAlive.filter((one) => one < 0.1).length;
      expect(await study.count("p_alive < 0.1")).toMatchObject({ in: gone, unknown: 0 });
      expect(study.recipe.value).toMatchObject({ calibrationEnd: "1997-09-30", model: "bg-nbd" });
    });

    test("B36 lifetime value has an interval, a next order date and a check on months held out", async () => {
      const {
        expectedOrders,
        expectedOrdersLow,
        expectedOrdersHigh,
        lifetimeValue,
        lifetimeValueLow,
        lifetimeValueHigh,
      } = model;
      expect(model.interval).toBe(0.8);
      for (let row = 0; row < 2357; row++) {
        expect(expectedOrdersLow[row]).toBeLessThanOrEqual(expectedOrdersHigh[row] as number);
        expect(lifetimeValueLow[row] as number).toBeLessThanOrEqual(lifetimeValueHigh[row] as number);
      }
      expect(Number.isFinite(lifetimeValue[0])).toBe(true);
      const sum = (list: Float64Array) => list.reduce((total, one) => total + one, 0);
      const { total } = model;
      expect(total.expectedOrders).toBeCloseTo(sum(expectedOrders), 6);
      expect(total.lifetimeValue).toBeCloseTo(sum(lifetimeValue), 4);
      expect(total.low).toBeLessThan(total.lifetimeValue);
      expect(total.high).toBeGreaterThan(total.lifetimeValue);
      // A sum is surer than its parts.
      expect((total.high - total.low) / total.lifetimeValue).toBeLessThan(0.5);
      const end = Date.parse("1997-09-30") / 864e5;
      model.nextOrder.forEach((day, row) => {
        const alive = model.pAlive[row] as number;
        expect(day).toBe(alive < 0.5 ? -2147483648 : Math.round(end + (model.daysToNext[row] as number)));
      });
      const known = model.nextOrder.filter((day) => day !== -2147483648 && day <= end + 90).length;
      expect(await study.count("next_order <= '1997-12-29'")).toMatchObject({ in: known });
      // The tracking plot: week by week, all that came in calibration and hold-out.
      expect(model.trackingDays).toBe(7);
      expect(model.tracking).toHaveLength(78);
      expect(model.tracking.at(-1)).toMatchObject({ day: "1998-06-30", cumulativeActual: 4339 });
      expect(model.holdout?.byRepeats.reduce((all, one) => all + one.customers, 0)).toBe(2357);
    });

    test("B36 historic value is net of refunds", async () => {
      const orders = await segmenter.load(
        "customer_id,order_date,amount\na,2024-01-01,50\na,2024-02-01,-20\nb,2024-01-05,30\nb,2024-03-05,10\n",
      );
      const customers = await orders.customers();
      expect([...((await customers.column("monetary")) as Float64Array)]).toEqual([30, 40]);
    });

    test("takes the likeliest of the three", async () => {
      const best = await study.value({ calibrationEnd: "1997-09-30" });
      expect(best.model).toBe("mbg-nbd");
      expect(best.candidates.map((one) => Math.round(one.logLikelihood * 1000) / 1000)).toEqual([
        -9582.136, -9582.429, -9594.976,
      ]);
    });
  });

describe("value", () => {
  test("is refused with the reason where there are no orders", async () => {
    const table = await segmenter.load("customer_id,age\na,1\nb,2\n");
    expect(await codeOf(table.study().value())).toBe("missing-role");
  });

  test("refuses options that make no sense", async () => {
    const orders = await segmenter.load("customer_id,order_date,amount\na,2024-01-01,5\nb,2024-01-02,6\n");
    const study = (await orders.customers()).study();
    expect(await codeOf(study.value({ horizonDays: -1 }))).toBe("bad-option");
    expect(await codeOf(study.value({ calibrationEnd: "2030-01-01" }))).toBe("bad-date");
    expect(await codeOf(study.value())).toBe("too-few-rows");
  });
});
