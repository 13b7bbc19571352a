import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  codeOf,
  createSegmenter,
  dataFile,
  type RfmGrouping,
  type RfmOptions,
  type Segmenter,
  type Study,
  type Table,
} from "./support/marquetry.js";

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter();
});
afterAll(() => segmenter.close());

/** Seeded order lines: many ties, refunds, orders of nothing, cancelled and test orders. */
function shop(): string {
  let state = 20_261_122;
  const below = (count: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  const lines = ["customer_id,order_id,order_date,amount,cancelled,source"];
  for (let order = 1; order <= 3000; order++) {
    const customer = Math.floor((900 * below(1000) * below(1000)) / 1e6);
    const day = new Date(Date.UTC(2025, 0, 1) + below(700) * 864e5).toISOString().slice(0, 10);
    const amount = below(20) === 0 ? -below(50) : below(25) === 0 ? 0 : (1 + below(40_000)) / 100;
    const [cancelled, source] = [below(40) === 0 ? "yes" : "no", below(50) === 0 ? "test" : "web"];
    lines.push(`k${String(customer).padStart(3, "0")},o${order},${day},${amount},${cancelled},${source}`);
  }
  return lines.join("\n");
}

const numbers = async (table: Table, name: string): Promise<number[]> => [
  ...((await table.column(name)) as Float64Array),
];
const finding = (table: Pick<Table, "findings">, code: string) => table.findings.find((one) => one.code === code);
const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);

describe("B31 RFM from raw orders", () => {
  let orders: Table;
  beforeAll(async () => {
    orders = await segmenter.load(shop(), {
      columns: { cancelled: { role: "cancellation", type: "boolean" }, order_id: { role: "order-id" } },
    });
  });

  test("B31 window and what counts as an order: each kind that is left out is told with n and examples", async () => {
    const all = await orders.customers({ referenceDate: "2026-12-01" });
    const strict = await orders.customers({
      referenceDate: "2026-12-01",
      window: { days: 365 },
      counts: { refunds: "ignore", zeroValue: false, test: "source = 'test'" },
    });
    for (const code of ["orders-outside-window", "zero-value-orders", "cancelled-orders", "test-orders"]) {
      const told = finding(strict, code);
      expect(told?.rows, code).toBeGreaterThan(0);
      expect(told?.examples.length, code).toBeGreaterThan(0);
      expect(told?.share, code).toBeGreaterThan(0);
    }
    const kept = await orders.customers({ referenceDate: "2026-12-01", counts: { cancelled: true } });
    const [a, b, c] = await Promise.all([all, strict, kept].map(async (one) => sum(await numbers(one, "frequency"))));
    expect((c as number) - (a as number)).toBeGreaterThan(50);
    expect(b as number).toBeLessThan((a as number) / 1.5);
    expect(Math.max(...(await numbers(strict, "recency_days")).filter(Number.isFinite))).toBeLessThan(365);
    expect(await codeOf(orders.customers({ window: { days: 0 } }))).toBe("bad-option");
    expect(await codeOf(orders.customers({ window: { from: "2026-02-01", to: "2026-01-01" } }))).toBe("bad-option");
    // The recipe says how the lines were folded, and a replay folds them so.
    const before = strict.study();
    await before.rfm();
    expect(before.recipe.fold).toMatchObject({
      window: { days: 365 },
      counts: { refunds: "ignore", zeroValue: false },
    });
    const study = await segmenter.replay(before.recipe, shop());
    expect(await numbers(study.table, "frequency")).toEqual(
      await numbers(
        await orders.customers({
          window: { days: 365 },
          counts: { refunds: "ignore", zeroValue: false, test: "source = 'test'" },
        }),
        "frequency",
      ),
    );
  });

  test("B31 a status in words cancels exactly the orders that it says it of, and is told with n and the words", async () => {
    const words = ["paid", "cancelled", "Storniert", "annulée", "refunded", "pending", "shipped", "cancelado"];
    const rows = words.map((word, at) => `c${at % 2},o${at},2024-01-0${at + 1},${10 + at},${word}`);
    const table = await segmenter.load(["customer_id,order_id,order_date,amount,status", ...rows].join("\n"));
    expect(table.columns.find(({ name }) => name === "status")?.role).toBe("cancellation");
    const folded = await table.customers();
    // Of c0: paid, Storniert, refunded, shipped. Of c1: cancelled, annulée, pending, cancelado.
    expect(await numbers(folded, "frequency")).toEqual([3, 1]);
    expect(await numbers(folded, "monetary")).toEqual([10 + 14 + 16, 15]);
    const told = finding(folded, "cancelled-orders");
    expect([told?.rows, told?.share]).toEqual([4, 0.5]);
    expect(told?.message).toBe(
      "4 of 8 orders (50.0 %) were cancelled and left out: “status” says “cancelled”, “Storniert”, “annulée”, “cancelado”.",
    );
    const kept = await table.customers({ counts: { cancelled: true } });
    expect(await numbers(kept, "frequency")).toEqual([4, 4]);
    // A column of words that says it of none is told, too, when it was chosen for that.
    const none = await segmenter.load(
      ["customer_id,order_date,amount,state", "a,2024-01-01,5,fine", "b,2024-01-02,6,fine", "a,2024-01-03,6,fine"].join(
        "\n",
      ),
      {
        columns: { state: { role: "cancellation" } },
      },
    );
    const all = await none.customers();
    expect(await numbers(all, "frequency")).toEqual([2, 1]);
    expect(finding(all, "no-cancelled-orders")?.message).toBe(
      "No order counts as cancelled: no value of “state” is a word for it.",
    );
  });

  test("B31 scale 2 to 10, all bands, independent and nested: scores in range, equal values equal, rows in any order", async () => {
    const customers = await orders.customers();
    const [header, ...lines] = shop().split("\n");
    const turned = await (
      await segmenter.load([header, ...lines.reverse()].join("\n"), {
        columns: { cancelled: { role: "cancellation", type: "boolean" }, order_id: { role: "order-id" } },
      })
    ).customers();
    const values = {
      recency: await numbers(customers, "recency_days"),
      frequency: await numbers(customers, "frequency"),
      monetary: await numbers(customers, "monetary"),
    };
    const ids = (await customers.column("customer_id")) as string[];
    const other = new Map(((await turned.column("customer_id")) as string[]).map((id, row) => [id, row]));
    const study = customers.study();
    const again = turned.study();
    let combinations = 0;
    for (const scale of [2, 3, 4, 5, 6, 7, 8, 9, 10]) {
      const rising = (list: number[]): number[] => {
        const sorted = list.filter(Number.isFinite).sort((a, b) => a - b);
        return Array.from(
          { length: scale - 1 },
          (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / scale)] ?? 0,
        );
      };
      const edges = {
        recency: rising(values.recency),
        frequency: rising(values.frequency),
        monetary: rising(values.monetary),
      };
      const ways: RfmOptions[] = [
        { bands: "quantile" },
        { bands: "kmeans" },
        { bands: "fixed", edges },
        { edges: { monetary: edges.monetary } },
        { bands: "quantile", nested: true },
        { bands: "kmeans", nested: true },
      ];
      for (const way of ways) {
        const rfm = await study.rfm({ ...way, scale });
        const theirs = await again.rfm({ ...way, scale });
        combinations += 1;
        for (const axis of ["recency", "frequency", "monetary"] as const) {
          const scores = rfm.scores[axis];
          for (const [row, score] of scores.entries()) {
            const scored = (values.frequency[row] ?? 0) > 0;
            if (scored ? score < 1 || score > scale : score !== 0) throw new Error(`${axis} ${row}: ${score}`);
            if (theirs.scores[axis][other.get(ids[row] as string) as number] !== score)
              throw new Error(`order of rows, ${axis}`);
          }
          // Within each other, equal values are equal among those of the same scores before.
          const before = way.nested
            ? { recency: [], frequency: ["recency"], monetary: ["recency", "frequency"] }[axis]
            : [];
          const known = new Map<string, number>();
          for (const [row, score] of scores.entries()) {
            if (score === 0) continue;
            const key = [...before.map((one) => rfm.scores[one as "recency"][row]), values[axis][row]].join();
            if ((known.get(key) ?? score) !== score)
              throw new Error(`equal values part: ${axis}, scale ${scale}, ${JSON.stringify(way)}`);
            known.set(key, score);
          }
        }
      }
    }
    expect(combinations).toBe(54);
    expect(await codeOf(study.rfm({ scale: 11 }))).toBe("bad-option");
    expect(await codeOf(study.rfm({ bands: "fixed" }))).toBe("bad-option");
  });
});

describe("B32 what is exported", () => {
  test("B32 raw values, scores, edges and groups of every customer leave; groups and who is in none add up", async () => {
    const customers = await (await segmenter.load(shop())).customers();
    const study = customers.study();
    const rfm = await study.rfm();
    const csv = await (await study.export({ what: "rows", format: "csv" })).text();
    const [head, ...rows] = csv.trim().split("\r\n");
    const names = (head as string).split(",");
    for (const name of [
      "recency_days",
      "frequency",
      "monetary",
      "recency_score",
      "frequency_score",
      "monetary_score",
      "RFM",
    ])
      expect(names).toContain(name);
    expect(rows).toHaveLength(customers.rowCount);
    const column = (name: string) => rows.map((row) => row.split(",")[names.indexOf(name)]);
    expect(column("frequency_score").map(Number)).toEqual([...rfm.scores.frequency]);
    for (const [at, label] of rfm.labels.entries())
      expect(column("RFM").filter((one) => one === label)).toHaveLength(rfm.sizes[at] as number);
    const buyers = (await numbers(customers, "frequency")).filter((one) => one > 0).length;
    // Whose only orders were cancelled has not bought yet; who only gave back is in no group.
    const prospects = rfm.sizes[rfm.labels.indexOf("Prospects")] ?? 0;
    expect(prospects).toBeGreaterThan(0);
    expect(sum(rfm.sizes)).toBe(buyers + prospects);
    expect(finding(rfm, "not-scored")?.rows).toBe(customers.rowCount - buyers - prospects);
    const recipe = JSON.parse(await (await study.export({ what: "recipe" })).text());
    expect(recipe.groupings[0].edges).toEqual(rfm.edges);
    // Members are a list to act on: the key and the group.
    const members = await (await study.export({ what: "members", segments: [rfm] })).text();
    expect(members.split("\r\n")[0]).toBe("customer_id,RFM");
  });

  test("B32 SQL has scores and group, and names prospects", async () => {
    const list = await segmenter.load(
      "customer_id,recency_days,frequency,monetary\na,5,3,10\nb,9,1,20\nc,,0,0\nd,30,7,5\n",
    );
    const study = list.study();
    const rfm = await study.rfm({ unscored: "Never bought" });
    expect(rfm.sizes[rfm.labels.indexOf("Never bought")]).toBe(1);
    const sql = await rfm.toSQL({ dialect: "duckdb", table: "customers", key: "customer_id" });
    for (const name of ["recency_score", "frequency_score", "monetary_score", "label", "Never bought"])
      expect(sql).toContain(name);
  });
});

describe("B33 named schemes", () => {
  let study: Study;
  let customers: Table;
  beforeAll(async () => {
    const list = await segmenter.load("customer_id,city\nk001,Ulm\nzz1,Bonn\nzz2,Linz\n");
    customers = await (await segmenter.load(shop())).customers({ attributes: list });
    study = customers.study();
  });

  test("B33 customers of the list without orders are prospects, and all add up", async () => {
    expect(finding(customers, "prospects")?.rows).toBe(2);
    for (const scheme of ["segments-11", "segments-10", "groups-6", "cells"] as const) {
      const rfm = await study.rfm({ scheme });
      // Two of the list, and two whose only orders were cancelled.
      expect(rfm.sizes[rfm.labels.indexOf("Prospects")]).toBe(4);
      const nobody = [...(await rfm.assignments())].filter((group) => group < 0).length;
      expect(sum(rfm.sizes) + nobody).toBe(customers.rowCount);
    }
    await study.rfm();
    expect(await study.count("RFM = 'Prospects' and recency_days is missing")).toMatchObject({ in: 4 });
    const again = await segmenter.replay(study.recipe, shop());
    expect(again.recipe.groupings).toMatchObject([{ unscored: "Prospects" }]);
    const alone = await (await segmenter.load(shop())).customers({
      attributes: await segmenter.load("customer_id,city\nzz1,Bonn\n"),
      prospects: false,
    });
    expect(alone.rowCount).toBe(customers.rowCount - 2);
  });

  test("B33 schemes are lists that can be edited and handed back", async () => {
    const schemes = await study.schemes();
    expect(schemes.map(({ name, groups }) => [name, groups.length])).toEqual([
      ["segments-11", 11],
      ["segments-10", 10],
      ["groups-6", 6],
      ["cells", 125],
    ]);
    for (const { name, groups } of schemes) {
      const built = await study.rfm({ scheme: name as "cells" });
      const assigned = [...(await built.assignments())].map((group) => built.labels[group]);
      const own = await study.rfm({ scheme: groups });
      expect([...(await own.assignments())].map((group) => own.labels[group])).toEqual(assigned);
    }
    const edited = schemes[2]?.groups.map((group) =>
      group.name === "Champions" ? { ...group, name: "Our best" } : group,
    );
    const rfm = await study.rfm({ scheme: edited ?? [] });
    expect(rfm.labels[0]).toBe("Our best");
  });

  test("B33 schemes side by side: cross table and adjusted Rand", async () => {
    const rfm = await study.rfm();
    const found = await study.agreement([rfm, "segments-11", "groups-6", "segments-10"]);
    expect(found.names).toEqual(["RFM", "segments-11", "groups-6", "segments-10"]);
    expect(found.pairs).toHaveLength(6);
    expect(found.pairs[0]).toMatchObject({ a: 0, b: 1, adjustedRand: 1 });
    for (const { a, b, cells, n, without, adjustedRand } of found.pairs) {
      expect(cells.flat().reduce((total, one) => total + one, 0)).toBe(n);
      expect(n + without).toBe(customers.rowCount);
      expect(cells).toHaveLength(found.labels[a]?.length as number);
      expect(cells[0]).toHaveLength(found.labels[b]?.length as number);
      expect(adjustedRand).toBeGreaterThan(0);
    }
    expect(await codeOf(study.agreement(["segments-11"]))).toBe("bad-option");
    expect(await codeOf(study.agreement(["segments-11", "nonsense"]))).toBe("not-found");
  });

  test("concentration: deciles add up, refunds below zero count as nothing and are told", async () => {
    const found = await study.concentration();
    const money = await numbers(customers, "monetary");
    expect(found.column).toBe("monetary");
    expect(found.n + found.missing).toBe(customers.rowCount);
    expect(found.total + found.negative.total).toBeCloseTo(sum(money), 6);
    expect(found.negative.n).toBe(money.filter((one) => one < 0).length);
    expect(sum(found.deciles.map(({ n }) => n))).toBe(found.n);
    expect(sum(found.deciles.map(({ share }) => share))).toBeCloseTo(1, 12);
    expect(found.curve[0]).toEqual({ customers: 0, value: 0 });
    expect(found.curve.at(-1)).toEqual({ customers: 1, value: 1 });
    expect(found.curve.length).toBeLessThanOrEqual(101);
    // Gini from its definition: half the mean of all differences over the mean.
    const values = money.map((one) => Math.max(one, 0));
    const differences = sum(values.map((a) => sum(values.map((b) => Math.abs(a - b)))));
    expect(found.gini).toBeCloseTo(differences / (2 * values.length * sum(values)), 10);
    expect(await codeOf(study.concentration({ column: "city" }))).toBe("wrong-type");
  });
});

describe("B34 ties", () => {
  test("B34 when over half order once, equal values share a score, and the tool says how many bands are possible and why", async () => {
    const rows = Array.from(
      { length: 100 },
      (_, row) => `c${row},${row},${row < 60 ? 1 : row < 90 ? 2 : 3},${row * 10}`,
    );
    const study = (await segmenter.load(`customer_id,recency_days,frequency,monetary\n${rows.join("\n")}\n`)).study();
    const rfm = await study.rfm();
    expect(rfm.possible).toEqual({ recency: 5, frequency: 3, monetary: 5 });
    expect(new Set(rfm.scores.frequency.subarray(0, 60)).size).toBe(1);
    const told = rfm.findings.filter(({ code }) => code === "few-levels");
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ column: "frequency", rows: 60, share: 0.6 });
    expect(told[0]?.message).toContain("3 are possible: there are no more different values.");
  });

  const log = dataFile("CDNOW_sample.txt");
  if (log === undefined) console.log("skipped: 1 (../shared/data is absent)");
  else
    test("B34 CDNOW: order counts are tied, equal counts get equal scores", async () => {
      const orders = await segmenter.load(readFileSync(log), {
        columns: {
          column_2: { type: "text", role: "customer-id" },
          column_3: { role: "date" },
          column_5: { role: "amount" },
        },
      });
      const customers = await orders.customers();
      const frequency = await numbers(customers, "frequency");
      expect(frequency.filter((one) => one === 1).length).toBeGreaterThan(frequency.length / 2);
      for (const bands of ["quantile", "kmeans"] as const) {
        const rfm: RfmGrouping = await customers.study().rfm({ bands });
        const known = new Map<number, number>();
        for (const [row, orders] of frequency.entries()) {
          const score = rfm.scores.frequency[row] as number;
          expect(known.get(orders) ?? score).toBe(score);
          known.set(orders, score);
        }
        expect(rfm.possible.frequency).toBe(5);
      }
    });

  const published = dataFile("rfm_data_orders.csv");
  if (published === undefined) console.log("skipped: 1 (../shared/data is absent)");
  else
    test("B34 R’s package rfm to the count, under the switch", async () => {
      const orders = await segmenter.load(readFileSync(published));
      const customers = await orders.customers({ referenceDate: "2006-12-31" });
      const rfm = await customers.study().rfm({ compatibility: "r-rfm", scheme: "segments-10" });
      expect(rfm.edges.recency).toEqual([115, 181, 297.4, 482].map((edge) => expect.closeTo(edge, 9)));
      expect(rfm.edges.frequency).toEqual([4, 5, 6, 8]);
      expect(rfm.edges.monetary).toEqual([255.8, 382, 506.4, 666].map((edge) => expect.closeTo(edge, 9)));
      const counts = (scores: Uint8Array) =>
        [1, 2, 3, 4, 5].map((score) => scores.filter((one) => one === score).length);
      expect(counts(rfm.scores.recency)).toEqual([197, 200, 199, 199, 200]);
      expect(counts(rfm.scores.frequency)).toEqual([268, 187, 176, 244, 120]);
      expect(counts(rfm.scores.monetary)).toEqual([200, 200, 198, 202, 195]);
      const cells = await customers.study().rfm({ compatibility: "r-rfm", scheme: "cells" });
      const size = (label: string) => cells.sizes[cells.labels.indexOf(label)];
      expect([cells.labels.length, size("555"), size("111")]).toEqual([92, 35, 75]);
      expect(Object.fromEntries(rfm.labels.map((label, at) => [label, rfm.sizes[at]]))).toEqual({
        Champions: 35,
        "Potential loyalists": 342,
        "Loyal customers": 170,
        Promising: 9,
        "New customers": 104,
        "Cannot lose them": 47,
        "At risk": 28,
        "Need attention": 10,
        "About to sleep": 102,
        Lost: 148,
      });
    });
});
