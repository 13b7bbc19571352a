// RFM: five million order lines to scored and named customers; ours against SQL in DuckDB-WASM over a table in its memory, in
// the same browser, taking turns.
import { orderLines } from "./data.mjs";
import { median, pairwise, takeTurns } from "./figures.mjs";
import { folder, peers, versions } from "./peers.mjs";

const goal = 0.33;

export async function run({ browser, quick, log }) {
  const [n, rounds] = quick ? [200_000, 2] : [5_000_000, 7];
  const path = await orderLines(n);
  await peers();
  const page = await browser.page("bench/page/rfm.js", folder);
  await page.setInputFiles("#file", path);
  const about = await page.evaluate(() => globalThis.prepare());
  log(`prepared: ${JSON.stringify(about)}`);
  const names = ["ours", "duckdb"];
  const turns = Object.fromEntries(names.map((name) => [name, () => page.evaluate((o) => globalThis.turn(o), name)]));
  const { times, last } = await takeTurns(turns, rounds, (line) => log(line.replace(/"sizes":.*/, "…")));
  await page.close();

  // Answers come before times.
  for (const part of ["customers", "sizes", "edges"]) {
    // Edges between two sums may differ in the last bit.
    const brief = (_, value) => (typeof value === "number" ? Number(value.toPrecision(12)) : value);
    const [ours, theirs] = names.map((name) => JSON.stringify(last[name][part], brief));
    if (ours !== theirs) throw new Error(`${part}: DuckDB finds ${theirs}, marquetry ${ours}`);
  }
  return {
    title: `RFM of ${n.toLocaleString("en")} order lines`,
    about: `${last.ours.customers.toLocaleString("en")} customers, scored 1 to 5 by quantiles and put into eleven groups; the same edges and sizes of groups.`,
    versions: { "DuckDB-WASM": versions["@duckdb/duckdb-wasm"], duckdb: about.duckdb, marquetry: about.version },
    rounds,
    ours: median(times.ours),
    theirs: median(times.duckdb),
    ratio: pairwise(times.ours, times.duckdb),
    goal,
  };
}
