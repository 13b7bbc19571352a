// Rules: one nested rule, an edit of it, and a hundred rules with their overlap, over a million customers; ours against
// DuckDB-WASM and the rule libraries in the same browser and DuckDB (native, one thread), taking turns.
import { shopperRules, shoppers } from "./data.mjs";
import { median, pairwise, takeTurns } from "./figures.mjs";
import { folder, peers, versions } from "./peers.mjs";
import { native } from "./python.mjs";

const goals = { duckdb: 0.15, "json-logic-engine": 0.15, "json-logic-js": 0.01, sift: 0.01 };
const frame = 16;
const titles = {
  fresh: "marquetry, a fresh rule: counts, unknowns and revenue at every node",
  "edit of a number": "marquetry, the same after one number was changed",
  "edit of the text": "marquetry, the same after the text was changed",
  duckdb: "DuckDB-WASM (eh), members of the rule",
  "json-logic-engine": "json-logic-engine, compiled",
  "json-logic-js": "json-logic-js",
  sift: "sift",
  all: "marquetry, 100 rules with their overlap",
  native: "DuckDB (native, 1 thread), 100 counts in one query",
};

export async function run({ browser, quick, log }) {
  const [n, rounds] = quick ? [50_000, 2] : [1_000_000, 7];
  const path = await shoppers(n);
  const rules = shopperRules(100);
  await peers();
  const python = await native("rules.py", path);
  const page = await browser.page("bench/page/rules.js", folder);
  await page.setInputFiles("#file", path);
  const about = await page.evaluate((rule) => globalThis.prepare(rule), rules[0]);
  log(`prepared: ${JSON.stringify(about)}`);
  const conditions = await page.evaluate((all) => globalThis.sql(all), rules);
  const inPage = (name, rule = rules[0]) => [name, () => page.evaluate((o) => globalThis.turn(o), { name, rule })];
  const turns = Object.fromEntries([
    ...["fresh", "duckdb", "json-logic-engine", "edit of a number", "edit of the text"].map((name) => inPage(name)),
    inPage("all", rules),
    ["native", () => python.ask({ conditions })],
    // Long turns come after the browser's long pause, so that none of the short ones, ours or a peer's, begins from sleep.
    ...["json-logic-js", "sift"].map((name) => inPage(name)),
  ]);
  const brief = (line) => log(line.replace(/"counts":\[.*?\],?/, ""));
  const { times, last } = await takeTurns(turns, rounds, brief);
  python.close();
  await page.close();

  // Answers come before times.
  for (const name of ["duckdb", "json-logic-engine", "json-logic-js", "sift"]) {
    if (last[name].count !== last.fresh.count)
      throw new Error(`${name} finds ${last[name].count} members, marquetry ${last.fresh.count}`);
  }
  const differing = last.native.counts.findIndex((count, at) => count !== last.all.counts[at]);
  if (differing >= 0 || last.native.counts.length !== last.all.counts.length)
    throw new Error(
      `rule ${differing + 1}: DuckDB finds ${last.native.counts[differing]} members, marquetry ${last.all.counts[differing]}`,
    );
  const named = ({ duckdb, ...others }) => ({ ...others, "DuckDB-WASM": duckdb });
  return {
    title: `Rules over ${n.toLocaleString("en")} customers`,
    about:
      `${conditions[0].slice(1, -1)}: ${last.fresh.count.toLocaleString("en")} members, the same for all; and 100 rules of this shape, whose ` +
      `${last.native.counts.length} counts are those of DuckDB, with ${last.all.pairs.toLocaleString("en")} pairs and ${last.all.sets.toLocaleString("en")} sets of segments that occur. The amounts' bit slices, from which revenue is counted, are cut by the first round, once for the table, and it is then that the texts' places are first counted.`,
    versions: { ...named(versions), duckdb: python.about.duckdb, marquetry: about.version },
    rounds,
    medians: Object.entries(times).map(([name, list]) => ({ name: titles[name], time: median(list) })),
    ratios: [
      ...Object.entries(goals).map(([name, goal]) => ({
        peer: titles[name],
        ratio: pairwise(times.fresh, times[name]),
        goal,
      })),
      { peer: titles.native, ratio: pairwise(times.all, times.native), goal: 0.05 },
    ],
    edits: { number: median(times["edit of a number"]), text: median(times["edit of the text"]), goal: frame },
  };
}
