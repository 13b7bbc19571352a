// Do the members of a segment stay the same in a warehouse? Random rules over odd tables, asked of the package and, as the
// SQL that it writes, of real DuckDB, SQLite, PostgreSQL, DataFusion and Spark. Other dialects must at least parse.
//
//   node scripts/sql.mjs [--rules 500] [--engines duckdb,spark] [--seed 1] [--rule "…"] [--install]
//
// Every engine must agree on so many rules; one that cannot say a rule (refused, with the reason) gets others instead.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cases } from "../tests/sql/cases.mjs";
import { chance } from "../tests/sql/chance.mjs";
import { engines, parser } from "../tests/sql/engines.mjs";
import { ruleMaker } from "../tests/sql/rules.mjs";
import { csv, PARAMETERS, REFERENCE, tables } from "../tests/sql/tables.mjs";
import { bail, root } from "./run.mjs";
import { engine, mayInstall, systemPackages } from "./setup.mjs";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const DIALECTS =
  "ansi duckdb sqlite postgres spark bigquery snowflake redshift databricks mysql tsql trino clickhouse".split(" ");
const WANTED = Number(option("rules", 500));
const NAMES = option("engines", Object.keys(engines).join(",")).split(",");
const ONLY = option("rule");
/** Rules about one pair of tables. */
const BATCH = 25;
const warehouse = { table: "customers", key: "id", orders: { table: "orders", key: "customer" } };

await engine();
const { createSegmenter } = await import(pathToFileURL(join(root, "dist", "node.js")).href);
const segmenter = await createSegmenter({ worker: "none" });

/** What was compared, refused and wrong, by engine. */
const tally = Object.fromEntries(
  [...NAMES, "parsed"].map((name) => [name, { same: 0, refused: 0, reasons: new Map(), wrong: [] }]),
);
const skipped = [];

/** A study of generated tables, and those tables as the engine read them. */
async function open(seed) {
  const made = tables(seed);
  const load = async (table) =>
    segmenter.load(csv(table), {
      columns: Object.fromEntries(
        table.columns.map(({ name, type, role }) => [
          name,
          { type, role: role ?? "other", ...(type === "list" && { separator: "," }) },
        ]),
      ),
      // Only what is empty is missing here: “NULL” and “-” are texts like others.
      missing: [],
    });
  const [customers, orders] = [await load(made.customers), await load(made.orders)];
  const study = customers.study({ referenceDate: REFERENCE, orders, parameters: PARAMETERS });
  await study.segment("VIP", "vip = true or n > 10");
  const plain = (value, type) =>
    Array.isArray(value) ? value.join(",") : type === "time" ? (value?.replace("Z", "") ?? null) : value;
  const read = async (name, table) => ({
    name,
    columns: table.columns.map(({ name, type }) => ({ name, type })),
    rows: (await table.rows()).map((row) => row.map((value, at) => plain(value, table.columns[at].type))),
  });
  const warehouseTables = [await read("customers", customers), await read("orders", orders)];
  for (const [at, table] of warehouseTables.entries()) {
    const types = made[at === 0 ? "customers" : "orders"].columns.map(({ type }) => type).join();
    if (table.columns.map(({ type }) => type).join() !== types)
      throw new Error(`read as ${JSON.stringify(table.columns)}`);
  }
  return { study, tables: warehouseTables, ids: warehouseTables[0].rows.map(([id]) => id) };
}

/** The statement of every dialect, or why there is none. */
async function statements(of) {
  const found = {};
  for (const dialect of new Set([...NAMES, ...DIALECTS])) {
    try {
      found[dialect] = { sql: await of.toSQL({ ...warehouse, dialect }) };
    } catch (error) {
      if (error.code !== "unsupported") throw error;
      found[dialect] = { refused: error.message };
    }
  }
  return found;
}

/** What is asked: of the package an answer, and the statements that must give the same. */
async function question(study, ids, { rule, tiers, rfm, exclude, known = {}, what = rule }) {
  try {
    if (exclude !== undefined) await study.exclude(exclude);
    const of = rfm
      ? await study.rfm(rfm)
      : tiers
        ? await study.tiers("tiers", tiers)
        : await study.segment("segment", rule);
    const said = await statements(of);
    if (rule !== undefined) return { what, said, known, expected: [...(await of.members())].map((row) => [ids[row]]) };
    const groups = await of.assignments();
    const label = (row) => (groups[row] < 0 ? null : of.labels[groups[row]]);
    const scores = (row) => Object.values(of.scores ?? {}).map((axis) => axis[row] || null);
    return { what, said, known, expected: ids.map((id, row) => [id, ...scores(row), label(row)]) };
  } catch (error) {
    throw new Error(`${what}\n${error.message}`, { cause: error });
  }
}

const told = (rows) => rows.map((row) => JSON.stringify(row)).sort();

function compare(name, { what, said, expected, known }, { rows, error }) {
  const { sql } = said[name];
  if (known[name]) {
    // A difference that docs/SQL.md names: it must be there, and be said in the statement.
    if (known[name].error.test(error ?? "") && known[name].said.test(sql)) tally[name].same += 1;
    else tally[name].wrong.push({ what, sql, why: `expected ${known[name].error}, got ${error ?? "rows"}` });
    return;
  }
  if (error) return void tally[name].wrong.push({ what, sql, why: error });
  const [ours, theirs] = [told(expected), told(rows)];
  const [more, less] = [theirs.filter((row) => !ours.includes(row)), ours.filter((row) => !theirs.includes(row))];
  if (more.length + less.length === 0 && ours.length === theirs.length) tally[name].same += 1;
  else tally[name].wrong.push({ what, sql, why: `too many: ${more.slice(0, 5)}; too few: ${less.slice(0, 5)}` });
}

/** Spark takes a second for each rule: a short run asks it less. */
const wanted = (name) => cases.length + (name === "spark" && WANTED < 500 ? Math.ceil(WANTED / 4) : WANTED);
const hasEnough = (name) => tally[name].same + tally[name].wrong.length >= wanted(name);

/** Asks all engines the same questions of the same tables. */
async function ask(running, parse, opened, questions) {
  const asked = [];
  for (const each of questions) asked.push(await question(opened.study, opened.ids, each));
  for (const [name, engine] of Object.entries(running).filter(([name]) => !hasEnough(name))) {
    const able = asked.filter(({ said }) => said[name].sql !== undefined);
    for (const { what, said } of asked.filter(({ said }) => said[name].refused)) refuse(name, said[name].refused, what);
    await engine.tables(opened.tables);
    const results = await engine.sql(able.map(({ said }) => said[name].sql));
    for (const [at, each] of able.entries()) compare(name, each, results[at]);
  }
  const pairs = asked.flatMap(({ said }) =>
    DIALECTS.filter((name) => said[name].sql).map((name) => [name, said[name].sql]),
  );
  for (const [at, complaint] of (await parse(pairs)).entries()) {
    if (complaint === null) tally.parsed.same += 1;
    else tally.parsed.wrong.push({ what: pairs[at][0], sql: pairs[at][1], why: complaint });
  }
}

function refuse(name, message, what) {
  tally[name].refused += 1;
  const reason = message.replace(/“.*”: /, "…: ");
  tally[name].reasons.set(reason, { count: (tally[name].reasons.get(reason)?.count ?? 0) + 1, what });
}

async function start() {
  const running = {};
  for (const name of NAMES) {
    try {
      running[name] = await engines[name]({ mayInstall, systemPackages });
      console.log(`${name} ${running[name].version}`);
    } catch (error) {
      if (name !== "spark" || !/Java/.test(error.message)) throw error;
      skipped.push(`${name}: ${error.message}`);
    }
  }
  return running;
}

async function main() {
  const running = await start();
  const { parse, close } = await parser({ mayInstall, systemPackages });
  const seed = Number(option("seed", 1));
  if (ONLY) await ask(running, parse, await open(seed), [{ rule: ONLY }]);
  else {
    await ask(running, parse, await open(seed), cases);
    const few = () => Object.keys(running).some((name) => !hasEnough(name));
    for (let batch = 0; few() && batch * BATCH < WANTED * 3; batch++) {
      const make = ruleMaker(seed * 1000 + batch);
      const size = chance(seed + batch).one([1, 40, 90, 90]);
      const opened = await open(seed * 1000 + batch, size);
      await ask(
        running,
        parse,
        opened,
        Array.from({ length: BATCH }, () => ({ rule: make() })),
      );
    }
  }
  for (const engine of Object.values(running)) engine.close();
  close();
  report(running);
}

function report(running) {
  let [passed, failed, left] = [0, 0, 0];
  for (const [name, { same, refused, reasons, wrong }] of Object.entries(tally)) {
    if (name !== "parsed" && !running[name]) continue;
    console.log(`${name.padEnd(12)} ${same} the same, ${wrong.length} different, ${refused} refused`);
    for (const [reason, { count, what }] of reasons)
      console.log(`  refused ${count}: ${reason} (${what.slice(0, 100)})`);
    for (const { what, why, sql } of wrong.slice(0, 5)) console.log(`  DIFFERENT ${what}\n  ${why}\n${sql}`);
    passed += same;
    failed += wrong.length;
    left += refused;
  }
  for (const reason of skipped) console.log(`skipped ${reason}`);
  console.log(`${passed} passed, ${failed} failed, ${left + skipped.length} skipped`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

await main().catch(bail);
await segmenter.close();
