import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { codeOf, createSegmenter, places, type Segmenter, type Source } from "./support/marquetry.js";
import { zip } from "./support/zip.js";

const people = [
  { name: "Zoë", age: 41, address: { city: "Köln" }, tags: ["VIP", "new, 2026"] },
  { name: "José", age: 29, address: { city: "Málaga" }, tags: ["new, 2026"] },
  { name: "“Q”, “R”", age: null, address: null, tags: [] },
];
const flat = people.map(({ address, ...rest }) => ({ ...rest, "address.city": address?.city ?? null }));
const keys = ["name", "age", "address.city", "tags"] as const;
const column = (key: (typeof keys)[number]) => flat.map((person) => person[key]);
const text = JSON.stringify(people);
const bytesOf = (value: string) => new TextEncoder().encode(value);

const utf16 = Uint8Array.from(
  [...`\uFEFF${text}`].flatMap((unit) => [unit.charCodeAt(0) & 255, unit.charCodeAt(0) >> 8]),
);

const forms: [string, string, () => Source][] = [
  ["a list of objects", "json", () => text],
  ["indented, as a Blob", "json", () => new Blob([`\uFEFF${JSON.stringify(people, null, 2)}`])],
  ["lines", "ndjson", () => bytesOf(people.map((person) => `${JSON.stringify(person)}\n`).join(""))],
  ["a wrapped list", "json", () => JSON.stringify({ page: 1, data: { customers: people }, next: null })],
  ["UTF-16", "json", () => utf16],
  ["gzip", "json", () => new Uint8Array(gzipSync(text))],
  [
    "a zip",
    "json",
    () =>
      zip([
        { name: "out/", content: new Uint8Array() },
        { name: "out/people.json", content: bytesOf(text) },
      ]),
  ],
  ["a zip that does not pack", "json", () => new Blob([zip([{ name: "p.json", content: bytesOf(text), method: 0 }])])],
];

describe.each(places)("JSON and zip, read in %s", (_, options) => {
  let segmenter: Segmenter;
  beforeAll(async () => {
    segmenter = await createSegmenter(options);
  });
  afterAll(() => segmenter.close());

  test.each(forms)("%s", async (_, format, make) => {
    const phases: string[] = [];
    let latest = 0;
    const table = await segmenter.load(make(), {
      onProgress({ phase, ratio }) {
        expect(ratio).toBeGreaterThanOrEqual(latest);
        latest = ratio;
        phases.push(phase);
      },
    });
    expect(table.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "name text",
      "age number",
      "address.city text",
      "tags list",
    ]);
    expect(table.dialect).toMatchObject({ format, header: true, decimal: ".", skippedLines: 0 });
    expect(table.questions).toEqual([]);
    expect(await table.rows()).toEqual(flat.map((person) => keys.map((key) => person[key])));
    expect(await table.rows({ raw: true, offset: 1, limit: 1, columns: ["address.city", "age"] })).toEqual([
      ["Málaga", "29"],
    ]);
    const preview = await segmenter.preview(make());
    expect(preview.dialect).toEqual(table.dialect);
    expect(preview.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(
      table.columns.map(({ name, type }) => `${name} ${type}`),
    );
    expect(preview.estimate.rows).toBe(3);
    await table.close();
  });

  test("lists that are columns, lists of lists, and the list that was taken is told", async () => {
    const columns = await segmenter.load(JSON.stringify({ name: column("name"), age: column("age") }));
    expect(await columns.rows()).toEqual(flat.map(({ name, age }) => [name, age]));
    const lists = await segmenter.load(JSON.stringify([["name", "age"], ...flat.map(({ name, age }) => [name, age])]));
    expect(await lists.rows()).toEqual(flat.map(({ name, age }) => [name, age]));
    const wrapped = await segmenter.load(JSON.stringify({ total: 3, people }));
    const finding = wrapped.findings.find(({ code }) => code === "json-wrapper");
    expect(finding?.message).toContain("“people”");
    expect(finding?.message).toContain("“total”");
  });

  test("text from a spreadsheet's clipboard, and CSV in a zip", async () => {
    const pasted = await segmenter.load('name\tcity\tage\r\nZoë\t"Köln\r\n(Deutz)"\t41\r\nJosé\tMálaga\t29\r\n');
    expect(pasted.dialect).toMatchObject({ format: "csv", delimiter: "\t" });
    expect(await pasted.rows()).toEqual([
      ["Zoë", "Köln\r\n(Deutz)", 41],
      ["José", "Málaga", 29],
    ]);
    const content = bytesOf("id;sum\n1;2,5\n2;3,5\n");
    const table = await segmenter.load(
      zip([
        { name: "a.csv", content },
        { name: "__MACOSX/._a.csv", content },
      ]),
    );
    expect(await table.rows()).toEqual([
      ["1", 2.5],
      ["2", 3.5],
    ]);
  });

  test("members of a JSON file leave as they stood", async () => {
    const table = await segmenter.load(text);
    const study = table.study();
    const segment = await study.segment("Old", "age > 40");
    const blob = await study.export({ what: "members", segments: [segment] });
    expect(await blob.text()).toContain('Zoë,41,Köln,"[""VIP"",""new, 2026""]"');
  });

  const good = { name: "a.csv", content: bytesOf("a,b\n1,2\n3,4\n") };
  const faults: [string, () => Source, object, string][] = [
    ["a comma too many", () => '[{"a":1},]', {}, "bad-json"],
    ["a cut text", () => text.slice(0, -3), {}, "bad-json"],
    ["half a character", () => '[{"a":"\\ud800"}]', {}, "bad-json"],
    ["too deep", () => "[".repeat(100_000), {}, "bad-json"],
    ["a value", () => "7", { format: "json" }, "not-a-table"],
    ["several lists", () => '{"a":[{"x":1}],"b":[{"x":1}]}', {}, "not-a-table"],
    ["an empty list", () => "[]", {}, "no-rows"],
    ["too many columns", () => text, { limits: { columns: 2 } }, "limit-exceeded"],
    ["several files", () => zip([good, { ...good, name: "b.csv" }]), {}, "unsupported"],
    ["an encrypted file", () => zip([{ ...good, flags: 1 }]), {}, "unsupported"],
    ["another way of packing", () => zip([{ ...good, method: 14 }]), {}, "unsupported"],
    ["zip64", () => zip([{ ...good, size: 0xffffffff }]), {}, "unsupported"],
    ["an empty archive's file", () => zip([{ name: "out/", content: new Uint8Array() }]), {}, "not-text"],
    [
      "a workbook",
      () => zip([{ name: "[Content_Types].xml", content: bytesOf("<x/>") }, good]),
      { format: "csv" },
      "not-text",
    ],
    ["a wrong check sum", () => zip([{ ...good, crc: 1 }]), {}, "not-text"],
    ["a wrong size", () => zip([{ ...good, size: 5 }]), {}, "not-text"],
    ["a cut archive", () => zip([good]).subarray(0, -9), {}, "not-text"],
    [
      "more than the limit when unpacked",
      () => zip([{ name: "z", content: bytesOf("a\n".repeat(9_999)) }]),
      { limits: { bytes: 999 } },
      "limit-exceeded",
    ],
    ["a bomb", () => new Uint8Array(gzipSync(new Uint8Array(80 << 20))), {}, "limit-exceeded"],
  ];
  test.each(faults)("%s is refused with a code", async (_, make, load, code) => {
    expect(await codeOf(segmenter.load(make(), load))).toBe(code);
  });

  test("every archive with a flipped byte is read right or refused", async () => {
    const whole = zip([good]);
    let refused = 0;
    for (let at = 0; at < whole.length; at++) {
      const flipped = whole.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 0x41;
      const found = await segmenter.load(flipped).then(
        (table) => table.rows(),
        (error: Error) => error.name,
      );
      if (found === "MarquetryError") refused++;
      else if (at >= 4)
        expect(found, `byte ${at}`).toEqual([
          [1, 2],
          [3, 4],
        ]);
    }
    expect(refused).toBeGreaterThan(whole.length / 3);
  });
});

test("the command line reads JSON", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "marquetry-json-")), "people.json");
  writeFileSync(path, text);
  const program = join(inject("consumer"), "node_modules/.bin/marquetry");
  const run = (...args: string[]) =>
    new Promise<string>((resolve) => execFile(program, [...args, "--json"], (_, out) => resolve(out)));
  expect(JSON.parse(await run("read", path))).toMatchObject({ rowCount: 3, dialect: { format: "json" } });
  expect(JSON.parse(await run("read", path, "--format", "csv")).error.code).toBe("no-rows");
  const lines = `${path}l`;
  writeFileSync(lines, people.map((person) => JSON.stringify(person)).join("\n"));
  expect(JSON.parse(await run("read", lines, "--format", "ndjson")).dialect.format).toBe("ndjson");
  writeFileSync(path, '[{"a":1},\n{"a":}]');
  expect(JSON.parse(await run("read", path)).error).toMatchObject({ code: "bad-json", details: { line: 2, row: 2 } });
});
