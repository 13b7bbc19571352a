// The warehouses that answer here: real DuckDB, SQLite, DataFusion and Spark in Python, PostgreSQL in this process.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { has, must, root } from "../../scripts/run.mjs";

const HOME = join(root, ".cache", "sql");
const PYTHON = ["duckdb==2.0.0", "datafusion==55.0.0", "pyarrow", "sqlglot==30.30.0"];
const SPARK = ["pyspark==4.0.1"];
const PGLITE = { "@electric-sql/pglite": "0.5.16" };

/** Does `work` unless what it stands for is already there. */
async function once(name, wanted, work, home = HOME) {
  const ready = join(home, `${name}.ready`);
  if (existsSync(ready) && readFileSync(ready, "utf8") === wanted) return;
  mkdirSync(home, { recursive: true });
  await work();
  writeFileSync(ready, wanted);
}

const pythonIn = (home) => join(home, "venv", "bin", "python");

/** Installs Python packages, once, into an environment of their own: the warehouses', or another. */
export async function install(name, packages, setup, home = HOME) {
  const python = pythonIn(home);
  const work = async () => {
    if (!existsSync(python)) await needsVenv(setup);
    if (!existsSync(python)) await must("Making a Python environment", "python3", ["-m", "venv", join(home, "venv")]);
    const args = ["-m", "pip", "install", "-q", "--disable-pip-version-check", ...packages];
    await must(`Installing ${packages.join(", ")}`, python, args);
  };
  await once(name, packages.join(" "), work, home);
}

/** Debian keeps the making of environments in a package of its own. */
async function needsVenv({ mayInstall, systemPackages }) {
  if (await has("python3", ["-c", "import venv, ensurepip"])) return;
  await systemPackages(
    "Python 3 with venv is missing; the warehouses need it.",
    ["python3", "python3-venv"],
    mayInstall,
  );
}

/** A process that answers one JSON line with one. */
export function asking(script = "tests/sql/engines.py", home = HOME) {
  const child = spawn(pythonIn(home), [join(root, script)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} ended at ${JSON.stringify(request).slice(0, 200)}`);
      const answer = JSON.parse(value);
      if (answer.failed) throw new Error(answer.failed);
      return answer;
    },
    close: () => child.stdin.end(),
  };
}

async function inPython(engine, setup, packages = []) {
  await install("python", PYTHON, setup);
  if (packages.length) await install(engine, packages, setup);
  const { ask, close } = asking();
  const { version } = await ask({ open: engine });
  return {
    version,
    close,
    tables: (tables) => ask({ tables }),
    sql: async (statements) => (await ask({ sql: statements })).results,
  };
}

async function postgres() {
  const wanted = JSON.stringify({ private: true, dependencies: PGLITE });
  const folder = join(HOME, "pglite");
  await once("pglite", wanted, async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), wanted);
    await must("Installing PGlite", "npm", ["install", "--no-audit", "--no-fund", "--prefix", folder]);
  });
  const entry = join(folder, "node_modules/@electric-sql/pglite/dist/index.js");
  const { PGlite } = await import(pathToFileURL(entry).href);
  const db = await PGlite.create();
  const types = { number: "DOUBLE PRECISION", date: "DATE", time: "TIMESTAMP", boolean: "BOOLEAN" };
  const name = (text) => `"${text.replaceAll('"', '""')}"`;
  const value = (cell) =>
    cell === null
      ? "NULL"
      : typeof cell === "string"
        ? `E'${cell.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`
        : String(cell);
  const { rows } = await db.query("SELECT version() AS version");
  return {
    version: /PostgreSQL ([\d.]+)/.exec(rows[0].version)[1],
    close: () => db.close(),
    async tables(tables) {
      for (const table of tables) {
        const columns = table.columns.map((column) => `${name(column.name)} ${types[column.type] ?? "TEXT"}`);
        const cells = table.rows.map((row) => `(${row.map(value).join(", ")})`);
        await db.exec(
          `DROP TABLE IF EXISTS ${name(table.name)}; CREATE TABLE ${name(table.name)} (${columns.join(", ")})`,
        );
        if (cells.length) await db.exec(`INSERT INTO ${name(table.name)} VALUES ${cells.join(", ")}`);
      }
    },
    async sql(statements) {
      const results = [];
      for (const statement of statements) {
        try {
          results.push({ rows: (await db.query(statement, [], { rowMode: "array" })).rows });
        } catch (error) {
          results.push({ error: String(error.message ?? error) });
        }
      }
      return results;
    },
  };
}

/** Java, which Spark and JPMML need: Debian's, where it is there or may be installed. */
export async function java({ mayInstall, systemPackages }) {
  if (await has("java", ["-version"])) return;
  if (!mayInstall) throw new Error("Java 17 is needed; --install installs it");
  await systemPackages("Java is missing; Spark and JPMML need it.", ["openjdk-17-jre-headless"], true);
}

/** By dialect: starts the engine. `setup` says whether and how system packages are installed. */
export const engines = {
  duckdb: (setup) => inPython("duckdb", setup),
  sqlite: (setup) => inPython("sqlite", setup),
  postgres,
  datafusion: (setup) => inPython("datafusion", setup),
  spark: async (setup) => {
    await java(setup);
    return inPython("spark", setup, SPARK);
  },
};

/** What sqlglot says against statements: `[dialect, statement]` each; null where nothing. */
export async function parser(setup) {
  await install("python", PYTHON, setup);
  const { ask, close } = asking();
  return { close, parse: async (pairs) => (await ask({ parse: pairs })).parsed };
}
