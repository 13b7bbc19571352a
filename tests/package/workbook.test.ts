import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { codeOf, createSegmenter, loadWorkbook, places, type Segmenter, sharedFile } from "./support/marquetry.js";
import { smallEngine } from "./support/small-engine.js";
import { text, value, workbook } from "./support/workbooks.js";

const head = text("customer") + text("amount") + text("first order") + text("subscribed");
const orders = workbook([
  { name: "Notes", rows: [text("Exported for you"), text("by the shop")] },
  {
    name: "Orders",
    rows: [
      head,
      text("Zoë, “Köln”") + value(12.5) + value(45_000, 's="1"') + value(1, 't="b"'),
      text("007") + value("#N/A", 't="e"') + value(45_001, 's="1"') + value(0, 't="b"'),
      text("José") + value(1_234.125) + value(45_002, 's="1"') + value(1, 't="b"'),
    ],
  },
  { name: "Old", hidden: true, rows: [text("a"), value(1)] },
]);

/** A file of the old container, with or without a password. */
function old(name: string): Uint8Array {
  const wide = Buffer.from(name, "utf16le");
  return new Uint8Array(Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(512), wide]));
}

describe.each(places)("workbooks, read in %s", (_, options) => {
  let segmenter: Segmenter;
  afterAll(() => segmenter.close());

  test("a sheet becomes a table with its types, its own cells and its findings", async () => {
    segmenter = await createSegmenter(options);
    const table = await segmenter.load(new Blob([orders]), { sheet: "Orders", name: "orders.xlsx" });
    expect(table.dialect).toMatchObject({ format: "xlsx", encoding: "utf-8", header: true, decimal: "." });
    expect(table.columns.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      "customer: text",
      "amount: number",
      "first order: date",
      "subscribed: boolean",
    ]);
    expect(await table.rows()).toEqual([
      ["Zoë, “Köln”", 12.5, "2023-03-15", true],
      ["007", null, "2023-03-16", false],
      ["José", 1_234.125, "2023-03-17", true],
    ]);
    expect(await table.rows({ raw: true, offset: 1, limit: 1 })).toEqual([["007", "", "2023-03-16", "false"]]);
    expect(table.findings[0]).toMatchObject({
      code: "cell-error",
      rows: 1,
      share: 1 / 3,
      examples: [{ row: 2, value: "#N/A in B3" }],
    });
    expect(table.questions.map(({ code }) => code)).not.toContain("sheet");
    await table.close();
  });

  test("the sheet is a question; hidden ones are listed and not chosen", async () => {
    const preview = await segmenter.preview(orders);
    expect(preview.sheets).toEqual([
      { name: "Notes", visible: true, rows: 2, columns: 1 },
      { name: "Orders", visible: true, rows: 4, columns: 4 },
      { name: "Old", visible: false, rows: 2, columns: 1 },
    ]);
    const found = await segmenter.preview(orders, { sheet: "Orders" });
    expect(found.rows[0]).toEqual(["Zoë, “Köln”", "12.5", "2023-03-15", "true"]);
    expect(found.estimate.rows).toBe(3);
    const table = await segmenter.load(orders, { header: false });
    const question = table.questions.find(({ code }) => code === "sheet");
    expect(question).toMatchObject({ choices: ["Notes", "Orders", "Old"], taken: "Notes" });
    expect(question?.evidence).toContain("Orders (4 × 4)");
    expect((await segmenter.load(orders, { sheet: 1 })).rowCount).toBe(3);
    expect(await codeOf(segmenter.load(orders, { sheet: "Order" }))).toBe("not-found");
    expect(await codeOf(segmenter.load(orders, { sheet: 3 }))).toBe("not-found");
  });

  test("days count from 1900 or 1904, and times stand beside them", async () => {
    const rows = [
      text("day") + text("at"),
      ...[0, 1, 2].map((n) => value(42_735 + n, 's="1"') + value(42_735.5 + n, 's="2"')),
    ];
    for (const [epoch1904, first] of [
      [true, "2021-01-01"],
      [false, "2016-12-31"],
    ] as const) {
      const table = await segmenter.load(workbook([{ name: "A", rows }], { epoch1904 }));
      expect(table.columns.map(({ type }) => type)).toEqual(["date", "time"]);
      expect((await table.rows())[0]?.[0]).toBe(first);
      expect((await table.rows({ raw: true }))[0]).toEqual([first, `${first}T12:00:00`]);
    }
  });

  test("what cannot be opened says why", async () => {
    expect(await codeOf(segmenter.load(old("EncryptedPackage")))).toBe("password-protected");
    expect(await codeOf(segmenter.load(old("Workbook")))).toBe("unsupported");
    expect(await codeOf(segmenter.load(orders.slice(0, -40)))).toBe("bad-workbook");
    expect(await codeOf(segmenter.load("a,b\n1,2\n", { format: "xlsx" }))).toBe("bad-workbook");
    expect(await codeOf(segmenter.load(orders, { format: "csv" }))).toBe("not-text");
    expect(await codeOf(segmenter.load(orders, { limits: { bytes: 100 } }))).toBe("limit-exceeded");
  });

  test("the work is told of, and stops when asked", async () => {
    const rows = Array.from({ length: 60_000 }, (_, at) => value(at) + value(at * 0.5));
    const long = new Blob([workbook([{ name: "A", rows }])]);
    const ratios: number[] = [];
    const table = await segmenter.load(long, { onProgress: ({ ratio }) => ratios.push(ratio), header: false });
    expect(table.rowCount).toBe(60_000);
    expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
    const stop = new AbortController();
    const loading = segmenter.load(long, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(await codeOf(loading)).toBe("AbortError");
  });
});

test("the reader of workbooks is fetched for the first of them, and asked for again when that failed", async () => {
  const segmenter = await createSegmenter({ workbook: new URL("file:///nowhere/workbook.wasm") });
  expect((await segmenter.load("a,b\n1,2\n")).rowCount).toBe(1);
  for (let attempt = 0; attempt < 2; attempt++) expect(await codeOf(segmenter.load(orders))).toBe("asset-not-found");
  await segmenter.close();
  const ready = await createSegmenter({ workbook: await loadWorkbook() });
  expect((await ready.load(orders, { sheet: "Orders" })).rowCount).toBe(3);
  await ready.close();
});

test("a workbook that breaks its reader breaks nothing else", async () => {
  const segmenter = await createSegmenter({ workbook: await smallEngine("workbook.wasm") });
  const before = await segmenter.load("a,b\n1,2\n");
  const huge = new Blob([orders, new Uint8Array(32 << 20)]);
  expect(await codeOf(segmenter.load(huge, { format: "xlsx" }))).toBe("bad-workbook");
  expect(await before.rows()).toEqual([[1, 2]]);
  expect((await segmenter.load(orders, { sheet: "Orders" })).rowCount).toBe(3);
  await segmenter.close();
});

test("ok.xlsx of the hostile suite", async () => {
  const path = sharedFile("suites", "xlsx-generated-hostile", "ok.xlsx");
  if (path === undefined) return console.log("skipped: 1 (../shared/suites is absent)");
  const segmenter = await createSegmenter();
  const table = await segmenter.load(readFileSync(path));
  expect(table.rowCount).toBe(1);
  expect(await table.rows({ raw: true })).toEqual([["1", "2.5"]]);
  await segmenter.close();
});
