// What rules must be able to say: each must-have line of the field as a test under its number, or as a refusal with its reason.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, createSegmenter, type Segmenter, type Study, type Table } from "./support/marquetry.js";

const customers = `id,name,email,country,city,postcode,latitude,longitude,spend,budget,first_order,last_order,seen,birthday,tags,vip,newsletter
c1,Ann,ann@example.org,DE,Berlin,10115,52.53,13.38,100,50,2025-01-10,2026-03-30,2026-03-31T22:30:00Z,1990-04-02,vip; press,yes,subscribed
c2,Bob,BOB@EXAMPLE.ORG,DE,Potsdam,14467,52.40,13.06,200,300,2025-06-01,2026-02-28,2026-03-31T08:00:00Z,1985-02-28,vip,no,unsubscribed
c3,Cid,cid@shop.test,AT,Wien,1010,48.21,16.37,200,,2024-12-31,2025-12-31,2026-03-30T23:59:59Z,1992-02-29,press; staff,no,subscribed
c4,Dora,,FR,Paris,75001,48.86,2.35,,10,2026-03-01,2026-03-02,2026-02-01T00:00:00Z,2000-12-24,,yes,
c5,Eve,eve@example.org,US,,,,,50,40,2026-01-01,2026-01-01,,,staff,,unsubscribed
c6,Flo,flo@shop.test,,Bern,3011,46.95,7.44,400,400,,,2025-03-31T12:00:00Z,1970-04-07,vip; staff; press,no,subscribed
`;
const orders = `customer_id,order_id,order_date,amount,category,product
c1,1,2026-03-30,60,coffee,beans
c1,1,2026-03-30,5,filter,paper
c1,2,2026-03-10,55,coffee,beans
c1,3,2026-02-20,70,coffee,ground
c1,4,2025-01-10,10,tea,green
c2,5,2025-06-01,80,printer,laser
c2,6,2025-06-20,30,ink,black
c2,7,2026-02-28,90,printer,jet
c3,8,2024-12-31,100,printer,laser
c3,9,2025-12-31,100,coffee,beans
c4,10,2026-03-02,20,tea,green
c9,11,2026-03-02,20,tea,green
`;
const REFERENCE = "2026-03-31";

let segmenter: Segmenter;
let table: Table;
let bought: Table;
let study: Study;
beforeAll(async () => {
  segmenter = await createSegmenter();
  table = await segmenter.load(customers, { columns: { vip: { type: "boolean" }, newsletter: { type: "boolean" } } });
  bought = await segmenter.load(orders);
  study = table.study({ referenceDate: REFERENCE, orders: bought, parameters: { least: 150 } });
});
afterAll(() => segmenter.close());

/** The customers in a rule by the digits of their ids, the unknown behind a question mark: "13?5". */
async function said(rule: string, from: Study = study) {
  const unique = `${rule} ${Math.random()}`;
  const segment = await from.segment(unique, rule);
  const members = [...(await segment.members())].map((row) => row + 1).join("");
  const { in: within, out, unknown } = segment.counts;
  expect(within + out + unknown).toBe(table.rowCount);
  await segment.remove();
  const missing = [];
  for (let row = 0; unknown > 0 && row < table.rowCount; row += 1) {
    const one = await from.segment(unique, rule);
    if ((await from.explain(row, one)).unknown === 1) missing.push(row + 1);
    await one.remove();
  }
  return members + (missing.length > 0 ? `?${missing.join("")}` : "");
}

async function each(cases: [string, string][]) {
  const found = [];
  for (const [rule] of cases) found.push([rule, await said(rule).catch((error) => String(error))]);
  expect(found).toEqual(cases);
}

describe("the must-have lines", () => {
  test("1: trees of any depth, 1,000 leaves, segments as parts", async () => {
    const deep = `${"not (vip = true or ".repeat(49)}spend > 100${")".repeat(49)}`;
    const { rule } = await segmenter.parseRule(deep);
    if (rule === undefined) throw new Error("the deep rule was not read");
    expect(await study.count(rule)).toEqual(await study.count(deep));
    expect(await (await study.segment("Deep", rule)).toSQL({ dialect: "duckdb", table: "t", key: "id" })).toContain(
      "NOT",
    );
    const wide = Array.from({ length: 1_000 }, (_, at) => `spend = ${at}`).join(" or ");
    const counts = await study.count(wide);
    expect(counts.children).toHaveLength(1_000);
    expect(counts).toMatchObject({ in: 5, unknown: 1 });
    await study.segment("Rich", "spend >= 200");
    await each([
      ["in segment 'Rich' and country = 'DE'", "2?6"],
      ["not in segment 'Rich'", "15?4"],
    ]);
  });

  test("2: a segment that leads back to itself is refused with the way round", async () => {
    const first = await study.segment("First", "vip = true");
    await study.segment("Second", "in segment 'First' or spend > 1");
    const error = await first.update("in segment 'Second'").catch((error) => error);
    expect(error.code).toBe("rule-cycle");
    expect(error.message).toMatch(/First → Second → First/);
    expect(first.text).toBe("vip = true");
    expect(await codeOf(study.count("in segment 'Nobody'"))).toBe("not-found");
  });

  test("3: texts, each with and without capital letters", async () => {
    await each([
      ["email = 'bob@example.org'", "?4"],
      ["email = 'bob@example.org' ignoring case", "2?4"],
      ["email != 'bob@example.org' ignoring case", "1356?4"],
      ["country in ('DE', 'AT')", "123?6"],
      ["country not in ('de', 'at') ignoring case", "45?6"],
      ["email contains 'EXAMPLE'", "2?4"],
      ["email does not contain 'EXAMPLE' ignoring case", "36?4"],
      ["name starts with 'F'", "6"],
      ["name does not start with 'f' ignoring case", "12345"],
      ["email ends with '.test'", "36?4"],
      ["email does not end with '.TEST' ignoring case", "125?4"],
      ["email matches '^[a-e].*@'", "135?4"],
      ["email not matches '^[a-e]+@' ignoring case", "12356?4"],
      ["name like '_o%'", "24"],
      ["name not like '_O%' ignoring case", "1356"],
      ["email is blank", "4"],
      ["city is not blank", "12346"],
      ["length(city) > 5", "12?5"],
    ]);
  });

  test("4: numbers", async () => {
    await each([
      ["spend = 200", "23?4"],
      ["spend != 200", "156?4"],
      ["spend < 100", "5?4"],
      ["spend <= 100", "15?4"],
      ["spend > 100", "236?4"],
      ["spend >= 100", "1236?4"],
      ["spend between 100 and 200", "123?4"],
      ["spend between 50 and 200 exclusive", "1?4"],
      ["spend is missing", "4"],
      ["spend - budget > 0", "15?34"],
      ["percentile_rank(spend) between 50 and 100", "236?4"],
      ["spend in top 2", "236?4"],
      ["spend in top 20 percent", "6?4"],
      ["spend in bottom 1", "5?4"],
      ["spend > :least", "236?4"],
    ]);
  });

  test("5: dates", async () => {
    await each([
      ["last_order on '2026-03-30'", "1?6"],
      ["last_order before '2026-01-01'", "3?6"],
      ["last_order after '2026-03-01'", "14?6"],
      ["last_order between '2026-01-01' and '2026-02-28'", "25?6"],
      ["seen in last 24 hours", "12?5"],
      ["seen in last 25 hours", "123?5"],
      ["last_order in last 30 days", "14?6"],
      ["last_order in last 5 weeks", "124?6"],
      ["last_order in last 1 month", "14?6"],
      ["last_order in last 1 quarter", "1245?6"],
      ["last_order in last 1 year", "12345?6"],
      ["last_order not in last 30 days", "235?6"],
      ["last_order in this week", "1?6"],
      ["last_order in this month", "14?6"],
      ["last_order in previous month", "2?6"],
      ["last_order in this quarter", "1245?6"],
      ["last_order in previous year", "3?6"],
      ["last_order in this fiscal year from april", "12345?6"],
      ["first_order in previous fiscal quarter from february", "5?6"],
      ["birthday anniversary in next 7 days", "1?5"],
      ["birthday anniversary in next 8 days", "16?5"],
      ["weekday(last_order) = 1", "14?6"],
      ["month(birthday) = 2", "23?5"],
      ["last_order is missing", "6"],
    ]);
  });

  test("6: column against column", async () => {
    await each([
      ["first_order < last_order", "1234?6"],
      ["spend > budget", "15?34"],
      ["spend = budget", "6?34"],
    ]);
  });

  test("7: lists; their separator is found by the reader, or given", async () => {
    expect(table.columns.find((column) => column.name === "tags")?.type).toBe("list");
    const given = await segmenter.load("id,tags\n1,a/b\n2,b\n", { columns: { tags: { separator: "/" } } });
    expect(await given.study().count("tags all of ('a', 'b')")).toMatchObject({ in: 1, out: 1 });
    await each([
      ["tags any of ('press', 'none')", "136?4"],
      ["tags all of ('vip', 'press')", "16?4"],
      ["tags none of ('vip')", "35?4"],
      ["tags exactly ('press', 'vip')", "1?4"],
      ["length(tags) >= 2", "136?4"],
    ]);
  });

  test("8: yes and no with a third answer, in the usual spellings", async () => {
    await each([
      ["vip = true", "14?5"],
      ["not vip = 'yes'", "236?5"],
      ["newsletter = 'subscribed'", "136?4"],
      ["newsletter is missing", "4"],
    ]);
  });

  test("9: country, city, area of postcodes, distance; a table of postcodes is joined to the file before", async () => {
    await each([
      ["country = 'DE' and city = 'Berlin' and postcode starts with '10'", "1"],
      ["distance_km(latitude, longitude, 52.52, 13.405) <= 30", "12?5"],
      ["distance_miles(latitude, longitude, 52.52, 13.405) <= 10", "1?5"],
    ]);
  });

  test("10: what orders come to, with conditions and a window at once", async () => {
    await each([
      ["count(orders where category = 'coffee' and amount > 50 in last 90 days) >= 3", "1"],
      ["count(orders) >= 3", "12"],
      ["count(lines) = 5", "1"],
      ["sum(amount of orders in this year) >= 90", "12"],
      ["avg(amount of orders) > 60", "23?56"],
      ["min(amount of orders) < 10", "1?56"],
      ["max(order_date of orders) >= '2026-03-01'", "14?56"],
      ["distinct(product of orders) >= 3", "12"],
      ["first(category of orders) = 'printer'", "23?56"],
      ["last(category of orders) = 'coffee'", "3?56"],
      ["most_frequent(category of orders) = 'coffee'", "13?56"],
      ["list(category of orders) all of ('printer', 'ink')", "2?56"],
      ["days_active(orders) >= 4", "1"],
    ]);
  });

  test("11: never is zero times, and holds for customers without any order", async () => {
    await each([
      ["never(orders where category = 'coffee')", "2456"],
      ["count(orders where category = 'coffee') = 0", "2456"],
      ["count(orders in last 30 days) = 0", "2356"],
    ]);
  });

  test("12: one thing more often than another, and the nth", async () => {
    await each([
      ["count(orders where category = 'coffee') > count(orders where category != 'coffee')", "1"],
      ["count(lines where category = 'printer') / count(lines) > 0.5", "2?56"],
      ["nth(2, order_date of orders) = '2025-06-20'", "2?456"],
    ]);
  });

  test("13: one thing and then another, or not", async () => {
    await each([
      ["sequence(orders where category = 'printer' then orders where category = 'ink' within 30 days)", "2"],
      ["sequence(orders where category = 'printer' then not orders where category = 'ink' within 30 days)", "23"],
      ["sequence(orders then orders within 30 days with same product)", "1"],
    ]);
  });

  test("14: any days in a row", async () => {
    await each([
      ["count(orders in any 40 days) >= 3", "1"],
      ["count(orders in any 20 days) >= 2", "12"],
      ["count(orders in any 19 days) >= 2", "1"],
      ["count(orders in any 18 days) >= 2", ""],
    ]);
  });

  test("15: what is missing is treated as the text says, and counted", async () => {
    await each([
      ["spend < 60 treat missing as 0", "45"],
      ["spend < 60 treat missing as true", "45"],
      ["spend < 60 treat missing as false", "5"],
    ]);
    expect(await study.count("spend < 60 treat missing as 0")).toMatchObject({ unknown: 0, treated: 1 });
  });

  test("16: a rule and its opposite part the customers", async () => {
    for (const rule of [
      "spend > 100",
      "tags any of ('vip')",
      "spend in top 2",
      "count(orders) > 1",
      "email like '%o%'",
    ]) {
      const [is, isNot] = [await study.count(rule), await study.count(`not (${rule})`)];
      expect([isNot.in, isNot.out, isNot.unknown]).toEqual([is.out, is.in, is.unknown]);
    }
  });

  test("17: one reference date; times are UTC, another zone is refused", async () => {
    const later = table.study({ referenceDate: "2026-05-31", orders: bought });
    expect(await said("last_order in last 90 days", later)).toBe("1?6");
    const again = table.study({ referenceDate: REFERENCE, orders: bought });
    expect(await again.count("last_order in last 90 days")).toEqual(await study.count("last_order in last 90 days"));
    expect(() => table.study({ zone: "Europe/Berlin" })).toThrow(expect.objectContaining({ code: "unsupported" }));
  });

  test("18: an exclusion applies after every segment, and says how many it took out", async () => {
    const apart = table.study({ referenceDate: REFERENCE, orders: bought });
    const segment = await apart.segment("Rich", "spend >= 100");
    await apart.exclude("newsletter = false");
    expect([...(await segment.members())]).toEqual([0, 2, 5]);
    expect(await apart.count("spend >= 100")).toMatchObject({ in: 4, excluded: 1 });
    await apart.exclude(null);
    expect([...(await segment.members())]).toEqual([0, 1, 2, 5]);
  });

  test("19: the greatest of each group, ties decided by a column", async () => {
    await each([
      ["spend in top 1 per country", "2356?4"],
      ["spend in top 2 ties by id", "26?4"],
    ]);
  });

  test("20: tiers, and everyone else", async () => {
    const tiers = await study.tiers(
      "Levels",
      [
        { name: "High", rule: "spend >= 200" },
        { name: "Buyers", rule: "count(orders) > 0" },
      ],
      { everyoneElse: "Others" },
    );
    expect(tiers.labels).toEqual(["High", "Buyers", "Others"]);
    expect(tiers.sizes).toEqual([3, 2, 1]);
  });

  test("21: a share at random that is the same in every file", async () => {
    const big = await segmenter.load(`id\n${Array.from({ length: 2_000 }, (_, at) => `k${at}`).join("\n")}`);
    const more = await segmenter.load(`id\n${Array.from({ length: 3_000 }, (_, at) => `k${2_999 - at}`).join("\n")}`);
    const members = async (from: Table) => {
      const segment = await from.study().segment("Tenth", "random(id, 'spring') < 10");
      const ids = (await from.column("id")) as string[];
      return new Set([...(await segment.members())].map((row) => ids[row]));
    };
    const [few, many] = [await members(big), await members(more)];
    expect(few.size).toBeGreaterThan(150);
    expect(few.size).toBeLessThan(250);
    for (const id of few) expect(many.has(id)).toBe(true);
  });

  test("22: a snapshot keeps its customers", async () => {
    const segment = await study.segment("Now", "spend >= 200");
    const snapshot = await segment.snapshot();
    expect(snapshot).toMatchObject({ name: "Now", text: "spend >= 200", n: 3, keys: ["c2", "c3", "c6"] });
    expect(snapshot.fingerprint.data).toMatch(/^[0-9a-f]{64}$/);
    expect(snapshot.fingerprint.rule).toMatch(/^[0-9a-f]{64}$/);
    const next = await segmenter.load("id,spend\nc7,900\nc6,1\nc2,1\n");
    const restored = await next.study().restore(snapshot);
    expect([...(await restored.members())]).toEqual([1, 2]);
  });

  test("23: text, JSON and back, and a mistake has its place", async () => {
    const text = "spend > 100 and (country in ('DE', 'AT') or count(orders where category = 'coffee') >= 2)";
    const { rule } = await segmenter.parseRule(text);
    expect(rule).toBeDefined();
    if (rule) expect(await segmenter.formatRule(rule)).toBe(text);
    const { errors } = await segmenter.parseRule("spend > 100 und vip = true");
    expect(errors).toMatchObject([{ at: 12, length: 3 }]);
    expect(errors[0]?.suggestions).toContain("and");
  });

  test("24: foreign rules come in", async () => {
    const { rule, unsupported } = await segmenter.importRule(
      "shopify",
      "amount_spent > 100 AND customer_tags CONTAINS 'vip'",
    );
    expect(unsupported).toEqual([]);
    expect(await segmenter.formatRule(rule)).toContain("amount_spent > 100");
  });

  test("25: counts, share and revenue at every node", async () => {
    const counts = await study.count("vip = true or (spend > 100 and country = 'DE')");
    expect(counts).toMatchObject({ in: 3, out: 1, unknown: 2 });
    expect(counts.children?.[1]?.children?.map((child) => child.in)).toEqual([3, 2]);
    const withAmount = await segmenter.load("id,revenue\n1,5\n2,10\n3,\n");
    expect(await withAmount.study().count("revenue > 5 or revenue is missing")).toMatchObject({
      revenue: 10,
      children: [{ revenue: 10 }, { revenue: 0 }],
    });
  });

  test("26: overlap of many segments", async () => {
    const apart = table.study({ referenceDate: REFERENCE, orders: bought });
    for (let at = 0; at < 20; at += 1) await apart.segment(`S${at}`, `spend >= ${at * 20}`);
    const overlap = await apart.overlap();
    expect(overlap.pairs).toHaveLength((20 * 19) / 2);
    expect(overlap.pairs[0]).toMatchObject({ a: 0, b: 1, both: 5, jaccard: 1 });
    expect(overlap.intersections.reduce((sum, set) => sum + set.count, overlap.none)).toBe(6);
  });

  test("30: why one customer is in, out or unknown", async () => {
    const segment = await study.segment("Why", "spend > 100 and country = 'DE'");
    const why = await study.explain(3, segment);
    expect(why).toMatchObject({ in: 0, out: 1, unknown: 0 });
    expect(why.children).toMatchObject([{ unknown: 1 }, { out: 1 }]);
  });
});

test("what is no name, no text and no row is refused before the engine sees it, which goes on", async () => {
  const wrong = 5 as unknown as string;
  expect(await codeOf(study.segment(wrong, "spend > 1"))).toBe("bad-option");
  expect(await codeOf(study.tiers(wrong, []))).toBe("bad-option");
  expect(await codeOf(study.tiers("Odd", [], { everyoneElse: wrong }))).toBe("bad-option");
  expect(await codeOf(segmenter.parseRule(wrong))).toBe("bad-option");
  const segment = await study.segment("Fine", "spend > 1");
  expect(await codeOf(segment.rename(wrong))).toBe("bad-option");
  for (const row of [Number.NaN, -1, 1.5, 6]) expect(await codeOf(study.explain(row, segment))).toBe("bad-option");
  expect((await study.count("in segment 'Fine'")).in).toBe(5);
});
