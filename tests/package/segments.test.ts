// Segments that depend on each other and on orders, parameters, exclusion, tiers for everyone, snapshots; and all of it replayed.
import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf, createSegmenter, type Segmenter, type Study, type Table } from "./support/marquetry.js";

const CUSTOMERS = `customer_id,email,age,city
c1,Ann@example.org,30,Rome
c2,bob@example.org,40,Oslo
c3,cy@example.org,,Rome
c4,di@example.org,50,Bonn
c5,ed@example.org,60,Rome
`;
const ORDERS = `order_id,customer_id,order_date,amount,category
o1,c1,2026-01-05,10,tea
o1,c1,2026-01-05,20,mug
o2,c1,2026-03-20,30,tea
o3,c2,2026-03-01,40,tea
o4,c2,2026-03-03,50,ink
o5,c9,2026-03-04,60,tea
`;

let segmenter: Segmenter;
let orders: Table;
beforeAll(async () => {
  segmenter = await createSegmenter();
  orders = await segmenter.load(ORDERS);
});
afterAll(() => segmenter.close());

async function open(parameters = {}): Promise<Study> {
  const table = await segmenter.load(CUSTOMERS);
  return table.study({ referenceDate: "2026-03-31", orders, parameters });
}

const rows = async (of: { members(): Promise<Uint32Array> }) => [...(await of.members())];

test("orders are joined, and what belongs to nobody is told", async () => {
  const study = await open();
  const regulars = await study.segment("Regulars", "count(orders where amount >= 30 in last 31 days) >= 1");
  expect(await rows(regulars)).toEqual([0, 1]);
  const [orphans] = await study.findings();
  expect(orphans).toMatchObject({ code: "orphan-rows", rows: 1, column: "customer_id" });
  expect(orphans?.examples).toEqual([{ row: 6, value: "c9" }]);
});

test("customers know the orders that they were folded from, until these are closed", async () => {
  const lines = await segmenter.load(ORDERS);
  const customers = await lines.customers();
  const study = customers.study();
  expect((await study.count("count(orders) = frequency")).in).toBe(customers.rowCount);
  await lines.close();
  // The study has them; a later one does not.
  expect((await study.count("ever(orders where category = 'ink')")).in).toBe(1);
  expect(await codeOf(customers.study().count("ever(orders)"))).toBe("rule-type");
});

test("segments refer to each other and follow", async () => {
  const study = await open({ least: 40 });
  const rome = await study.segment("Rome", "city = 'Rome'");
  const older = await study.segment("Older", "in segment 'Rome' and age >= :least");
  expect(await rows(older)).toEqual([4]);
  await expect(rome.update("in segment 'Older'")).rejects.toMatchObject({
    code: "rule-cycle",
    message: expect.stringContaining("Rome → Older → Rome"),
  });
  await rome.update("city != 'Rome'");
  expect(await rows(older)).toEqual([1, 3]);
  expect(older.counts.in).toBe(2);
  await study.setParameters({ least: 45 });
  expect([older.counts.in, study.parameters]).toEqual([1, { least: 45 }]);
  expect(await codeOf(study.setParameters({ least: "many" }))).toBe("rule-type");
  expect([older.counts.in, study.parameters]).toEqual([1, { least: 45 }]);
  await rome.rename("Elsewhere");
  expect([rome.name, older.text]).toEqual(["Elsewhere", "in segment 'Elsewhere' and age >= :least"]);
  expect(await codeOf(rome.remove())).toBe("bad-option");
});

test("excluded customers are in no segment, tier or file, and the rule goes on counting everyone", async () => {
  const study = await open();
  const rome = await study.segment("Rome", "city = 'Rome'");
  expect(await study.exclude("count(orders) > 1")).toMatchObject({ rows: 2, text: "count(orders) > 1" });
  expect([await rows(rome), rome.counts.in, rome.counts.excluded]).toEqual([[2, 4], 3, 1]);
  const tiers = await study.tiers("Where", [{ name: "South", rule: "city = 'Rome'" }], { everyoneElse: "North" });
  expect([tiers.labels, tiers.sizes]).toEqual([
    ["South", "North"],
    [2, 1],
  ]);
  const members = await (await study.export({ what: "members", segments: [rome] })).text();
  expect(members.trim().split(/\r?\n/).slice(1)).toEqual(["c3,yes", "c5,yes"]);
  const list = await segmenter.load("email\n ED@example.org\nnobody@example.org\n");
  expect(await study.exclude(list)).toEqual({ rows: 1, column: "email", listed: 2, missing: 1 });
  expect(await rows(rome)).toEqual([0, 2]);
  expect(JSON.stringify(study.recipe)).not.toContain("nobody");
  expect(await study.exclude(null)).toBe(null);
  expect([await rows(rome), rome.counts.excluded]).toEqual([[0, 2, 4], undefined]);
});

test("a snapshot is restored in another file, and a recipe replays all of it", async () => {
  const study = await open({ least: 35 });
  const rome = await study.segment("Rome", "city = 'Rome'");
  const snapshot = JSON.parse(JSON.stringify(await rome.snapshot()));
  expect(snapshot).toMatchObject({ name: "Rome", date: "2026-03-31", n: 3, withoutKey: 0, keys: ["c1", "c3", "c5"] });
  expect(snapshot.fingerprint.data).toMatch(/^[0-9a-f]{64}$/);
  const then = await study.restore(snapshot, { name: "Rome in March" });
  expect([then.found, then.missing, then.text]).toEqual([3, 0, '"Rome in March" = true']);
  // It is no matter what the recipe makes first.
  const older = await study.segment("Older", "age > :least");
  await older.update("in segment 'Loyal' and age > :least").catch(() => undefined);
  await study.segment("Loyal", "in segment 'Rome in March' and not never(orders)");
  await older.update("in segment 'Loyal' or age > :least");
  await study.tiers("Where", [{ name: "Loyal", rule: "in segment 'Loyal'" }], { everyoneElse: "Others" });
  await study.exclude("in segment 'Loyal' and age > 100");
  const recipe = JSON.parse(JSON.stringify(study.recipe));

  const later = "customer_id,email,years,city\nc1,a@x.org,31,Oslo\nc3,c@x.org,20,Oslo\nc7,d@x.org,70,Rome\n";
  const again = await segmenter.replay(recipe, later, { mapping: { age: "years" }, orders });
  expect(again.skipped).toEqual([]);
  expect(again.parameters).toEqual({ least: 35 });
  expect((await again.count("in segment 'Loyal'")).in).toBe(1);
  expect((await again.count("in segment 'Older'")).in).toBe(2);
  expect((await again.count("Where = 'Others'")).in).toBe(2);
  const saved = again.recipe as unknown as { segments: { name: string; text: string }[]; exclude: { text: string } };
  expect(saved.segments.find(({ name }) => name === "Older")?.text).toBe("in segment 'Loyal' or years > :least");
  expect(saved.exclude.text).toBe("in segment 'Loyal' and years > 100");
});
