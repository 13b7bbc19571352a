// Models that travel: saved, placed on another file, replayed, and written for other systems.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codeOf, createSegmenter, home, places } from "./support/marquetry.js";

/** Three groups of customers, of whom some lack a value. */
const rows = Array.from({ length: 240 }, (_, at) => {
  const group = at % 3;
  const spend = at % 41 === 0 ? "" : (10 + group * 100 + ((at * 7) % 13)).toFixed(1);
  return `c${at},${spend},${20 + group * 20 + ((at * 5) % 11)},${["basic", "plus", "max"][(group + (at % 7 === 0 ? 1 : 0)) % 3]}`;
});
const header = "customer_id,spend,age,plan";
const file = [header, ...rows].join("\n");
const options = { features: ["spend", "age"], k: 3, seed: 7 };

test.each(places)("a saved model places the same customers alike, and others (%s)", async (_, where) => {
  const segmenter = await createSegmenter(where);
  const first = (await segmenter.load(file)).study();
  const found = await first.cluster(options);
  const labels = await found.assignments();
  const saved = JSON.parse(JSON.stringify(found));
  expect(saved).toEqual(found.toJSON());

  const again = await (await segmenter.load(file)).study().place(saved, { name: "Kept" });
  expect(await again.assignments()).toEqual(labels);
  expect([again.name, again.labels, again.sizes, again.toJSON()]).toEqual(["Kept", found.labels, found.sizes, saved]);
  expect(again.centers.flat()).toEqual(found.centers.flat().map((center) => expect.closeTo(center, 9)));
  expect(again.missing).toBe(6);
  expect(again.unknown).toEqual([{ column: "spend", missing: 6, unseenRows: 0, unseen: [] }]);
  expect(again.notices.join()).toContain("6 of 240 rows (2.5");

  const replayed = await segmenter.replay(JSON.parse(JSON.stringify(first.recipe)), file.replace("spend", "umsatz"), {
    mapping: { spend: "umsatz" },
  });
  expect(replayed.skipped).toEqual([]);
  const rule = found.rule("Cluster 1");
  expect((await replayed.count(rule)).in).toBe(found.sizes[0]);
  expect(JSON.stringify(replayed.recipe)).toContain('"column":"umsatz"');
  await segmenter.close();
});

test("what a model lacks, or is not", async () => {
  const segmenter = await createSegmenter();
  const study = (await segmenter.load(file)).study();
  const saved = JSON.parse(JSON.stringify(await study.cluster(options)));
  const other = (await segmenter.load("customer_id,spend\nc1,3\nc2,4")).study();
  expect(await codeOf(other.place(saved))).toBe("unknown-column");
  expect(await codeOf(other.place({}))).toBe("bad-option");
  expect(await codeOf(study.place({ ...saved, version: 99 }))).toBe("unsupported");
  const wrong = structuredClone(saved);
  wrong.features[1].scale.spread = 0;
  await expect(study.place(wrong)).rejects.toThrow("“features[1].scale.spread”");
  await segmenter.close();
});

test("a model as SQL, ONNX and PMML", async () => {
  const segmenter = await createSegmenter();
  const found = await (await segmenter.load(file)).study().cluster(options);
  const sql = await found.toSQL({ dialect: "duckdb", table: "crm.customers", key: "customer_id" });
  expect(sql).toContain('FROM "crm"."customers" AS c');
  expect(sql).toContain("'Cluster 3'");
  const onnx = await found.toONNX();
  expect(onnx).toBeInstanceOf(Uint8Array);
  expect(new TextDecoder().decode(onnx)).toContain("marquetry");
  expect(await found.toPMML()).toContain('<DataField name="spend" optype="continuous" dataType="double"/>');
  await segmenter.close();
});

test("the command line writes a model and places by it", () => {
  const folder = mkdtempSync(join(tmpdir(), "marquetry-"));
  const at = (name: string) => join(folder, name);
  writeFileSync(at("customers.csv"), file);
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [join(home, "dist/cli.js"), ...args], { encoding: "utf8" });
  const files = ["--model", at("m.json"), "--onnx", at("m.onnx"), "--pmml", at("m.pmml")];
  const how = ["--features", "spend,age", "--k", "3", "--assignments", "--json"];
  const found = JSON.parse(run("cluster", at("customers.csv"), ...how, ...files));
  const placed = JSON.parse(run("place", at("customers.csv"), "--model", at("m.json"), "--assignments", "--json"));
  expect(placed.assignments).toEqual(found.assignments);
  expect(placed.missing).toBe(6);
  expect(readFileSync(at("m.pmml"), "utf8")).toContain("<TreeModel");
  expect(readFileSync(at("m.onnx")).length).toBeGreaterThan(500);
  expect(run("sql", at("customers.csv"), "--model", at("m.json"), "--dialect", "sqlite")).toContain("MATERIALIZED");
});
