// In the browser: rules over one table, through the package and through its peers.
import * as duckdb from "@duckdb/duckdb-wasm";
import { LogicEngine } from "json-logic-engine";
import jsonLogic from "json-logic-js";
import sift from "sift";

const timed = async (work) => {
  const began = performance.now();
  const result = await work();
  return [performance.now() - began, result];
};

let table;
let edited;
let connection;
let database;
let rows;

const listed = (texts) => texts.map((text) => `'${text}'`).join(", ");

/** A rule in our language; parts may be others. */
const ours = ({ countries, spend, orders, since, text }) =>
  `country in (${listed(countries)}) and (spend > ${spend} or orders >= ${orders}) and last_order >= '${since}' and not consent = false and email contains '${text}'`;

const sql = ({ countries, spend, orders, since, text }) =>
  `(country in (${listed(countries)}) and (spend > ${spend} or orders >= ${orders}) and last_order >= '${since}' and not consent = false and contains(email, '${text}'))`;

const logic = ({ countries, spend, orders, since, text }) => ({
  and: [
    { in: [{ var: "country" }, countries] },
    { or: [{ ">": [{ var: "spend" }, spend] }, { ">=": [{ var: "orders" }, orders] }] },
    { ">=": [{ var: "last_order" }, since] },
    { "===": [{ var: "consent" }, true] },
    { in: [text, { var: "email" }] },
  ],
});

const mongo = ({ countries, spend, orders, since, text }) => ({
  $and: [
    { country: { $in: countries } },
    { $or: [{ spend: { $gt: spend } }, { orders: { $gte: orders } }] },
    { last_order: { $gte: since } },
    { consent: true },
    { email: { $regex: text.replace(/\./g, "\\.") } },
  ],
});

globalThis.prepare = async (rule) => {
  const file = document.getElementById("file").files[0];
  const { createSegmenter } = await import("/marquetry/index.js");
  const segmenter = await createSegmenter({ workers: 1 });
  table = await segmenter.load(file);
  edited = await (await table.study()).segment("Edited", ours(rule));
  const dist = `${location.origin}/peers/@duckdb/duckdb-wasm/dist`;
  database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(`${dist}/duckdb-browser-eh.worker.js`));
  await database.instantiate(`${dist}/duckdb-eh.wasm`);
  connection = await database.connect();
  await database.registerFileHandle("in.csv", file, duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
  await connection.query("create table t as select * from read_csv('in.csv')");
  const [head, ...lines] = (await file.text()).trimEnd().split("\n");
  const names = head.split(",");
  const convert = {
    spend: Number,
    orders: Number,
    consent: (text) => text === "true",
  };
  rows = lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(
      names.map((name, at) => [name, cells[at] === "" ? null : (convert[name]?.(cells[at]) ?? cells[at])]),
    );
  });
  return {
    version: segmenter.version,
    duckdb: await database.getVersion(),
    rows: table.rowCount,
    columns: table.columns.map(({ name, type, role }) => `${name}: ${type}, ${role}`),
  };
};

const over = (test) => timed(() => rows.reduce((count, row) => count + (test(row) ? 1 : 0), 0));
let edits = 0;

const turns = {
  /** A rule that the study has never seen: counts, unknowns and revenue at every node. */
  async fresh(rule) {
    const study = await table.study();
    const [ms, counts] = await timed(() => study.count(ours(rule)));
    await study.close();
    return { ms, count: counts.in, unknown: counts.unknown, nodes: counts.children.length };
  },

  /** One condition of a kept rule changed to one that was never asked before. */
  async "edit of a number"(rule) {
    const changed = { ...rule, spend: rule.spend + ++edits / 100 };
    const [ms, counts] = await timed(() => edited.update(ours(changed)));
    return { ms, count: counts.in, children: counts.children.length };
  },

  async "edit of the text"(rule) {
    const changed = { ...rule, text: `${(++edits % 90) + 10}@${rule.text}` };
    const [ms, counts] = await timed(() => edited.update(ours(changed)));
    return { ms, count: counts.in, children: counts.children.length };
  },

  async duckdb(rule) {
    const [ms, result] = await timed(() => connection.query(`select count(*)::double n from t where ${sql(rule)}`));
    return { ms, count: result.get(0).n };
  },

  async "json-logic-engine"(rule) {
    const test = new LogicEngine().build(logic(rule));
    const [ms, count] = await over(test);
    return { ms, count };
  },

  async "json-logic-js"(rule) {
    const wanted = logic(rule);
    const [ms, count] = await over((row) => jsonLogic.apply(wanted, row));
    return { ms, count };
  },

  async sift(rule) {
    const [ms, count] = await over(sift(mongo(rule)));
    return { ms, count };
  },

  /** All rules as segments of a fresh study, counts and unknowns at every node, and how they overlap. */
  async all(rules) {
    const study = await table.study();
    const began = performance.now();
    const segments = await Promise.all(rules.map((rule, at) => study.segment(`Segment ${at + 1}`, ours(rule))));
    const counted = performance.now();
    const overlap = await study.overlap();
    const ms = performance.now() - began;
    await study.close();
    return {
      ms,
      counting: counted - began,
      counts: segments.map((segment) => segment.counts.in),
      pairs: overlap.pairs.length,
      sets: overlap.intersections.length + (overlap.unlistedSets ?? 0),
    };
  },
};

globalThis.turn = ({ name, rule }) => turns[name](rule);
globalThis.sql = (rules) => rules.map(sql);
