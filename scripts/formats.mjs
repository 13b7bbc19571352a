// Do a segment's members stay the same in JsonLogic, MongoDB filters and CEL? Random rules over odd tables, asked of the package
// and, as it writes them, of the libraries that people run them in.
//
//   node scripts/formats.mjs [--rules 500] [--seed 1] [--rule "…"] [--built: dist/ as it is]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chance } from "../tests/sql/chance.mjs";
import { ruleMaker } from "../tests/sql/rules.mjs";
import { csv, REFERENCE, TAGS, tables, WORDS } from "../tests/sql/tables.mjs";
import { must, root } from "./run.mjs";
import { engine } from "./setup.mjs";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const WANTED = Number(option("rules", 500));
const SEED = Number(option("seed", 1));
const ONLY = option("rule");
/** Rules about one table. */
const BATCH = 25;

const peers = await installed({
  sift: "17.1.4",
  mingo: "7.2.7",
  "json-logic-js": "2.0.5",
  "json-logic-engine": "5.0.7",
  "@marcbachmann/cel-js": "8.0.0",
});
const sift = peers("sift").default ?? peers("sift");
const { Query } = peers("mingo");
const jsonLogic = peers("json-logic-js");
const { LogicEngine } = peers("json-logic-engine");
const { Environment } = await import(pathToFileURL(peers.resolve("@marcbachmann/cel-js")).href);
const modern = new LogicEngine();
const cel = new Environment({ unlistedVariablesAreDyn: true });

/** Library by library: the format it reads, and who is in by its answer. Sift does not know MongoDB's $expr. */
const libraries = {
  "json-logic-js": ["jsonlogic", (logic) => (row) => jsonLogic.truthy(jsonLogic.apply(logic, row))],
  "json-logic-engine": ["jsonlogic", (logic) => (row) => modern.truthy(modern.run(logic, row))],
  sift: ["mongodb", (filter) => sift(filter)],
  mingo: ["mongodb", (filter) => (row) => new Query(filter).test(row)],
  "cel-js": [
    "cel",
    (text) =>
      (
        (asked) => (row) =>
          asked({ customer: row }) === true
      )(cel.parse(text)),
  ],
};

if (!process.argv.includes("--built")) await engine();
const { createSegmenter } = await import(pathToFileURL(join(root, "dist", "node.js")).href);
const segmenter = await createSegmenter({ worker: "none" });
const tally = Object.fromEntries(Object.keys(libraries).map((name) => [name, { same: 0, refused: 0, wrong: [] }]));

for (let seed = SEED; Object.values(tally).some(({ same, wrong }) => same + wrong.length < WANTED); seed++) {
  const table = tables(seed).customers;
  const customers = await segmenter.load(csv(table), {
    columns: Object.fromEntries(
      table.columns.map(({ name, type, role }) => [
        name,
        { type, role: role ?? "other", ...(type === "list" && { separator: "," }) },
      ]),
    ),
    missing: [],
  });
  const study = customers.study({ referenceDate: REFERENCE });
  const names = table.columns.map(({ name }) => name);
  // A missing value is null in every other row, and an absent key in the others.
  const rows = (await customers.rows()).map((row, at) =>
    Object.fromEntries(
      names.map((name, index) => [name, row[index]]).filter(([, value]) => value !== null || at % 2 === 0),
    ),
  );
  const rules = ONLY ? [ONLY] : Array.from({ length: BATCH }, maker(seed, table.columns));
  for (const rule of rules) await compare(study, rows, rule);
  await study.close();
  await customers.close();
  if (ONLY) break;
}
await segmenter.close();

let wrong = 0;
for (const [name, { same, refused, wrong: different }] of Object.entries(tally)) {
  console.log(
    `${name}: ${same} rules with the same members, ${different.length} with others, ${refused} that its format cannot say`,
  );
  for (const line of different.slice(0, 5)) console.log(`  ${line}`);
  wrong += different.length;
}
process.exit(wrong === 0 ? 0 : 1);

async function compare(study, rows, rule) {
  let segment;
  try {
    segment = await study.segment("s", rule);
  } catch (error) {
    if (error.name === "MarquetryError") return;
    throw error;
  }
  const members = [...(await segment.members())];
  const written = {};
  for (const [name, [format, compiled]] of Object.entries(libraries)) {
    const count = tally[name];
    if (count.same + count.wrong.length >= WANTED && !ONLY) continue;
    written[format] ??= await segment.to(format).then(
      (rule) => ({ rule }),
      (error) => {
        if (error.code !== "unsupported") throw error;
        return { refused: error.message };
      },
    );
    const beyond = name === "sift" && JSON.stringify(written[format].rule ?? "").includes('"$expr"');
    if (written[format].refused || beyond) {
      count.refused += 1;
      continue;
    }
    let found;
    try {
      const test = compiled(written[format].rule);
      found = rows.flatMap((row, at) => (test(row) ? [at] : []));
    } catch (error) {
      found = `${error}`.split("\n")[0];
    }
    if (`${found}` === `${members}`) count.same += 1;
    else count.wrong.push(`${rule}\n    ${JSON.stringify(written[format].rule)}\n    ${found} instead of ${members}`);
  }
}

/** Rules about single columns, joined, and now and then one of those that are made for SQL. */
function maker(seed, columns) {
  const { whole, one, often } = chance(seed + 1_000_000);
  const other = ruleMaker(seed);
  const quote = (text) => `'${text.replaceAll("'", "''")}'`;
  const name = (text) => `"${text.replaceAll('"', '""')}"`;
  const day = () => quote(one([REFERENCE, "2024-01-31", "2023-02-28", "2000-01-01"]));
  const comparison = () => one(["=", "!=", "<", "<=", ">", ">="]);
  const number = () => one([0, 1, 2, 5, 10, 100, -1, 0.5, 99.5]);
  const not = () => (often(0.3) ? "not " : "");
  const of = (type) => columns.filter((column) => column.type === type);
  const leaf = () => {
    const column = one(columns.filter(({ type, role }) => type !== "time" && role !== "customer-id"));
    const subject = name(column.name);
    const tail = (value) => (often(0.3) ? ` treat missing as ${often(0.5) ? one(["true", "false"]) : value}` : "");
    const word = () => quote(one(WORDS));
    if (often(0.1)) return `${subject} is ${not()}missing`;
    switch (column.type) {
      case "number":
        if (often(0.3))
          return `${subject} ${one(["+", "-", "*"])} ${name(one(of("number")).name)} ${comparison()} ${number()}${tail(0)}`;
        return one([
          () => `${subject} ${comparison()} ${number()}${tail(0)}`,
          () => `${subject} ${not()}between ${number()} and ${number()}${one(["", " exclusive"])}${tail(0)}`,
          () => `${subject} ${not()}in (${number()}, ${number()})${tail(0)}`,
          () => `${subject} ${comparison()} ${name(one(of("number")).name)}${tail(0)}`,
        ])();
      case "date":
        return often(0.5)
          ? `${subject} ${comparison()} ${day()}${tail(day())}`
          : `${subject} ${not()}in last ${whole(1, 300)} days${tail(day())}`;
      case "boolean":
        return `${subject} ${one(["=", "!="])} ${one(["true", "false"])}`;
      case "list":
        return `${subject} ${one(["any of", "none of", "all of", "exactly"])} (${quote(one(TAGS))}, ${quote(one(TAGS))})`;
      default: {
        const fold = often(0.3) ? " ignoring case" : "";
        return one([
          () => `${subject} ${one(["=", "!="])} ${word()}${fold}${tail(word())}`,
          () => `${subject} ${comparison()} ${word()}`,
          () => `${subject} ${not()}${one(["contains", "starts with", "ends with"])} ${word()}${fold}`,
          () => `${subject} ${not()}in (${word()}, ${word()})${tail(word())}`,
        ])();
      }
    }
  };
  const rule = (depth) =>
    depth === 0 || often(0.4) ? leaf() : `${not()}(${rule(depth - 1)} ${one(["and", "or"])} ${rule(depth - 1)})`;
  return () => (often(0.2) ? other() : rule(2));
}

/** Libraries that are too many for every installation of this package, in a folder of their own. */
async function installed(versions) {
  const home = join(root, ".cache", "formats");
  const wanted = JSON.stringify({ private: true, dependencies: versions });
  const ready = join(home, "ready");
  if (!existsSync(ready) || readFileSync(ready, "utf8") !== wanted) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), wanted);
    await must("Installing the libraries", "npm", ["install", "--no-audit", "--no-fund", "--prefix", home]);
    writeFileSync(ready, wanted);
  }
  return createRequire(join(home, "package.json"));
}
