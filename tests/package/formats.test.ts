// Rules from and to other systems, and templates, through the package.
import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf, createSegmenter, type Segmenter, type Study, type Table } from "./support/marquetry.js";

const customers = `id,Total Spent,country,Tags,last_order
c1,100,DE,VIP; press,2026-03-30
c2,200,DE,vip,2025-03-30
c3,,AT,press,2026-01-01
c4,50,FR,,2024-12-31
c5,300,DE,vip; new,2025-12-31
c6,20,,new,
`;

let segmenter: Segmenter;
let table: Table;
let study: Study;
beforeAll(async () => {
  segmenter = await createSegmenter();
  table = await segmenter.load(customers);
  study = table.study({ referenceDate: "2026-03-31" });
});
afterAll(() => segmenter.close());

test("a Shopify query uses this table's columns, and says what means something else there", async () => {
  const query =
    "amount_spent < 100 AND customer_tags NOT CONTAINS 'VIP' AND shopify_email.opened MATCHES (date > -30d)";
  const { rule, text, unsupported, notes } = await segmenter.importRule("shopify", query, { columns: table.columns });
  expect(text).toBe(
    `"Total Spent" < 100 treat missing as 0 and Tags none of ('VIP') ignoring case treat missing as true`,
  );
  expect(unsupported).toHaveLength(1);
  expect(unsupported[0]).toContain("shopify_email.opened MATCHES (date > -30d): ");
  expect(notes.join(" ")).toContain("is 0 in Shopify");
  expect(await study.count(rule)).toMatchObject({ in: 3, out: 3, unknown: 0 });
});

test("JsonLogic goes out and comes in with the same members", async () => {
  const segment = await study.segment("some", `not "Total Spent" > 150 or Tags any of ('new')`);
  const members = [...(await segment.members())];
  for (const format of ["jsonlogic", "mongodb"] as const) {
    const written = await segment.to(format);
    const { rule, unsupported } = await segmenter.importRule(format, written, { columns: table.columns });
    expect(unsupported).toEqual([]);
    const again = await study.segment("again", rule);
    expect([...(await again.members())]).toEqual(members);
    expect(again.counts.unknown).toBe(0);
  }
  expect(await segment.to("cel")).toContain('"Total Spent" in customer');
});

test("days back go out as the days they mean", async () => {
  const segment = await study.segment("lately", "last_order in last 90 days");
  expect(await segment.to("mongodb")).toEqual({
    $and: [{ last_order: { $gte: "2026-01-01" } }, { last_order: { $lte: "2026-03-31" } }],
  });
});

test("what a format cannot say is an error that names all of it", async () => {
  const segment = await study.segment("top", `"Total Spent" in top 2 and country = 'DE' ignoring case`);
  expect(await codeOf(segment.to("react-querybuilder"))).toBe("unsupported");
  await expect(segment.to("react-querybuilder")).rejects.toThrow(/in top 2.*ignoring case/);
  expect(await codeOf(segmenter.importRule("shopify", "amount_spent >"))).toBe("rule-syntax");
});

test("templates are rules of this table, or say what it lacks", async () => {
  const templates = await study.templates();
  const offered = templates.filter(({ rule }) => rule !== undefined);
  expect(offered.map(({ id }) => id)).toContain("home-market");
  expect(templates.find(({ id }) => id === "home-market")).toMatchObject({
    kind: "geographic",
    rule: "country = 'DE'",
    columns: ["country"],
    missing: [],
  });
  expect(templates.find(({ id }) => id === "young")).toMatchObject({ columns: [], missing: ["the age"] });
  for (const { rule } of offered) {
    const counts = await study.count(rule ?? "");
    expect(counts.in + counts.out + counts.unknown).toBe(6);
  }
});

test.each(["__proto__", "constructor"])("a column may be called %s", async (name) => {
  const rows = Array.from({ length: 30 }, (_, row) => `c${row},${row * 3}`).join("\n");
  const source = `id,${name}\n${rows}\n`;
  const own = await segmenter.load(source, { columns: Object.fromEntries([[name, { role: "amount" }]]) });
  const asked = own.study();
  expect((await asked.templates()).filter(({ rule }) => rule !== undefined).length).toBeGreaterThan(0);
  const again = await segmenter.replay(asked.recipe, source);
  expect(again.table.columns.map((column) => column.role)).toEqual(["customer-id", "amount"]);
  const { table: mended } = await own.repair([{ code: "use-decimal", column: name, choice: "," }]);
  expect(mended.columns[1]).toMatchObject({ name, type: "number", role: "amount" });
});
