import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { dataFile, manifest, numbers } from "./support/marquetry.js";

const folder = mkdtempSync(join(tmpdir(), "marquetry-cli-"));
const program = join(inject("consumer"), "node_modules/.bin/marquetry");

function marquetry(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer: 1e9 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

async function json(...args: string[]) {
  const { code, out, err } = await marquetry(...args, "--json");
  expect(err).toBe("");
  return { code, ...JSON.parse(out) };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Rows and columns as the README of the data says, and the delimiter where it is a trap. */
const tables: [string, number, number, object][] = [
  ["CDNOW_sample.txt", 6919, 5, { delimiter: "whitespace", header: false }],
  ["cdnow_customers_summary.csv", 2357, 4, {}],
  ["cdnow_customers_summary_with_transactions.csv", 2357, 5, {}],
  ["rfm_data_orders.csv", 4906, 6, {}],
  ["mall_customers.csv", 200, 5, {}],
  ["wholesale_customers.csv", 440, 8, {}],
  ["telco_customer_churn.csv", 7043, 21, {}],
  ["soybean_small.csv", 47, 36, { header: false }],
  ["stocks.csv", 12, 4, { header: false }],
  ["carcinoma.csv", 118, 7, {}],
  ["values.csv", 216, 4, {}],
  ["consumer_segments_simulated.csv", 300, 7, {}],
  ["bank_additional.csv", 4119, 21, { delimiter: ";" }],
  ["iris.csv", 150, 5, {}],
  ["wine.csv", 178, 14, {}],
];

test.each(tables)("read %s", async (name, rows, columns, dialect) => {
  const path = dataFile(name);
  if (path === undefined) return console.log("skipped: 1 (../shared/data is absent)");
  const result = await json("read", path);
  expect(result.rowCount).toBe(rows);
  expect(result.columns).toHaveLength(columns);
  expect(result.dialect).toMatchObject(dialect);
  expect(result.code).toBe(
    result.findings.some((finding: { severity: string }) => finding.severity === "error") ? 1 : 0,
  );
  if (name !== "telco_customer_churn.csv") return;
  expect(result.columns.find((column: { name: string }) => column.name === "TotalCharges")).toMatchObject({
    type: "number",
    missing: 11,
  });
});

test("read says the same to people", async () => {
  const { code, out } = await marquetry("read", file("shop.csv", "id;sum\n1;2,5\n2;3,5\n"));
  expect(code).toBe(0);
  expect(out).toContain("2 rows");
  expect(out).toContain("sum");
});

test("rfm folds order lines by itself", async () => {
  const path = dataFile("rfm_data_orders.csv");
  if (path === undefined) return console.log("skipped: 1 (../shared/data is absent)");
  const out = join(folder, "rfm.csv");
  const result = await json("rfm", path, "--reference-date", "2006-12-31", "--out", out);
  expect(result).toMatchObject({ code: 0, rowCount: 995, referenceDate: "2006-12-31", name: "RFM" });
  expect(result.scores.recency).toHaveLength(995);
  expect(result.sizes.reduce((sum: number, size: number) => sum + size, 0)).toBe(995);
  expect(readFileSync(out, "utf8").trimEnd().split(/\r?\n/)).toHaveLength(996);
});

test("segment counts a rule and writes its members", async () => {
  const members = join(folder, "members.csv");
  const path = file("people.csv", "id,age,city\n1,30,Ulm\n2,40,Linz\n3,,Ulm\n");
  const result = await json(
    "segment",
    path,
    "--rule",
    "age > 20 and city = 'Ulm'",
    "--name",
    "Ulmers",
    "--members",
    members,
  );
  expect(result).toMatchObject({ code: 0, name: "Ulmers", counts: { in: 1, out: 1, unknown: 1 } });
  expect(readFileSync(members, "utf8").trimEnd().split(/\r?\n/)).toHaveLength(2);
});

test("cluster takes one k, a range, and given starts", async () => {
  const path = dataFile("iris.csv");
  if (path === undefined) return console.log("skipped: 1 (../shared/data is absent)");
  const features = ["--features", "sepal_length,sepal_width,petal_length,petal_width", "--transform", "none"];
  const found = await json("cluster", path, ...features, "--k", "3", "--assignments");
  expect(Math.abs(found.inertia / 78.851441 - 1)).toBeLessThan(1e-6);
  expect(found.assignments).toHaveLength(150);
  const started = await json("cluster", path, ...features, "--k", "3", "--initial-rows");
  expect(started).toMatchObject({ code: 0, k: 3, converged: true });
  const range = await json("cluster", path, ...features, "--k", "2..4");
  expect(range.candidates.map((candidate: { k: number }) => candidate.k)).toEqual([2, 3, 4]);
});

test("profile describes a rule's members and every cluster", async () => {
  const path = file("numbers.csv", numbers(500));
  const one = await json("profile", path, "--rule", "a > 2");
  expect(one.profiles).toHaveLength(1);
  const three = await json("profile", path, "--features", "a,b", "--k", "3", "--columns", "c,d");
  expect(three.profiles.map((profile: { columns: unknown[] }) => profile.columns.length)).toEqual([2, 2, 2]);
});

test("errors end with 2, as JSON where JSON was asked for", async () => {
  const path = file("one.csv", "id,age\n1,30\n2,31\n");
  const wrong: [string[], string][] = [
    [["segment", path, "--rule", "agee > 3"], "unknown-column"],
    [["segment", path, "--rule", "age >"], "rule-syntax"],
    [["segment", path], "bad-option"],
    [["read", join(folder, "absent.csv")], "source-unreadable"],
    [["read", file("empty.csv", "")], "empty-file"],
    [["read"], "bad-option"],
    [["conquer", path], "bad-option"],
    [["read", path, "--colour", "red"], "bad-option"],
    [["cluster", path, "--k", "many"], "bad-option"],
  ];
  for (const [args, code] of wrong) {
    const result = await json(...args);
    expect(result.error, args.join(" ")).toMatchObject({ code });
    expect(result.code).toBe(2);
    const plain = await marquetry(...args);
    expect(plain).toMatchObject({ code: 2, out: "" });
    expect(plain.err).toMatch(/^marquetry: ./);
  }
});

test("help and version", async () => {
  expect(await marquetry("--help")).toMatchObject({ code: 0, err: "" });
  expect((await marquetry("--version")).out.trim()).toBe(manifest.version);
});
