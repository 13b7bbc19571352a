import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { codeOf, createSegmenter, places, type Segmenter, type Source } from "./support/marquetry.js";

const text = "name,city,age\nZoë,Köln,41\nJosé,Málaga,29\n“Q”,Łódź,\n";
const utf8 = new TextEncoder().encode(text);

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function utf16(littleEndian: boolean): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(2 + text.length * 2));
  for (const [at, unit] of [...`\uFEFF${text}`].entries()) view.setUint16(at * 2, unit.charCodeAt(0), littleEndian);
  return new Uint8Array(view.buffer);
}

const sources: [string, () => Source][] = [
  ["a string", () => text],
  ["bytes", () => utf8.slice()],
  ["a part of a buffer", () => new Uint8Array([0, ...utf8, 0]).subarray(1, -1)],
  ["an ArrayBuffer", () => utf8.slice().buffer],
  ["a Blob", () => new Blob([utf8])],
  ["a File", () => new File([utf8], "people.csv")],
  ["a stream in pieces", () => inPieces(utf8, 3)],
  ["a ReadableStream", () => new Blob([utf8]).stream() as unknown as AsyncIterable<Uint8Array>],
  ["gzip", () => new Uint8Array(gzipSync(utf8))],
  ["a gzip Blob", () => new Blob([gzipSync(utf8)])],
  ["UTF-8 with a mark", () => `\uFEFF${text}`],
  ["UTF-16 LE", () => utf16(true)],
  ["UTF-16 BE", () => utf16(false)],
];

describe.each(places)("sources, read in %s", (_, options) => {
  let segmenter: Segmenter;
  afterAll(() => segmenter.close());

  test("open", async () => {
    segmenter = await createSegmenter(options);
  });

  test.each(sources)("%s", async (_, make) => {
    const table = await segmenter.load(make());
    expect(table.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(["name text", "city text", "age number"]);
    expect(await table.rows()).toEqual([
      ["Zoë", "Köln", 41],
      ["José", "Málaga", 29],
      ["“Q”", "Łódź", null],
    ]);
    expect(await table.rows({ raw: true, offset: 2 })).toEqual([["“Q”", "Łódź", ""]]);
    await table.close();
  });

  test("Windows-1252 is found out and asked about", async () => {
    const bytes = Uint8Array.from("name;city\nZoë;Köln\nJosé;Málaga\n", (char) => char.charCodeAt(0));
    const table = await segmenter.load(bytes);
    expect(table.dialect.encoding).toBe("windows-1252");
    expect(table.questions.map((question) => question.code)).toContain("encoding");
    expect(await table.rows({ raw: true })).toEqual([
      ["Zoë", "Köln"],
      ["José", "Málaga"],
    ]);
    const preview = await segmenter.preview(bytes);
    expect(preview.rows).toEqual(await table.rows({ raw: true }));
    expect(preview.dialect).toEqual(table.dialect);
  });

  test("bytes are copied, unless they are handed over", async () => {
    const kept = utf8.slice();
    const reading = segmenter.load(kept);
    kept.fill(0);
    expect((await reading).rowCount).toBe(3);
    const given = utf8.slice();
    expect((await segmenter.load(given, { transfer: true })).rowCount).toBe(3);
    expect(given.byteLength).toBe(0);
  });

  test("columns come whole, by type", async () => {
    const table = await segmenter.load(
      "n,d,t,b,s\n1.5,2024-02-29,2024-02-29T12:30:00Z,yes,x\n,,,,\n-2,1969-12-31,1970-01-01T00:00:01Z,no,\n",
    );
    expect(table.columns.map((column) => column.type)).toEqual(["number", "date", "time", "boolean", "text"]);
    expect(await table.column("n")).toEqual(new Float64Array([1.5, Number.NaN, -2]));
    expect(await table.column("d")).toEqual(new Int32Array([19_782, -2_147_483_648, -1]));
    expect(await table.column("t")).toEqual(new Float64Array([1_709_209_800_000, Number.NaN, 1_000]));
    expect(await table.column("b")).toEqual(["true", null, "false"]);
    expect(await table.column("s")).toEqual(["x", null, null]);
    expect(await table.rows({ columns: ["d", "b"], where: "n > 0" })).toEqual([["2024-02-29", true]]);
    expect(await table.rows({ columns: ["n"], sort: [{ column: "n" }] })).toEqual([[-2], [1.5], [null]]);
  });

  const faults: [string, () => Source, object, string][] = [
    ["nothing", () => "", {}, "empty-file"],
    ["a header only", () => "a,b\n", { header: true }, "no-rows"],
    ["a picture", () => new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82]), {}, "not-text"],
    ["a cut gzip", () => new Uint8Array(gzipSync(utf8).subarray(0, 40)), {}, "not-text"],
    ["too many bytes", () => text, { limits: { bytes: 10 } }, "limit-exceeded"],
    [
      "too many bytes when unzipped",
      () => new Uint8Array(gzipSync("a\n".repeat(9_999))),
      { limits: { bytes: 999 } },
      "limit-exceeded",
    ],
    ["too many bytes in a stream", () => inPieces(utf8, 5), { limits: { bytes: 10 } }, "limit-exceeded"],
    ["too many rows", () => text, { limits: { rows: 2 } }, "limit-exceeded"],
    ["another format", () => text, { format: "parquet" as "csv" }, "unsupported"],
    ["an unknown encoding", () => text, { encoding: "klingon" }, "bad-option"],
    ["an option of the wrong type", () => text, { header: "perhaps" }, "bad-option"],
    ["an option that cannot travel", () => text, { missing: [() => 1] }, "bad-option"],
    ["a number as a source", () => 7 as unknown as Source, {}, "bad-source"],
    [
      "a stream of text",
      () => new Blob([text]).stream().pipeThrough(new TextDecoderStream()) as unknown as Source,
      {},
      "bad-source",
    ],
  ];
  test.each(faults)("%s is refused with a code", async (_, make, load, code) => {
    expect(await codeOf(segmenter.load(make(), load))).toBe(code);
  });

  test("a stream that breaks off", async () => {
    const broken = (async function* () {
      yield utf8;
      throw new Error("the line was cut");
    })();
    expect(await codeOf(segmenter.load(broken))).toBe("source-unreadable");
  });
});
