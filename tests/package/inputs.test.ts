import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSegmenter, MarquetryError, type Segmenter, type Table } from "./support/marquetry.js";

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter({ worker: "none" });
});
afterAll(() => segmenter.close());

const lines = (header: string, rows: number, row: (index: number) => string): string =>
  `${header}\n${Array.from({ length: rows }, (_, index) => row(index)).join("\n")}\n`;
const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const day = (index: number): string => `2026-01-${String(1 + (index % 28)).padStart(2, "0")}`;

/** The error a promise is rejected with. */
async function failure(promise: Promise<unknown>): Promise<InstanceType<typeof MarquetryError>> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MarquetryError) return error;
  return expect.unreachable(`no typed error: ${String(error)}`);
}

/** A finding as the tests compare it: code, place, n, share and the first example. */
function told(table: Table, code: string) {
  const finding = table.findings.find((found) => found.code === code);
  if (!finding) return expect.unreachable(`no ${code} among ${table.findings.map((found) => found.code).join(", ")}`);
  const { column, rows, share, examples, repair } = finding;
  return { column, rows, share, first: examples[0], repair: repair ?? [] };
}

/** What files are wrong in, each with the way it is told and the way it is mended. */
const inputs: Record<string, () => Promise<void>> = {
  async "an empty file"() {
    const error = await failure(segmenter.load("", { name: "orders.csv" }));
    expect(error.code).toBe("empty-file");
    expect(error.message).toContain("orders.csv");
  },

  async "names without rows"() {
    const error = await failure(segmenter.load("id,city,amount\n"));
    expect(error.code).toBe("no-rows");
    expect(error.message).toContain("3 column names");
    const table = await segmenter.load("id,city,amount\n", { header: false });
    expect(await table.rows()).toEqual([["id", "city", "amount"]]);
  },

  async "a wrong separator"() {
    const text = lines("id;city;amount", 40, (row) => `${row};Ulm;${row}.5`);
    const table = await segmenter.load(text, { delimiter: "," });
    expect(table.columns).toHaveLength(1);
    const [question] = table.questions;
    expect(question).toMatchObject({ code: "delimiter", taken: ",", choices: [";", ","] });
    expect(question?.evidence).toContain("“;”: 2 in each row");
    expect(told(table, "one-column")).toEqual({
      column: undefined,
      rows: 40,
      share: 1,
      first: { row: 1, value: "0;Ulm;0.5" },
      repair: ["use-delimiter"],
    });
    const { table: mended, log } = await table.repair([{ code: "use-delimiter", choice: ";" }]);
    expect([mended.columns.length, log[0]?.rows, table.columns.length]).toEqual([3, 40, 1]);
    expect(mended.findings.map(({ code }) => code)).not.toContain("one-column");
  },

  async "a wrong encoding"() {
    const bytes = latin1(lines("id,name", 50, (row) => `${row},${row % 10 === 4 ? "M\xfcller" : "Meyer"}`));
    const table = await segmenter.load(bytes, { encoding: "utf-8" });
    expect(told(table, "encoding-damage")).toMatchObject({ rows: 5, share: 0.1, first: { row: 5, value: "M�ller" } });
    const question = table.questions.find(({ code }) => code === "encoding");
    expect(question).toMatchObject({ taken: "utf-8", evidence: expect.stringContaining("windows-1252") });
    expect(told(table, "encoding-damage").repair).toEqual(["use-encoding"]);
    const { table: mended, log } = await table.repair([{ code: "use-encoding", choice: "windows-1252" }]);
    expect([log[0]?.rows, log[0]?.examples[0]]).toEqual([5, { row: 5, value: "M�ller", after: "Müller" }]);
    expect(await mended.rows({ offset: 4, limit: 1, columns: ["name"] })).toEqual([["Müller"]]);
  },

  async "ragged rows"() {
    const text = lines("id,address,amount", 100, (row) => `${row},Main St${row % 25 === 9 ? ", 4" : ""},${row}`);
    const table = await segmenter.load(text);
    expect(told(table, "long-rows")).toMatchObject({ rows: 4, share: 0.04, first: { row: 10 } });
    const [code = ""] = told(table, "long-rows").repair;
    const { table: mended, log } = await table.repair([{ code }]);
    expect([code, mended.rowCount, log[0]?.rows]).toEqual(["set-aside-ragged", 96, 4]);
    expect(mended.findings.map((finding) => finding.code)).not.toContain("long-rows");
  },

  async "dates that do not fit"() {
    const text = lines(
      "id,order_date",
      100,
      (row) => `${row},${row === 76 ? "31/02/2026" : `${String(1 + (row % 28)).padStart(2, "0")}/03/2026`}`,
    );
    const table = await segmenter.load(text);
    expect(told(table, "dates-do-not-fit")).toMatchObject({
      column: "order_date",
      rows: 1,
      share: 0.01,
      first: { row: 77, value: "31/02/2026" },
    });
    expect(told(table, "dates-do-not-fit").repair).toEqual(["use-date-order", "drop-missing"]);
    const { table: left, log } = await table.repair([{ code: "drop-missing", column: "order_date" }]);
    expect([left.rowCount, log[0]?.rows, log[0]?.examples[0]?.row]).toEqual([99, 1, 77]);
    expect(left.findings.map(({ code }) => code)).not.toContain("dates-do-not-fit");
    const open = await segmenter.load(
      lines("id,order_date", 100, (row) => `${row},0${1 + (row % 9)}/0${1 + (row % 7)}/2026`),
    );
    const question = open.questions.find(({ code }) => code === "date-order");
    expect(question).toMatchObject({ column: "order_date", choices: ["dmy", "mdy"] });
    expect(question?.evidence).toContain("86 values");
    const chosen = { code: "use-date-order", column: "order_date", choice: "mdy" };
    const { table: mended, log: read } = await open.repair([chosen]);
    expect(read[0]).toMatchObject({ rows: 86, share: 0.86 });
    expect(read[0]?.examples[0]).toEqual({ row: 8, value: "2026-01-08", after: "2026-08-01" });
    expect([mended.questions, mended.repairs, mended.rowCount]).toEqual([[], [chosen], 100]);
  },

  async "two decimal marks"() {
    const text = lines("id;amount", 100, (row) => `${row};${row % 20 === 3 ? `${row},234.50` : `${row}.234,50`}`);
    const table = await segmenter.load(text);
    const question = table.questions.find(({ code }) => code === "decimal");
    expect(question).toMatchObject({ column: "amount", choices: [".", ","], taken: "," });
    expect(question?.evidence).toMatch(/^5 .* 94 /);
    expect(told(table, "mixed-decimals")).toMatchObject({ column: "amount", rows: 5, share: 0.05, first: { row: 4 } });
    expect(told(table, "mixed-decimals").repair).toEqual(["use-decimal"]);
    const chosen = { code: "use-decimal", column: "amount", choice: "." };
    const { table: mended, log } = await table.repair([chosen]);
    expect(told(mended, "mixed-decimals").rows).toBe(94);
    expect([log[0]?.rows, mended.questions]).toEqual([99, []]);
    expect(log[0]?.examples).toContainEqual({ row: 4, value: "", after: "3234.5" });
  },

  async "text among numbers"() {
    const text = lines(
      "id,amount",
      100,
      (row) => `${row},${row % 25 === 8 ? "ask" : row % 50 === 1 ? "n/a" : row * 1.5}`,
    );
    const table = await segmenter.load(text);
    expect(told(table, "type-misfit")).toMatchObject({
      column: "amount",
      rows: 4,
      share: 0.04,
      first: { row: 9, value: "ask" },
    });
    expect(told(table, "missing-values")).toMatchObject({ column: "amount", rows: 2 });
    expect(told(table, "type-misfit").repair).toEqual(["drop-missing", "fill-missing", "use-type"]);
    const { table: filled, log } = await table.repair([{ code: "fill-missing", column: "amount", choice: "0" }]);
    expect([log[0]?.rows, log[0]?.examples[0]]).toEqual([6, { row: 2, value: "", after: "0" }]);
    expect(filled.findings.map(({ code }) => code)).not.toContain("type-misfit");
    const { table: texts } = await table.repair([{ code: "use-type", column: "amount", choice: "text" }]);
    expect(await texts.rows({ offset: 8, limit: 1, columns: ["amount"] })).toEqual([["ask"]]);
    const named = await segmenter.load(text, { missing: ["ask"] });
    expect(named.findings.map((finding) => finding.code)).not.toContain("type-misfit");
  },

  async "ids that come again"() {
    const text = lines("customer_id,city", 100, (row) => `${row < 90 ? row : row - 90},${row < 90 ? "Ulm" : "Bonn"}`);
    const table = await segmenter.load(text);
    expect(table.kind).toBe("customers");
    expect(told(table, "duplicate-ids")).toMatchObject({
      column: "customer_id",
      rows: 10,
      share: 0.1,
      first: { row: 91 },
    });
    expect(told(table, "duplicate-ids").repair).toEqual(["as-orders", "keep-first", "keep-last", "merge"]);
    const { table: orders } = await table.repair([{ code: "as-orders" }]);
    expect([orders.kind, (await orders.customers()).rowCount]).toEqual(["orders", 90]);
    const { table: mended } = await table.repair([{ code: "keep-last", column: "customer_id" }]);
    expect(await mended.rows({ where: "city = 'Bonn'", columns: ["city"] })).toHaveLength(10);
    expect(mended.rowCount).toBe(90);
  },

  async "ids that a spreadsheet rounded"() {
    const text = lines("customer_id,city", 50, (row) => `${row % 5 === 0 ? "4.90151E+12" : `49015${row}`},Ulm`);
    const table = await segmenter.load(text, { columns: { customer_id: { type: "text" } } });
    const finding = table.findings.find(({ code }) => code === "rounded-ids" || code === "scientific-ids");
    expect(finding).toMatchObject({ severity: "error", column: "customer_id", rows: 10, share: 0.2 });
    expect(finding?.examples[0]).toEqual({ row: 1, value: "4.90151E+12" });
    expect(finding?.message).toContain("Export");
    expect(finding?.repair).toEqual(["set-missing"]);
    const { table: mended, log } = await table.repair([{ code: "set-missing", column: "customer_id" }]);
    expect([mended.columns[0]?.missing, log[0]?.rows, table.columns[0]?.missing]).toEqual([10, 10, 0]);
  },

  async "several currencies"() {
    const header = "order_id,customer_id,order_date,amount,currency";
    const text = lines(
      header,
      100,
      (row) => `o${row},c${row % 30},${day(row)},${row},${row % 10 === 0 ? "USD" : "EUR"}`,
    );
    const table = await segmenter.load(text);
    expect(told(table, "mixed-currencies")).toEqual({
      column: "currency",
      rows: 10,
      share: 0.1,
      first: { row: 1, value: "USD" },
      repair: ["keep-currency"],
    });
    const { table: mended } = await table.repair([{ code: "keep-currency", column: "currency", choice: "EUR" }]);
    expect(mended.rowCount).toBe(90);
    // Beside the numbers only the file says which is which.
    const signs = await segmenter.load(
      lines("id;price", 100, (row) => `${row};${row % 10 === 0 ? "$" : "€"} ${row + 1},50`),
    );
    expect(told(signs, "mixed-currencies")).toEqual({
      column: "price",
      rows: 10,
      share: 0.1,
      first: { row: 1, value: "$ 1,50" },
      repair: ["use-currency"],
    });
    expect(signs.questions.find(({ code }) => code === "currency")?.choices).toEqual(["EUR", "USD", "all"]);
    const { table: euros, log } = await signs.repair([{ code: "use-currency", column: "price", choice: "EUR" }]);
    expect([euros.columns[1]?.missing, log[0]?.rows, log[0]?.examples[0]]).toEqual([10, 10, { row: 1, value: "1.5" }]);
    expect(euros.findings.map(({ code }) => code)).not.toContain("mixed-currencies");
  },

  async "too little spread for scores"() {
    const header = "order_id,customer_id,order_date,amount";
    const text = lines(header, 110, (row) => `o${row},c${row < 100 ? row : row - 100},${day(row)},${row}`);
    const customers = await (await segmenter.load(text)).customers();
    const { scores, findings } = await customers.study().rfm();
    expect(new Set(scores.frequency).size).toBe(2);
    const finding = findings.find(({ column }) => column === "frequency");
    expect(finding).toMatchObject({ code: "few-levels", rows: 90, share: 0.9 });
    expect(finding?.message).toContain("2 levels of 5");
    const { findings: fewer } = await customers.study().rfm({ scale: 2 });
    expect(fewer.map(({ column }) => column)).not.toContain("frequency");
  },

  async "customers without clusters"() {
    let state = 7;
    const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const table = await segmenter.load(lines("a,b,c,d", 600, () => [next(), next(), next(), next()].join(",")));
    const study = table.study({ seed: 1 });
    const { quality } = await study.cluster({ k: { min: 2, max: 5 } });
    expect(quality.verdict).not.toBe("clear");
    expect(quality.reason).toMatch(/\d/);
    expect(quality.sampleSize).toBe(600);
    expect((await study.segment("High", "a > 0.5")).counts.in).toBeGreaterThan(0);
  },

  async "a file that needs too much memory"() {
    const text = lines("id,city,note,amount", 200_000, (row) => `${row},Ulm${row},note ${row},${row}`);
    const { estimate } = await segmenter.preview(text);
    const { estimate: less } = await segmenter.preview(text, { only: ["amount"] });
    // What grows with the rows is most of it; the rest is room for the work.
    const grown = estimate.columns.reduce((sum, bytes) => sum + bytes, 0);
    expect(grown).toBeLessThan(estimate.memoryBytes);
    expect(grown).toBeGreaterThan(estimate.memoryBytes / 2);
    const limits = { memoryBytes: Math.round((less.memoryBytes + estimate.memoryBytes) / 2) };
    const error = await failure(segmenter.load(text, { limits }));
    expect(error.code).toBe("limit-exceeded");
    expect(error.details.limit).toBe(limits.memoryBytes);
    const table = await segmenter.load(text, { limits, only: ["amount"] });
    expect([table.rowCount, table.columns.length]).toEqual([200_000, 4]);
  },

  async "a workbook under a password"() {
    const container = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...new Uint8Array(1024)];
    const part = [..."EncryptedPackage"].flatMap((letter) => [letter.charCodeAt(0), 0]);
    const encrypted = new Uint8Array([...container, ...part, ...new Uint8Array(1024)]);
    const error = await failure(segmenter.load(encrypted, { name: "kunden.xlsx" }));
    expect(error.code).toBe("password-protected");
    expect(error.message).toContain("Remove it in your spreadsheet program and save again");
  },

  async "an old project that expects another column"() {
    const old = (await segmenter.load(lines("customer_id,Umsatz", 30, (row) => `${row},${row}`))).study({ seed: 7 });
    await old.segment("Big", "Umsatz > 10");
    await old.segment("Small", "Umsatz <= 10 or customer_id = '3'");
    await old.segment("First", "customer_id = '0'");
    await old.tiers("Value", [{ name: "Top", rule: "Umsatz >= 25" }]);
    const recipe = JSON.parse(JSON.stringify(old.recipe));
    const text = lines("customer_id,revenue", 40, (row) => `${row},${row}`);
    const error = await failure(segmenter.replay(recipe, text));
    const lacking = [{ column: "Umsatz", suggestions: ["revenue"], parts: ["Value", "Big", "Small"] }];
    expect([error.code, error.details]).toMatchObject(["unknown-column", { column: "Umsatz", lacking, rows: 3 }]);
    expect(error.details.share).toBe(0.75);
    const mapped = await segmenter.replay(recipe, text, { mapping: { Umsatz: "revenue" } });
    const { segments, seed } = mapped.recipe as unknown as { segments: { name: string; text: string }[]; seed: number };
    expect([segments.map(({ name }) => name), seed, mapped.skipped]).toEqual([["Big", "Small", "First"], 7, []]);
    expect((await mapped.count(segments[0]?.text ?? "")).in).toBe(29);
    const part = await segmenter.replay(recipe, text, { skip: ["Umsatz"] });
    expect(part.skipped.map(({ part }) => part)).toEqual(["Value", "Big", "Small"]);
    const near = await failure(part.segment("Big", "revenu > 10"));
    expect([near.code, near.details.suggestions]).toEqual(["unknown-column", ["revenue"]]);
  },
};

describe("sixteen wrong inputs", () => {
  test.each(Object.entries(inputs))("%s", (_, check) => check());
  test("there are sixteen", () => expect(Object.keys(inputs)).toHaveLength(16));
});

test("repairs are undone by the table before, and replayed from the recipe on another file", async () => {
  const text = (rows: number) =>
    lines(
      "id,email,phone,country",
      rows,
      (row) => `${row},A${row % 20}@Shop.DE,030 1234${String(row).padStart(3, "0")},${["DE", "Germany"][row % 2]}`,
    );
  const table = await segmenter.load(text(30));
  const repairs = [
    { code: "normalise-email", column: "email", choice: "whole" },
    { code: "normalise-phone", column: "phone", choice: "DE" },
    { code: "normalise-country", column: "country" },
    { code: "merge", column: "email", choice: "latest" },
  ];
  expect(told(table, "near-duplicates")).toMatchObject({ column: "email", rows: 10, repair: ["merge"] });
  expect(told(table, "mixed-countries")).toMatchObject({ column: "country", rows: 15, repair: ["normalise-country"] });
  const { table: mended, log } = await table.repair(repairs);
  expect(mended.rowCount).toBe(20);
  expect(await mended.rows({ limit: 1 })).toEqual([["10", "a10@shop.de", "+49301234010", "DE"]]);
  expect(log.map(({ rows }) => rows)).toEqual([30, 30, 15, 10]);
  expect(log[1]?.examples[0]).toEqual({ row: 1, value: "030 1234000", after: "+49301234000" });
  expect(log[3]?.examples[0]?.after).toBe("merged into row 21");
  expect(mended.findings.map(({ code }) => code)).not.toContain("near-duplicates");
  expect(table.rowCount).toBe(30);
  expect(table.findings.find(({ code }) => code === "near-duplicates")?.touches).toEqual([
    "RFM",
    "rules",
    "clusters",
    "export",
  ]);

  expect(mended.study().recipe.repairs).toEqual(repairs);
  const next = await segmenter.load(text(50));
  const { table: replayed } = await next.repair([...mended.repairs]);
  expect([replayed.rowCount, replayed.columns.map(({ distinct }) => distinct)]).toEqual([20, [20, 20, 20, 1]]);
});

test("a repair that reads the file again keeps the repairs before it, is undone, and is replayed from the recipe", async () => {
  const text = (rows: number) =>
    lines("id;day;amount", rows, (row) => `${row % 40};0${1 + (row % 9)}/0${1 + (row % 7)}/2026;${row},5`);
  const table = await segmenter.load(new Blob([text(60)]));
  const first = { code: "keep-last", column: "id" };
  const second = { code: "use-date-order", column: "day", choice: "mdy" };
  const third = { code: "set-missing", column: "amount", choice: "59.5" };
  const { table: kept } = await table.repair([first]);
  const { table: mended, log } = await kept.repair([second, third]);
  expect([mended.rowCount, mended.repairs, log.map(({ code }) => code)]).toEqual([
    40,
    [second, first, third],
    ["use-date-order", "set-missing"],
  ]);
  expect(log[0]?.message).toMatch(/^“day” was read again, with “month, day, year” as order of days: \d+ rows have/);
  expect(await mended.rows({ limit: 1, columns: ["id", "day"] })).toEqual([["20", "2026-03-07"]]);
  expect(await kept.rows({ limit: 1, columns: ["id", "day"] })).toEqual([["20", "2026-07-03"]]);
  const { table: undone } = await table.repair([first, third]);
  expect(await undone.rows({ limit: 1, columns: ["day"] })).toEqual([["2026-07-03"]]);
  const next = await segmenter.replay(mended.study().recipe, text(80));
  expect([next.table.rowCount, next.table.repairs]).toEqual([40, [second, first, third]]);
  expect(await next.table.rows({ limit: 1, columns: ["day"] })).toEqual([["2026-05-06"]]);

  const code = async (repair: { code: string; column?: string; choice?: string }) =>
    (await failure(table.repair([repair]))).code;
  expect(await code({ code: "use-decimal", column: "amount" })).toBe("bad-option");
  expect(await code({ code: "use-type", choice: "text" })).toBe("bad-option");
  expect(await code({ code: "use-decimal", column: "amout", choice: "." })).toBe("unknown-column");
  expect(await code({ code: "use-nonsense", choice: "." })).toBe("bad-option");
  const stop = new AbortController();
  stop.abort();
  await expect(table.repair([second], { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
});

test("orders and customers are joined on the key that is proposed", async () => {
  const orders = await segmenter.load(
    lines("order_id,buyer,order_date,amount", 1000, (row) => `o${row},k-${row % 120},${day(row)},${row}`),
  );
  const customers = await segmenter.load(
    lines("mail,kunde,city", 100, (row) => `p${row}@shop.de,k-${row + 5},Ulm${row % 3}`),
  );
  const proposal = await orders.proposeJoin(customers);
  expect(proposal).toMatchObject({
    column: "buyer",
    other: "kunde",
    rows: 1000,
    orphans: 165,
    matched: 835,
    share: 0.835,
  });
  expect(proposal?.message).toBe("83.5 % of rows find a match by “buyer”; 165 do not.");
  expect(proposal?.findings.map(({ code, rows }) => [code, rows])).toEqual([["orphan-rows", 165]]);
  const joined = await orders.customers({ id: "buyer", attributes: customers, attributesKey: "kunde" });
  expect(joined.columns.map(({ name }) => name)).toContain("city");
  expect(told(joined, "customers-without-attributes")).toMatchObject({ rows: 20 });
  expect(await customers.proposeJoin(await segmenter.load("x,y\n1,2\n"))).toBeNull();
});

test("how a column spreads", async () => {
  const table = await segmenter.load(
    lines("n,day,word", 480, (row) => `${row % 240},${day(row)},${"ab"[Number(row % 3 === 0)]}`),
  );
  const numbers = await table.distribution("n");
  expect([numbers.bars.length, numbers.bars.reduce((sum, rows) => sum + rows, 0)]).toEqual([24, 480]);
  expect((await table.distribution("day")).from).toBe(20_454);
  expect(await table.distribution("word")).toMatchObject({ bars: [], values: ["a", "b"], rows: [320, 160] });
});
