import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { home, type LoadOptions, manifest, sharedFile } from "./support/marquetry.js";
import { openDocument, text, value, workbook } from "./support/workbooks.js";
import { zip } from "./support/zip.js";

const MOST_MEMORY = 512 * 2 ** 20;
const MOST_MILLISECONDS = 5_000;

interface Case {
  name: string;
  path: string;
  options?: LoadOptions;
  /** How many damaged copies are read besides. */
  copies: number;
}

/** A reading: what preview and load came to, and the largest memory of a module so far. */
interface Reading {
  file: string;
  preview: string;
  outcome: string;
  milliseconds: number;
  wasm: number;
}

const folder = mkdtempSync(join(tmpdir(), "marquetry-hostile-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads all of these in one process, which is held to the time of each and to the memory of all. */
async function ordeal(cases: Case[]): Promise<Reading[]> {
  const entry = pathToFileURL(join(home, manifest.exports["."].node)).href;
  const program = fileURLToPath(new URL("support/ordeal.mjs", import.meta.url));
  const child = spawn(process.execPath, [program, entry], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify({ cases }));
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await new Promise((resolve) => child.on("close", resolve));
  const lines = output.trim().split("\n");
  expect(code, lines.at(-1)).toBe(0);
  const { peak } = JSON.parse(lines.pop() ?? "{}") as { peak: number };
  const readings = lines.map((line) => JSON.parse(line) as Reading);
  const [slowest] = [...readings].sort((one, other) => other.milliseconds - one.milliseconds);
  const wasm = Math.max(...readings.map((reading) => reading.wasm));
  const tables = readings.filter(({ outcome }) => outcome === "table").length;
  const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  console.log(
    `${readings.length} readings, ${tables} tables; ${Math.round(slowest?.milliseconds ?? 0)} ms for the slowest (${slowest?.file}); peak ${mib(peak)}, of wasm ${mib(wasm)}`,
  );
  expect(readings).toHaveLength(cases.reduce((sum, { copies }) => sum + 1 + copies, 0));
  const broken = ({ preview, outcome }: Reading) =>
    [preview, outcome].some((end) => /^(trap|untyped|internal)/.test(end));
  expect(readings.filter(broken)).toEqual([]);
  expect(readings.filter(({ milliseconds }) => milliseconds > MOST_MILLISECONDS)).toEqual([]);
  expect(wasm).toBeLessThanOrEqual(MOST_MEMORY);
  expect(peak).toBeLessThanOrEqual(MOST_MEMORY);
  return readings;
}

/** A generated file. */
function made(name: string, content: string | Uint8Array, copies: number): Case {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { name, path, copies };
}

/** The files of a folder beside the repository with these endings; none and a visible line where it is absent. */
function suite(place: string[], endings: string[], copies: number, options: LoadOptions = {}): Case[] {
  const path = sharedFile(...place);
  if (path === undefined) {
    console.log(`skipped: 1 (../shared/${place.join("/")} is absent)`);
    return [];
  }
  const names = readdirSync(path).filter((name) => endings.some((ending) => name.endsWith(ending)));
  expect(names, path).not.toEqual([]);
  return names.sort().map((name) => ({ name: [...place, name].join("/"), path: join(path, name), options, copies }));
}

const people = Array.from({ length: 300 }, (_, row) => ({
  id: `c${row}`,
  name: row % 7 ? `Zoë ${row}` : 'José "Pepe", jr.',
  city: ["Köln", "Málaga", null][row % 3],
  amount: row * 1.25,
  day: `2026-01-${String(1 + (row % 28)).padStart(2, "0")}`,
  tags: ["VIP", "new"].slice(row % 3),
}));
const csv = `id,name,city,amount,day\n${people.map(({ id, name, city, amount, day }) => `${id},"${name.replaceAll('"', '""')}",${city ?? ""},${amount},${day}\n`).join("")}`;
const bytes = new TextEncoder().encode(csv);
const cells = people.map(({ id, amount }, row) => text(id) + value(amount) + value(45_000 + row, 's="1"'));
const row = '<table:table-cell office:value-type="string"><text:p>a &amp; b</text:p></table:table-cell>';

/** One file of each kind that is read. */
const kinds = (): Case[] => [
  made("people.csv", csv, 60),
  made("people.tsv", csv.replaceAll(",", "\t"), 60),
  made("utf-16.csv", Buffer.from(`\uFEFF${csv}`, "utf16le"), 60),
  made("people.csv.gz", gzipSync(csv), 60),
  made("people.zip", zip([{ name: "people.csv", content: bytes }]), 60),
  made("stored.zip", zip([{ name: "people.csv", content: bytes, method: 0 }]), 60),
  made("people.json", JSON.stringify(people), 60),
  made("people.ndjson", people.map((person) => `${JSON.stringify(person)}\n`).join(""), 60),
  made("people.xlsx", workbook([{ name: "A", rows: cells }]), 60),
  made("people.ods", openDocument(`<table:table-row table:number-rows-repeated="9">${row}</table:table-row>`), 60),
];

test("one file of each kind, whole, cut off and with flipped bits", async () => {
  const readings = await ordeal(kinds());
  const whole = readings.filter(({ file }) => !file.includes("copy"));
  expect(whole.map(({ preview, outcome }) => [preview, outcome])).toEqual(whole.map(() => ["table", "table"]));
  const refused = readings.filter(({ outcome }) => outcome !== "table");
  expect(refused.length).toBeGreaterThan(100);
});

test("every file of the data and of the suites, whole, cut off and with flipped bits", async () => {
  await ordeal([
    ...suite(["data"], [".csv", ".txt", ".json"], 4),
    ...suite(["suites", "csv-spectrum", "csvs"], [".csv"], 12),
    ...suite(["suites", "csv-papaparse"], [".csv", ".tsv"], 12),
    ...suite(["suites", "csv-encodings-phpspreadsheet"], [".csv"], 12),
    ...suite(["suites", "encodings-cpython"], [".csv"], 12),
    ...suite(["suites", "xlsx-calamine"], [".xlsx", ".xlsm", ".ods", ".xls", ".xlsb"], 12),
  ]);
}, 240_000);

test("the hostile workbooks and the texts that are no JSON are refused by typed errors", async () => {
  const json = suite(["suites", "json-jsontestsuite", "test_parsing"], [".json"], 2, { format: "json" });
  const readings = await ordeal([...json, ...suite(["suites", "xlsx-generated-hostile"], [".xlsx"], 12)]);
  const whole = readings.filter(({ file }) => !file.includes("copy"));
  const read = (part: string) => whole.filter(({ file, outcome }) => file.includes(part) && outcome === "table");
  expect(read("/n_")).toEqual([]);
  const harmless = ["far-dimension.xlsx", "header-proto-formula.xlsx", "ok.xlsx"];
  expect(read("hostile").map(({ file }) => file.split("/").at(-1))).toEqual(json.length ? harmless : []);
}, 240_000);

/** Small files that ask for much: what a page must survive whoever sends them. */
const greedy = (): Case[] => {
  const mega = 1 << 20;
  const names = Array.from({ length: 5_000 }, (_, at) => `c${at}`).join(",");
  return [
    made("commas.csv", ",".repeat(mega), 1),
    made("quotes.csv", '"'.repeat(mega), 1),
    made("open-quote.csv", `a,b\n1,"${"x\n".repeat(mega)}`, 1),
    made("newlines.csv", "\n".repeat(mega), 1),
    made("zeros.csv", new Uint8Array(mega), 1),
    made("wide-and-ragged.csv", `${names}\n${"1\n".repeat(mega / 2)}`, 1),
    made("distinct.csv", `a,b\n${Array.from({ length: 100_000 }, (_, at) => `x${at},${at}y\n`).join("")}`, 1),
    made("deep.json", "[".repeat(mega), 1),
    made("new-names.ndjson", Array.from({ length: 50_000 }, (_, at) => `{"k${at}":1}\n`).join(""), 1),
    made("wide-once.json", `[{${names.replaceAll(/c\d+/g, '"$&":1')}}${",{}".repeat(300_000)}]`, 1),
    made("bomb.csv.gz", gzipSync(new Uint8Array(80 << 20)), 1),
    made("bomb.zip", zip([{ name: "a.csv", content: new Uint8Array(80 << 20) }]), 1),
    made("inner.zip", zip([{ name: "a.zip", content: zip([{ name: "a.csv", content: bytes }]) }]), 1),
    made(
      "repeated.ods",
      openDocument(
        `<table:table-row table:number-rows-repeated="1048576">${row.replace(" ", ' table:number-columns-repeated="16384" ')}</table:table-row>`,
      ),
      1,
    ),
  ];
};

test("small files that ask for much get little", async () => {
  await ordeal(greedy());
}, 240_000);
