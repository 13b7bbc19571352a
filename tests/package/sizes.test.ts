import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GeneratedFile } from "./support/generated.js";
import { codeOf, createSegmenter, type LoadOptions, type Segmenter } from "./support/marquetry.js";

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** An ISO day of the years 2021 to 2024. */
const day = (row: number) => new Date((18_628 + (row % 1461)) * 86_400_000).toISOString().slice(0, 10);
/** A number below `values` that looks drawn by chance. */
const mixed = (row: number, values: number) => (Math.imul(row + 1, 0x9e3779b1) >>> 3) % values;

const orders = (rows: number) =>
  new GeneratedFile("order_id,customer_id,order_date,amount,note", rows, 64, (row) =>
    [
      700_000_000 + row,
      `C${1_000_000 + mixed(row, rows / 10)}`,
      day(mixed(row, 1461)),
      mixed(row, 90_000) / 100,
      `n${row % 5}`,
    ].join(","),
  );
const kept = ["customer_id", "order_date", "amount"];

describe("large order lines of which few columns are kept", () => {
  let segmenter: Segmenter;
  beforeAll(async () => {
    segmenter = await createSegmenter({ worker: "none" });
  });
  afterAll(() => segmenter.close());

  test("give RFM, and the file's own cells by small pieces", async () => {
    const file = orders(400_000);
    const table = await segmenter.load(file, { only: kept });
    const customers = await table.customers();
    const rfm = await customers.study().rfm();
    expect(rfm.sizes.reduce((all, size) => all + size, 0)).toBe(customers.rowCount);
    const told = customers.findings.filter(({ code }) => code === "column-not-loaded");
    expect(told.map(({ column, rows }) => [column, rows])).toEqual([["order_id", 400_000]]);

    // A page of rows and the export read what is not in memory, and no more of it than is asked for.
    const before = file.asked.bytes;
    const page = await table.rows({ offset: 300_000, limit: 3, raw: true, columns: ["order_id", "note", "amount"] });
    expect(page).toEqual(
      [0, 1, 2].map((at) => [String(700_300_000 + at), `n${at % 5}`, String(mixed(300_000 + at, 90_000) / 100)]),
    );
    expect(file.asked.bytes - before).toBeLessThan(MiB);
    const csv = await table.study().export({ what: "rows", columns: ["order_id", "note"] });
    const lines = (await csv.text()).split("\r\n");
    expect([lines.length, lines[1], lines[400_000]]).toEqual([400_002, "700000000,n0", "700399999,n4"]);
    expect(file.asked.largest).toBeLessThanOrEqual(4 * MiB);
  });
});

describe("files that would take more memory than they may", () => {
  let segmenter: Segmenter;
  beforeAll(async () => {
    segmenter = await createSegmenter({ worker: "none" });
  });
  afterAll(() => segmenter.close());

  const alive = async () => expect((await segmenter.load("a,b\n1,2\n3,4\n")).rowCount).toBe(2);

  test("are refused by their beginning, whatever their size", async () => {
    const file = orders((2 * GiB) / 64);
    expect(await codeOf(segmenter.load(file, { limits: { memoryBytes: 512 * MiB } }))).toBe("limit-exceeded");
    expect(file.asked.bytes).toBeLessThan(16 * MiB);
    await alive();
  });

  test("are refused while they are read where their beginning promised less", async () => {
    // One note for the first rows, then another in each.
    const file = new GeneratedFile("id,note", 1_000_000, 128, (row) =>
      row < 30_000 ? `${row},the same in every row` : `${row},${`${row} `.repeat(12)}`,
    );
    const limits = { memoryBytes: 80 * MiB };
    const { estimate } = await segmenter.preview(file);
    expect(estimate.memoryBytes).toBeLessThan(limits.memoryBytes);
    expect(await codeOf(segmenter.load(file, { limits }))).toBe("limit-exceeded");
    expect(file.asked.bytes).toBeLessThan(file.size);
    await alive();
  });
});

describe("the estimate before loading", () => {
  const { Instance } = WebAssembly;
  const memories: WebAssembly.Memory[] = [];
  beforeEach(() => {
    memories.length = 0;
    WebAssembly.Instance = new Proxy(Instance, {
      construct(target, parameters) {
        const instance: WebAssembly.Instance = Reflect.construct(target, parameters);
        memories.push(instance.exports.memory as WebAssembly.Memory);
        return instance;
      },
    });
  });
  afterEach(() => {
    WebAssembly.Instance = Instance;
  });
  const held = () => memories.reduce((all, memory) => all + memory.buffer.byteLength, 0);

  const files: [string, LoadOptions, () => GeneratedFile][] = [
    ["order lines", {}, () => orders(800_000)],
    ["order lines of which few columns are kept", { only: kept }, () => orders(800_000)],
    [
      "ids, all different",
      {},
      () =>
        new GeneratedFile(
          "id,mail,key",
          800_000,
          64,
          (row) => `${100_000 + row},u${row}@shop.example,k-${mixed(row, GiB)}`,
        ),
    ],
    [
      "few different values",
      {},
      () =>
        new GeneratedFile("country,plan,active,stars", 1_600_000, 32, (row) =>
          [`c${mixed(row, 20)}`, `p${row % 3}`, row % 2 ? "yes" : "no", row % 6].join(","),
        ),
    ],
    [
      "long texts",
      {},
      () =>
        new GeneratedFile(
          "id,review",
          250_000,
          208,
          (row) => `${row},${`so ${mixed(row, 977)} good `.repeat(9)}${row}`,
        ),
    ],
    [
      "numbers",
      {},
      () =>
        new GeneratedFile("a,b,c,d,e", 900_000, 56, (row) =>
          [1, 2, 3, 4, 5].map((at) => (mixed(row * at, 1e8) / 1e4).toFixed(4)).join(","),
        ),
    ],
  ];
  test.each(files)("%s: within a quarter of what loading takes", async (_, options, make) => {
    const file = make();
    const segmenter = await createSegmenter({ worker: "none" });
    const empty = held();
    const { estimate } = await segmenter.preview(file, options);
    const table = await segmenter.load(file, options);
    const ratio = estimate.memoryBytes / (held() - empty);
    expect(table.rowCount).toBe(file.rows);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.25);
    await segmenter.close();
  });
});
