// Do the rules of clusters take in a warehouse whom they take here? Every leaf of both kinds of trees, over the golden shop's
// customers and, where it is at hand, a file of consumer segments: members by DuckDB, SQLite and PostgreSQL against the package.
//
//   node scripts/cluster-rules.mjs [--engines duckdb,sqlite,postgres] [--install]
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { shop } from "../tests/golden/shop.mjs";
import { engines } from "../tests/sql/engines.mjs";
import { root } from "./run.mjs";
import { engine, mayInstall, systemPackages } from "./setup.mjs";

const at = process.argv.indexOf("--engines");
const NAMES = (at < 0 ? "duckdb,sqlite,postgres" : process.argv[at + 1]).split(",");
await engine();
const { createSegmenter } = await import(pathToFileURL(join(root, "dist", "node.js")).href);
const segmenter = await createSegmenter({ worker: "none" });

/** The files, with what customers are compared by. */
async function* cases() {
  const orders = await segmenter.load(new Blob([shop()]), { name: "shop.csv" });
  const customers = await orders.customers({ referenceDate: "2026-01-01" });
  yield { name: "shop", table: customers, features: ["recency_days", "frequency", "monetary"] };
  const path = join(root, "..", "shared", "data", "consumer_segments_simulated.csv");
  if (!existsSync(path)) return console.log("skipped: 1 (consumer_segments_simulated.csv is not at hand)");
  // A key of its own: the rows are told apart by nothing else.
  const [head, ...lines] = readFileSync(path, "utf8").trim().split("\n");
  const keyed = [`key,${head}`, ...lines.map((line, row) => `c${row},${line}`)].join("\n");
  const table = await segmenter.load(new Blob([keyed]), {
    name: "consumers.csv",
    columns: { key: { type: "text", role: "customer-id" } },
  });
  yield { name: "consumers", table, features: ["age", "income", "kids"] };
}

const plain = (value, type) => (type === "time" ? (value?.replace("Z", "") ?? null) : value);
const running = [];
for (const name of NAMES) running.push([name, await engines[name]({ mayInstall, systemPackages })]);
let wrong = 0;
let same = 0;
for await (const { name, table, features } of cases()) {
  const study = table.study({ referenceDate: "2026-01-01" });
  const clusters = await study.cluster({ features, k: 4 });
  const key = table.columns.find(({ role }) => role === "customer-id").name;
  const keyAt = table.columns.findIndex((column) => column.name === key);
  const rows = (await table.rows()).map((row) => row.map((value, of) => plain(value, table.columns[of].type)));
  const columns = table.columns.map(({ name: column, type }) => ({ name: column, type }));
  for (const [, engine] of running) await engine.tables([{ name: "customers", columns, rows }]);
  const rules = [];
  for (const kind of ["threshold", "cart"]) {
    for (const leaves of [4, 12]) {
      const tree = await clusters.tree({ kind, leaves });
      const figures = `fidelity ${tree.fidelity.toFixed(4)}, cost ratio ${tree.costRatio.toFixed(4)}`;
      console.log(`${name}, ${kind}, ${tree.leaves.length} leaves: ${figures}`);
      rules.push(...tree.leaves.map(({ rule, text, n }) => ({ rule, text, n })));
    }
  }
  for (const label of clusters.labels) {
    const { rule, text } = await clusters.describe(label);
    rules.push({ rule, text });
  }
  for (const { rule, text, n } of rules) {
    const segment = await study.segment("asked", rule);
    const expected = [...(await segment.members())].map((row) => String(rows[row][keyAt])).sort();
    if (n !== undefined && n !== expected.length) wrong += 1;
    for (const [dialect, engine] of running) {
      const sql = await segment.toSQL({ dialect, table: "customers", key });
      const [{ rows: found, error }] = await engine.sql([sql]);
      const theirs = (found ?? []).map(([id]) => String(id)).sort();
      if (!error && theirs.join() === expected.join()) same += 1;
      else {
        wrong += 1;
        console.error(`${dialect}: ${text}\n${error ?? `${theirs.length} instead of ${expected.length}`}`);
      }
    }
  }
}
for (const [, engine] of running) await engine.close();
await segmenter.close();
console.log(`${same} of ${same + wrong} rules took the same members in ${NAMES.join(", ")}`);
process.exit(wrong > 0 ? 1 : 0);
