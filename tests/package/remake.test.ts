// The parts of a recipe, made on a study that is there: each heard of, what is lacking said, the rest made all the same.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSegmenter, remake, type Segmenter, type Study } from "./support/marquetry.js";

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter({ worker: "none" });
});
afterAll(() => segmenter.close());

const shop = (spent: string): string =>
  [`customer_id,city,${spent}`, ...Array.from({ length: 60 }, (_, id) => `c${id},${"AB"[id % 2]},${id * 3}`)].join(
    "\n",
  );

async function study(spent: string): Promise<Study> {
  const table = await segmenter.load(shop(spent), { name: "shop.csv" });
  return table.study();
}

async function saved() {
  const before = await study("spent");
  await before.tiers("Worth", [
    { name: "much", rule: "spent >= 120" },
    { name: "some", rule: "spent >= 30" },
  ]);
  await before.segment("Much of A", "Worth = 'much' and city = 'A'");
  await before.segment("Of B", "city = 'B'");
  return before.recipe;
}

test("every part is heard of, and all is as it was", async () => {
  const after = await study("spent");
  const made: string[] = [];
  const found = await remake(after, await saved(), {}, async (one) => {
    await one.make();
    made.push(`${one.kind} ${one.part}`);
  });
  expect(found).toEqual({ skipped: [], lacking: [], parts: 3 });
  expect(made).toEqual(["grouping Worth", "segment Much of A", "segment Of B"]);
  expect((after.recipe.segments as { name: string }[]).map(({ name }) => name)).toEqual(["Much of A", "Of B"]);
});

test("what lacks a column is told, also through what it asks for; the rest stands", async () => {
  const after = await study("umsatz");
  const recipe = await saved();
  const first = await remake(after, recipe);
  expect(first.lacking.map(({ column, parts }) => [column, parts])).toEqual([["spent", ["Worth", "Much of A"]]]);
  const mapped = await remake(after, recipe, { mapping: { spent: "umsatz" }, done: ["Of B"] });
  expect(mapped).toMatchObject({ skipped: [], lacking: [] });
  const other = await remake(await study("umsatz"), recipe, { skip: ["spent"] });
  expect(other.lacking).toEqual([]);
  expect(other.skipped.map(({ part }) => part)).toEqual(["Worth", "Much of A"]);
});
