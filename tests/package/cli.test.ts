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

test("B58 compare tells what has changed since a baseline, and ends with 1 on an alert", async () => {
  const shop = (from: number, spent: number, money = "money") =>
    [
      `customer_id,${money},country`,
      ...Array.from({ length: 300 }, (_, at) => `c${at + from},${(at % 50) + spent},${["DE", "AT"][at % 2]}`),
    ].join("\n");
  const baseline = join(folder, "old.baseline.json");
  const roles = ["--role", "customer_id=customer-id"];
  const made = await json(
    "segment",
    file("old.csv", shop(0, 0)),
    ...roles,
    "--rule",
    "money >= 25",
    "--baseline",
    baseline,
  );
  expect(made).toMatchObject({ code: 0, counts: { in: 150 } });
  const same = await json("compare", baseline, file("same.csv", shop(0, 0)));
  expect(same).toMatchObject({ code: 0, matched: 300, gone: 0, arrived: 0, alerts: [], skipped: [] });
  const now = file("new.csv", shop(100, 20, "spent"));
  expect(await json("compare", baseline, now)).toMatchObject({ code: 2, error: { code: "unknown-column" } });
  const moved = await json("compare", baseline, now, "--mapping", "money=spent");
  expect(moved).toMatchObject({ code: 1, matched: 200, gone: 100, arrived: 100, key: "customer_id" });
  expect(moved.segments).toMatchObject([{ name: "Segment", before: 150, after: 270 }]);
  expect(moved.alerts.map(({ code }: { code: string }) => code)).toEqual(["size", "psi"]);
  const quiet = file("alerts.json", JSON.stringify([{ measure: "retention", below: 0.1 }]));
  expect(await json("compare", baseline, now, "--mapping", "money=spent", "--alerts", quiet)).toMatchObject({
    code: 0,
  });
  const part = await json("compare", baseline, now, "--skip", "money", "--alerts", quiet);
  expect(part).toMatchObject({ code: 0, segments: [], skipped: [{ part: "Segment" }] });
  const recipe = file("recipe.json", JSON.stringify(JSON.parse(readFileSync(baseline, "utf8")).recipe));
  const two = await json("compare", join(folder, "old.csv"), join(folder, "same.csv"), "--recipe", recipe);
  expect(two).toMatchObject({ code: 0, matched: 300 });
  const text = await marquetry("compare", baseline, now, "--mapping", "money=spent");
  expect(text.code).toBe(1);
  expect(text.out).toContain(
    "alert: “Segment” has 270 customers, 80.0 % more than the 150 of then; the threshold is 25 %.",
  );
  expect((await marquetry("compare", baseline)).code).toBe(2);
  expect((await marquetry("compare", now, now)).err).toContain("is no JSON");
});

test("value and churn fold order lines and say what is to be expected", async () => {
  const path = dataFile("CDNOW_sample.txt");
  if (path === undefined) return console.log("skipped: 1 (../shared/data is absent)");
  const roles = ["column_2=customer-id", "column_3=date", "column_5=amount"].flatMap((role) => ["--role", role]);
  const reading = [path, "--type", "column_2=text", ...roles];
  const value = await json("value", ...reading, "--calibration-end", "1997-09-30", "--method", "bg-nbd");
  expect(value).toMatchObject({ code: 0, model: "bg-nbd", customers: 2357, repeaters: 946, holdout: { actual: 1882 } });
  expect(value.pAlive).toHaveLength(2357);
  const churn = await json("churn", ...reading, "--days", "180");
  expect(churn).toMatchObject({ code: 0, name: "churn_risk" });
  expect(churn.deciles).toHaveLength(10);
  const people = await marquetry("churn", ...reading, "--days", "700");
  expect(people.out).toContain("Risk by recency stands in.");
  expect((await marquetry("churn", ...reading)).code).toBe(2);
});

test("cohorts and stages, also as of a past day", async () => {
  const lines = "customer_id,order_date,amount\na,2026-01-05,10\na,2026-02-10,20\nb,2026-01-31,5\nc,2026-03-31,7\n";
  const path = file("time.csv", lines);
  const cohorts = await json("cohorts", path, "--by", "quarter");
  expect(cohorts.cohorts.map(({ label, active }: { label: string; active: number[] }) => [label, active])).toEqual([
    ["2026-Q1", [3]],
  ]);
  const then = await json("cohorts", path, "--as-of", "2026-02-28");
  expect(then.referenceDate).toBe("2026-02-28");
  expect(then.cohorts.map(({ active }: { active: number[] }) => active)).toEqual([[2, 1]]);
  const stages = await json("stages", path, "--by", "days");
  expect([stages.rowCount, stages.labels.length, stages.by]).toEqual([3, 6, "days"]);
  expect(stages.sizes.reduce((sum: number, size: number) => sum + size, 0)).toBe(3);
  const { out } = await marquetry("cohorts", path);
  expect(out).toMatch(/2026-01\s+2\s+50%\s+100%\s+50%\s+0%/);
});
