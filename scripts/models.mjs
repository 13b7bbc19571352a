// Does a cluster model place customers alike wherever it goes? Models of every kind, of the package's own making and generated,
// over odd customers: the package's labels against real DuckDB, SQLite, PostgreSQL, DataFusion and Spark (SQL), onnxruntime
// (ONNX), JPMML (PMML), and a second reading of the document in JavaScript. Other dialects of SQL must at least parse.
//
//   node scripts/models.mjs [--rows 10000] [--engines duckdb,jpmml] [--models classes,…] [--seed 1] [--install]
//
// Labels that differ where the two best scores agree to 1e-9 are counted by themselves, and shown.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { COLUMNS, customers, documents } from "../tests/models/documents.mjs";
import { engines } from "../tests/models/engines.mjs";
import { isNearTie, rivals } from "../tests/models/score.mjs";
import { parser } from "../tests/sql/engines.mjs";
import { csv } from "../tests/sql/tables.mjs";
import { bail, root } from "./run.mjs";
import { engine, mayInstall, systemPackages } from "./setup.mjs";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const DIALECTS =
  "ansi duckdb sqlite postgres spark bigquery snowflake redshift databricks mysql tsql trino clickhouse".split(" ");
const ROWS = Number(option("rows", 10_000));
const SEED = Number(option("seed", 1));
const NAMES = option("engines", Object.keys(engines).join(",")).split(",");
const ONLY = option("models")?.split(",");
const setup = { mayInstall, systemPackages };

await engine();
const { createSegmenter } = await import(pathToFileURL(join(root, "dist", "node.js")).href);
const segmenter = await createSegmenter({ worker: "none" });

const tally = new Map();
const skipped = [];
const count = (name) => {
  if (!tally.has(name)) tally.set(name, { same: 0, near: 0, wrong: [], refused: [] });
  return tally.get(name);
};

async function start() {
  const running = {};
  for (const name of NAMES) {
    try {
      running[name] = await engines[name](setup);
      console.log(`${name} ${running[name].version}`);
    } catch (error) {
      if (!/Java 17/.test(error.message)) throw error;
      skipped.push(`${name}: ${error.message}`);
    }
  }
  return running;
}

/** Generated customers as the package reads them, with their rows as plain values. */
async function open() {
  const table = await segmenter.load(csv({ columns: COLUMNS, rows: customers(SEED, ROWS) }), {
    columns: Object.fromEntries(COLUMNS.map(({ name, type }) => [name, { type, role: "other" }])),
    missing: [],
  });
  const rows = await table.rows();
  return { table, plain: { name: "customers", columns: COLUMNS, rows } };
}

/** Models that the package finds itself, by every method it has. */
async function found(study) {
  const numbers = ["whole", 'it\'s "spent" <&>', "label", "vip"];
  const category = (column) => ({ column, kind: "category" });
  const wanted = {
    "found: k-means": { features: numbers, k: 5 },
    "found: k-means, medians": { features: [...numbers, "born"], k: 4, missing: "median" },
    "found: k-means, ranks": { features: ["whole", { column: "label", transform: "quantile" }], k: 3 },
    "found: k-prototypes": { method: "kprototypes", features: ["label", "answer", category("points"), "vip"], k: 4 },
    "found: k-prototypes, missing": {
      method: "kprototypes",
      features: ["label", category("answer"), category("odd")],
      k: 3,
      missing: "category",
    },
    "found: bells": { method: "gaussian", features: numbers, k: 3 },
    "found: tied bells": { method: "gaussian", features: numbers.slice(0, 3), k: 4, covariance: "tied" },
    "found: classes": {
      method: "latent-class",
      features: ["answer", "points", "vip"].map(category),
      k: 3,
      missing: "likelihood",
    },
    "found: tree": { method: "ward", features: ["whole", "label"], k: 4 },
    "found: density": { method: "hdbscan", features: ["label", "vip"] },
  };
  const models = {};
  for (const [name, options] of Object.entries(wanted)) {
    if (ONLY && !ONLY.includes(name)) continue;
    try {
      const clustering = await study.cluster({ ...options, name: "found" });
      models[name] = { document: clustering.toJSON(), labels: await clustering.assignments() };
    } catch (error) {
      if (error.code !== "unsupported") throw new Error(`${name}: ${error.message}`, { cause: error });
      skipped.push(`${name}: ${error.message}`);
    }
  }
  return models;
}

function compare(name, what, document, rows, expected, labels) {
  const result = count(name);
  const wrong = [];
  for (const [at, label] of labels.entries()) {
    if ((label ?? null) === expected[at]) result.same += 1;
    else if (isNearTie(document, rows[at])) result.near += 1;
    else wrong.push({ row: rows[at], expected: expected[at], label });
  }
  if (labels.length !== expected.length) wrong.push({ row: `${labels.length} labels`, expected: expected.length });
  if (wrong.length) result.wrong.push({ what, count: wrong.length, examples: wrong.slice(0, 3) });
}

async function main() {
  const running = await start();
  const { parse, close } = await parser(setup);
  const { table, plain } = await open();
  const study = table.study();
  const models = { ...(await found(study)) };
  for (const [name, document] of Object.entries(documents(SEED))) models[name] = { document };
  for (const engine of Object.values(running)) await engine.tables([plain]);
  const rows = plain.rows.map((row) =>
    Object.fromEntries(COLUMNS.map(({ name, type }, at) => [name, cell(row[at], type)])),
  );
  for (const [name, { document, labels }] of Object.entries(models)) {
    if (ONLY && !ONLY.includes(name)) continue;
    const began = performance.now();
    const placed = await study.place(document, { name: "Clusters" });
    const clusters = await placed.assignments();
    const named = [...clusters].map((cluster) => (cluster < 0 ? null : placed.labels[cluster]));
    if (labels) compare("found = placed", name, document, rows, [...labels], [...clusters]);
    compare(
      "javascript",
      name,
      document,
      rows,
      named,
      rows.map((row) => best(document, row)),
    );
    for (const [engine, each] of Object.entries(running)) {
      try {
        compare(engine, name, document, rows, named, await each.labels(placed, plain));
      } catch (error) {
        if (error.code === "unsupported") count(engine).refused.push(`${name}: ${error.message}`);
        else count(engine).wrong.push({ what: name, count: ROWS, examples: [error.message.slice(0, 1_500)] });
      }
    }
    await parsed(parse, placed, name);
    const sizes = `${placed.sizes.join(" ")}, none ${named.filter((label) => label === null).length}`;
    console.log(`${name}: ${sizes} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }
  for (const engine of Object.values(running)) engine.close();
  close();
  report();
}

const cell = (value, type) => (value !== null && type === "date" ? Date.parse(value) / 86_400_000 : value);

/** The label by the second reading; of equal scores the first. */
function best(document, row) {
  const all = rivals(document, row);
  if (all.length === 0) return null;
  const { cluster } = all.reduce((best, one) => (one.score > best.score ? one : best));
  return cluster < 0 ? null : document.labels[cluster];
}

async function parsed(parse, placed, name) {
  const pairs = [];
  for (const dialect of DIALECTS) pairs.push([dialect, await placed.toSQL({ dialect, table: "customers", key: "id" })]);
  for (const [at, complaint] of (await parse(pairs)).entries()) {
    if (complaint === null) count("parsed").same += 1;
    else count("parsed").wrong.push({ what: `${name}, ${pairs[at][0]}`, count: 1, examples: [complaint] });
  }
}

function report() {
  let [passed, failed, left] = [0, 0, skipped.length];
  for (const [name, { same, near, wrong, refused }] of tally) {
    const different = wrong.reduce((sum, one) => sum + one.count, 0);
    console.log(
      `${name.padEnd(15)} ${same} the same, ${different} different, ${near} near ties, ${refused.length} refused`,
    );
    for (const reason of refused) console.log(`  refused ${reason}`);
    for (const { what, count, examples } of wrong) console.log(`  DIFFERENT ${what}: ${count}`, ...examples);
    passed += same;
    failed += different;
    left += near + refused.length;
  }
  for (const reason of skipped) console.log(`skipped ${reason}`);
  console.log(`${passed} passed, ${failed} failed, ${left} skipped`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

await main().catch(bail);
await segmenter.close();
