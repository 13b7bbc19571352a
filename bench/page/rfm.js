// In the browser: RFM from one table of order lines, through the package and as SQL in DuckDB-WASM.
import * as duckdb from "@duckdb/duckdb-wasm";

let orders;
let connection;
let groups;

globalThis.prepare = async () => {
  const file = document.getElementById("file").files[0];
  const { createSegmenter } = await import("/marquetry/index.js");
  const segmenter = await createSegmenter({ workers: 1 });
  orders = await segmenter.load(file, { columns: { customer_id: { role: "customer-id" } } });
  const probe = await segmenter.load("recency_days,frequency,monetary\n1,2,3\n");
  const schemes = await probe.study().schemes();
  groups = schemes.find(({ name }) => name === "segments-11").groups;
  const dist = `${location.origin}/peers/@duckdb/duckdb-wasm/dist`;
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(`${dist}/duckdb-browser-eh.worker.js`));
  await database.instantiate(`${dist}/duckdb-eh.wasm`);
  connection = await database.connect();
  await database.registerFileHandle("in.csv", file, duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
  await connection.query("create table lines as select * from read_csv('in.csv')");
  const described = (await connection.query("describe lines")).toArray();
  return {
    version: segmenter.version,
    duckdb: await database.getVersion(),
    columns: orders.columns.map(({ name, type, role }) => `${name}: ${type}, ${role}`),
    theirs: described.map(({ column_name, column_type }) => `${column_name}: ${column_type}`),
  };
};

/** The score of a value by the list of edges `q`. */
const band = (value, q) =>
  `(1 + (${value} > ${q}[1])::int + (${value} > ${q}[2])::int + (${value} > ${q}[3])::int + (${value} > ${q}[4])::int)`;

const turns = {
  async ours() {
    const began = performance.now();
    const customers = await orders.customers();
    const folded = performance.now();
    const study = customers.study();
    const rfm = await study.rfm();
    const ms = performance.now() - began;
    const sizes = Object.fromEntries(rfm.labels.map((label, at) => [label, rfm.sizes[at]]).sort());
    const { rowCount } = customers;
    await study.close();
    await customers.close();
    return { ms, folding: folded - began, customers: rowCount, edges: rfm.edges, sizes };
  },

  /** All of it stays a table in its memory, as ours does; only the counts come out. */
  async duckdb() {
    const parts = "[0.2, 0.4, 0.6, 0.8]";
    const label = groups.map(({ name, rule }) => `when ${rule} then '${name}'`).join(" ");
    const began = performance.now();
    await connection.query(`create or replace table customers as
      select customer_id, date_diff('day', max(order_date) filter (amount >= 0), (select max(order_date) from lines)) recency_days,
        count(*) filter (amount >= 0) frequency, round(sum(amount), 2) monetary, min(order_date) filter (amount >= 0) first_order,
        max(order_date) filter (amount >= 0) last_order, count(*) filter (amount < 0) refunds
      from lines group by customer_id`);
    const folded = performance.now();
    await connection.query(`create or replace table scored as
      with buyers as (select * from customers where frequency > 0),
      edges as (select quantile_cont(recency_days, ${parts}) r, quantile_cont(frequency, ${parts}) f, quantile_cont(monetary, ${parts}) m from buyers),
      scores as (select customer_id, 6 - ${band("recency_days", "r")} recency_score, ${band("frequency", "f")} frequency_score,
        ${band("monetary", "m")} monetary_score, (frequency_score + monetary_score) / 2 fm_score from buyers, edges)
      select *, case ${label} end as label from scores`);
    const counts = (
      await connection.query("select label, count(*)::double n from scored group by 1 order by 1")
    ).toArray();
    const ms = performance.now() - began;
    const quantiles =
      await connection.query(`select quantile_cont(recency_days, ${parts}) r, quantile_cont(frequency, ${parts}) f,
      quantile_cont(monetary, ${parts}) m, (select count(*)::double from customers) n from customers where frequency > 0`);
    const { r, f, m, n } = quantiles.get(0);
    return {
      ms,
      folding: folded - began,
      customers: n,
      edges: { recency: [...r], frequency: [...f], monetary: [...m] },
      sizes: Object.fromEntries(counts.map(({ label, n }) => [label, n])),
    };
  },
};

globalThis.turn = (name) => turns[name]();
