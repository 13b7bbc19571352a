// In the browser: the same chosen file, through the package and through its peers, to typed columns.
import * as duckdb from "@duckdb/duckdb-wasm";
import Papa from "papaparse";
import { inferSchema, initParser } from "udsv";

const file = () => document.getElementById("file").files[0];
const sum = (values) => {
  let all = 0;
  for (const value of values) if (Number.isFinite(value)) all += value;
  return all;
};
const timed = async (work) => {
  const began = performance.now();
  const result = await work();
  return [performance.now() - began, result];
};

let segmenter;
let connection;
let database;

globalThis.prepare = async () => {
  const { createSegmenter } = await import("/marquetry/index.js");
  segmenter = await createSegmenter({ workers: globalThis.engines ?? 1 });
  const dist = `${location.origin}/peers/@duckdb/duckdb-wasm/dist`;
  database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(`${dist}/duckdb-browser-eh.worker.js`));
  await database.instantiate(`${dist}/duckdb-eh.wasm`);
  connection = await database.connect();
  return { version: segmenter.version, duckdb: await database.getVersion() };
};

const turns = {
  /** The bytes alone, in the pieces that the engine asks for. */
  async file() {
    const piece = 4 << 20;
    const [ms] = await timed(async () => {
      for (let at = 0; at < file().size; at += piece)
        await file()
          .slice(at, at + piece)
          .arrayBuffer();
    });
    return { ms };
  },

  /** `ms` until typed columns stand; `whole` until the findings about their quality do, too. */
  async marquetry(columns) {
    const began = performance.now();
    let ms;
    const onProgress = ({ phase }) => {
      if (phase === "inspecting") ms ??= performance.now() - began;
    };
    const [whole, table] = await timed(() => segmenter.load(file(), { onProgress }));
    const sums = [];
    for (const name of columns) sums.push(sum(await table.column(name)));
    const rows = table.rowCount;
    await table.close();
    return { ms: ms ?? whole, whole, rows, sums };
  },

  async duckdb(columns) {
    const name = "file.csv";
    const [ms] = await timed(async () => {
      await database.registerFileHandle(name, file(), duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
      await connection.query(`create or replace table t as select * from read_csv('${name}')`);
    });
    await database.dropFile(name);
    const sums = columns.map((column, at) => `sum("${column}")::double as s${at}`).join(", ");
    const row = (await connection.query(`select count(*)::double as n, ${sums} from t`)).get(0);
    await connection.query("drop table t");
    return { ms, rows: row.n, sums: columns.map((_, at) => row[`s${at}`]) };
  },

  async udsv(columns) {
    const [ms, [schema, table]] = await timed(async () => {
      const text = await file().text();
      const schema = inferSchema(text);
      return [schema, initParser(schema).typedCols(text)];
    });
    const column = (name) => table[schema.cols.findIndex((one) => one.name === name)];
    return { ms, rows: table[0].length, sums: columns.map((name) => sum(column(name))) };
  },

  async papaparse(columns) {
    const [ms, { data }] = await timed(async () =>
      Papa.parse(await file().text(), { header: true, dynamicTyping: true, skipEmptyLines: true }),
    );
    return { ms, rows: data.length, sums: columns.map((name) => sum(data.map((row) => row[name]))) };
  },
};

globalThis.turn = ({ name, columns }) => turns[name](columns);
