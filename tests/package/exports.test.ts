import { afterAll, describe, expect, test } from "vitest";
import { codeOf, createSegmenter, places, type Segmenter } from "./support/marquetry.js";

const HEADER =
  "Name,Email,Financial Status,Accepts Marketing,Currency,Total,Discount Code,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Zip,Cancelled at,Refunded Amount,Id,Tags,Phone";

interface Truth {
  orders: number;
  cents: number;
  last: string;
}

/** An order export of Shopify: fields of the order on its first line only, apostrophes, zones, refunds, cancelled orders. */
function shopify(orders: number): { file: string; truth: Map<string, Truth> } {
  const truth = new Map<string, Truth>();
  const lines = [HEADER];
  const money = (cents: number): string => (cents / 100).toFixed(2);
  for (let at = 0; at < orders; at++) {
    const customer = (at * at) % 17;
    const email = `anna.${customer}@example.org`;
    const date = new Date(Date.UTC(2026, 0, 1 + ((at * 7) % 90), 22, 30));
    // As a clock two hours ahead says it: the next day.
    const local = new Date(date.getTime() + 7_200_000).toISOString();
    const created = `${local.slice(0, 10)} ${local.slice(11, 19)} +0200`;
    const total = 1_000 + ((at * 331) % 5_000);
    const refund = at % 5 === 0 ? 250 : 0;
    const cancelled = at % 9 === 4;
    for (let line = 0; line <= at % 3; line++) {
      const own = (text: string): string => (line === 0 ? text : "");
      lines.push(
        [
          `#${1001 + at}`,
          own(at % 4 === 0 ? email.toUpperCase() : email),
          own("paid"),
          own("yes"),
          own("EUR"),
          own(money(total)),
          "",
          created,
          "1",
          '"Tea ""No. 7"", loose\nleaf"',
          "4.95",
          own("'01067"),
          own(cancelled ? created : ""),
          own(money(refund)),
          own(`'49015${1_000_000 + at}`),
          own('"new, gift"'),
          own(`'+3161234${1000 + customer}`),
        ].join(","),
      );
    }
    const known = truth.get(email) ?? { orders: 0, cents: 0, last: "" };
    truth.set(email, known);
    if (cancelled) continue;
    known.orders += 1;
    known.cents += total - refund;
    const day = date.toISOString().slice(0, 10);
    if (day > known.last) known.last = day;
  }
  return { file: `${lines.join("\n")}\n`, truth };
}

describe.each(places)("exports of known systems, read in %s", (_, options) => {
  let segmenter: Segmenter;
  afterAll(() => segmenter.close());

  test("Shopify's orders become the right customers", async () => {
    segmenter = await createSegmenter(options);
    const { file, truth } = shopify(200);
    const table = await segmenter.load(file);
    expect(table.kind).toBe("orders");
    expect(table.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["known-export", "order-lines", "apostrophes"]),
    );
    const [first] = await table.rows({ limit: 1, columns: ["Tags", "Billing Zip", "Phone", "Id"] });
    expect(first).toEqual([["new", "gift"], "01067", "+31612341000", "490151000000"]);
    expect((await table.column("Tags"))[0]).toBe("new, gift");
    expect(await table.rows({ raw: true, limit: 1, columns: ["Id"] })).toEqual([["'490151000000"]]);
    const customers = await table.customers();
    const found = await customers.rows({ columns: ["Email", "frequency", "monetary", "last_order"] });
    const sorted = (rows: unknown[][]): unknown[][] => rows.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
    const expected = [...truth].map(([email, { orders, cents, last }]) => [
      email,
      orders,
      cents / 100,
      last === "" ? null : last,
    ]);
    expect(sorted(found)).toEqual(sorted(expected));
    await table.close();
  });

  test("lists are lists in rows, rules and columns", async () => {
    const table = await segmenter.load('id,tags\na,"vip, new"\nb,new\nc,\nd,"old, vip"\n');
    expect(table.columns[1]?.type).toBe("list");
    expect(await table.rows({ columns: ["tags"] })).toEqual([[["vip", "new"]], [["new"]], [null], [["old", "vip"]]]);
    expect(await table.column("tags")).toEqual(["vip, new", "new", null, "old, vip"]);
    const study = table.study();
    const counts = await study.count("tags contains 'vip'");
    expect([counts.in, counts.out, counts.unknown]).toEqual([2, 1, 1]);
    const segment = await study.segment("VIP", "tags = 'vip'");
    const blob = await study.export({ what: "rows", segments: [segment], format: "csv" });
    expect(await blob.text()).toContain('"vip, new"');
    expect(await study.profile(segment)).toHaveLength(1);
    await table.close();
  });

  describe("what the study has worked out leaves with the rows", () => {
    /** 120 customers with one to five orders each. */
    const lines = Array.from({ length: 360 }, (_, at) => {
      const day = new Date(Date.UTC(2025, 0, 1 + ((at * at * 7) % 400))).toISOString().slice(0, 10);
      return `c${(at * (at % 5)) % 120},${day},${10 + ((at * 31) % 90)}.5`;
    });
    const rows = (csv: string): string[][] =>
      csv
        .trimEnd()
        .split("\r\n")
        .map((line) => line.split(";"));

    test("value, probabilities and stages, in a table that was folded", async () => {
      const orders = await segmenter.load(["customer_id,order_date,amount", ...lines].join("\n"));
      const customers = await orders.customers();
      const study = customers.study();
      const model = await study.value();
      const { column, probability } = await study.propensity({ churn: { days: 60 } });
      const stages = await study.stages();
      const columns = ["p_alive", "customer_id", "next_order", column, "Stages"];
      const blob = await study.export({ what: "rows", segments: [], columns, delimiter: ";", decimal: "," });
      const [header, ...found] = rows(await blob.text());
      expect(header).toEqual(["customer_id", "p_alive", "next_order", column, "Stages"]);
      expect(found).toHaveLength(customers.rowCount);
      const groups = await stages.assignments();
      const number = (cell: string | undefined): number => Number(cell?.replace(",", "."));
      found.forEach(([, alive, next, risk, stage], row) => {
        expect(number(alive)).toBe(model.pAlive[row]);
        const day = model.nextOrder[row] as number;
        expect(next).toBe(day === -2147483648 ? "" : new Date(day * 864e5).toISOString().slice(0, 10));
        expect(number(risk)).toBe(probability[row]);
        expect(stage).toBe(stages.labels[groups[row] as number]);
      });
      const few = await study.segment("Few", "p_alive < 0.5");
      const members = await study.export({ what: "members", segments: [few], columns: ["expected_orders"] });
      expect(rows(await members.text())).toHaveLength(few.counts.in + 1);
      const scored = await study.rfm();
      const both = await study.export({ what: "rows", segments: [scored], columns: ["recency_score"] });
      const [names = ""] = (await both.text()).split("\r\n");
      expect(names.split(",").filter((name) => name === "recency_score")).toHaveLength(1);
      expect(await codeOf(study.export({ what: "rows", columns: ["p_aliv"] }))).toBe("unknown-column");
    });

    test("a probability beside the cells of a file, as they stand in it", async () => {
      const people = Array.from({ length: 200 }, (_, at) => `0${at},${at % 7},${(at * 13) % 5 > 1 ? "yes" : "no"}`);
      const table = await segmenter.load(["customer_id,visits,left", ...people].join("\n"));
      const study = table.study();
      const found = await study.propensity({ outcome: { column: "left", positive: true } });
      const blob = await study.export({ what: "rows", columns: ["customer_id", found.column], delimiter: ";" });
      const [, ...written] = rows(await blob.text());
      expect(written.map(([id]) => id)).toEqual(people.map((line) => line.split(",")[0]));
      written.forEach(([, risk], row) => {
        expect(Number(risk)).toBe(found.probability[row]);
      });
    });
  });
});
