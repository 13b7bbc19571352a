import { mkdtempSync, openAsBlob, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, createSegmenter, type Segmenter } from "./support/marquetry.js";

const GiB = 2 ** 30;

// Files with a beginning and a long hole behind it: as large as any, and nothing on the disk.
describe("files larger than memory", () => {
  let segmenter: Segmenter;
  let folder: string;
  let head: string;
  beforeAll(async () => {
    segmenter = await createSegmenter({ worker: "none" });
    folder = mkdtempSync(join(tmpdir(), "marquetry-large-"));
    // More than the reader looks at first, which must not reach into the hole.
    const rows = Array.from({ length: 80_000 }, (_, row) => `C${row % 700},2026-05-0${(row % 9) + 1},${row % 50}.25\n`);
    head = `customer,day,amount\n${rows.join("")}`;
  });
  afterAll(async () => {
    await segmenter.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const sparse = async (bytes: number) => {
    const path = join(folder, `${bytes}.csv`);
    writeFileSync(path, head);
    truncateSync(path, bytes);
    return openAsBlob(path);
  };

  test("are looked at by their beginning only", async () => {
    const preview = await segmenter.preview(await sparse(3 * GiB));
    expect(preview.columns.map(({ type }) => type)).toEqual(["text", "date", "number"]);
    const rows = ((3 * GiB) / head.length) * 80_000;
    expect(Math.abs(preview.estimate.rows / rows - 1)).toBeLessThan(0.05);
  });

  test("are refused by their size before anything is read", async () => {
    expect(await codeOf(segmenter.load(await sparse(5 * GiB)))).toBe("limit-exceeded");
  });

  test("are refused by what they would need before it is taken", async () => {
    const before = process.memoryUsage().rss;
    const limits = { memoryBytes: 2 ** 28 };
    expect(await codeOf(segmenter.load(await sparse(3 * GiB), { limits }))).toBe("limit-exceeded");
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
    const table = await segmenter.load("a,b\n1,2\n");
    expect(table.rowCount).toBe(1);
  });
});
