// Reading: a File of a million rows to typed columns, types inferred; ours against DuckDB-WASM, uDSV and PapaParse in the same
// browser and polars (native, one thread), taking turns.
import { statSync } from "node:fs";
import { customers } from "./data.mjs";
import { median, pairwise, takeTurns } from "./figures.mjs";
import { folder, peers, versions } from "./peers.mjs";
import { native } from "./python.mjs";

const columns = ["frequency", "monetary", "average_order"];
const goals = { duckdb: 0.33, udsv: 0.15, papaparse: 0.08, polars: 1 };
const titles = {
  file: "reading the File alone",
  marquetry: "marquetry",
  duckdb: "DuckDB-WASM (eh)",
  udsv: "uDSV, typed columns",
  papaparse: "PapaParse, dynamicTyping",
  polars: "polars (native, 1 thread)",
};

export async function run({ browser, quick, log }) {
  const [n, rounds] = quick ? [50_000, 2] : [1_000_000, 5];
  const path = await customers(n);
  await peers();
  const python = await native("reading.py", path);
  const page = await browser.page("bench/page/reading.js", folder);
  await page.setInputFiles("#file", path);
  const about = await page.evaluate(() => globalThis.prepare());
  const inPage = (name) => () => page.evaluate((o) => globalThis.turn(o), { name, columns });
  const turns = {
    file: inPage("file"),
    polars: () => python.ask({ columns }),
    marquetry: inPage("marquetry"),
    duckdb: inPage("duckdb"),
    udsv: inPage("udsv"),
    papaparse: inPage("papaparse"),
  };
  const { times, whole, last } = await takeTurns(turns, rounds, log);
  python.close();
  await page.close();

  // Answers come before times.
  const reference = last.polars;
  for (const [name, { rows, sums }] of Object.entries(last)) {
    if (name === "file") continue;
    const near = sums.every((sum, at) => Math.abs(sum / reference.sums[at] - 1) <= 1e-9);
    if (rows !== n || !near)
      throw new Error(`${name} gives ${rows} rows and the sums ${sums}, polars ${reference.sums}`);
  }
  const bytes = statSync(path).size;
  return {
    title: `Reading a CSV of ${n.toLocaleString("en")} rows`,
    about: `A generated file of ${(bytes / 1e6).toFixed(0)} MB and 12 columns. Row count and the sums of ${columns.join(", ")} are equal for all.`,
    versions: { polars: python.about.polars, ...versions, duckdb: about.duckdb, marquetry: about.version },
    rounds,
    medians: Object.entries({ ...times, whole }).map(([name, list]) => ({
      name: titles[name] ?? "marquetry, with the findings about quality",
      time: median(list),
      speed: bytes / median(list) / 1e3,
    })),
    ratios: Object.entries(goals).flatMap(([name, goal]) => [
      { peer: titles[name], ratio: pairwise(times.marquetry, times[name]), whole: pairwise(whole, times[name]), goal },
    ]),
    alone: pairwise(times.marquetry, times.file),
  };
}
