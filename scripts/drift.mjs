// Are the figures of drift those of SciPy? Made-up samples of many shapes, compared by the package (as studies, and by way of a
// baseline) and by SciPy and NumPy from their registry: PSI, chi-square, Kolmogorov-Smirnov, effect sizes, distances.
//
//   node scripts/drift.mjs [--sets 60] [--seed 1] [--install]
//
// A figure is right when it is within 1e-9, of itself or of 1.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { asking, install } from "../tests/sql/engines.mjs";
import { bail, root } from "./run.mjs";
import { engine, mayInstall, systemPackages } from "./setup.mjs";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const [SETS, SEED] = [option("sets", 60), option("seed", 1)];
const NEAR = 1e-9;
/** Where SciPy lives. */
const HOME = join(root, ".cache", "drift");

/** Seeded numbers from 0 up to 1. */
function chance(seed) {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Columns by name: what a customer of the earlier (0) or the later (1) side has. */
function shapes(next) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const [shift, stretch, share] = [next() - 0.5, 0.5 + next(), next()];
  const of = (list) => list[Math.floor(next() * list.length)];
  return {
    bell: (side) => (1 + side * (stretch - 1)) * normal() + side * shift,
    money: (side) => Math.round(100 * Math.exp(normal() + side * shift)) / 100,
    orders: (side) => 1 + Math.floor(-Math.log(1 - next()) * (1 + side * stretch)),
    same: () => next(),
    gaps: (side) => (next() < 0.1 + 0.3 * side ? null : normal()),
    constant: (side) => (next() < 0.02 * side ? 8 : 7),
    country: (side) => of(next() < share * side ? ["DE", "AT"] : ["DE", "AT", "CH", "FR", "IT"]),
    plan: (side) => (next() < 0.05 ? null : of(["basic", "plus", ...(side ? ["new", "newer"] : [])])),
    tail: (side) => `t${Math.floor((60 + 20 * side) * next() * next() * next())}`,
  };
}

const csv = (ids, columns) =>
  [
    ["customer_id", ...Object.keys(columns)].join(","),
    ...ids.map((id, row) => [id, ...Object.values(columns).map((one) => one[row] ?? "")].join(",")),
  ].join("\n");

const figures = (drift, from) => ({
  psi: drift.psi,
  expectedPsi: drift.expectedPsi,
  totalVariation: drift.totalVariation,
  hellinger: drift.hellinger,
  jensenShannon: drift.jensenShannon,
  effect: drift.effect?.value,
  meanBefore: drift.meanBefore,
  meanAfter: drift.meanAfter,
  medianBefore: drift.medianBefore,
  medianAfter: drift.medianAfter,
  degrees: drift.statistic?.degrees,
  ...(drift.statistic?.from === from && { value: drift.statistic.value, p: drift.statistic.p }),
  ...(drift.statistic?.from === "bins" && { fromBins: drift.statistic.value }),
});

async function main() {
  await install("scipy", ["scipy==1.16.3", "numpy==2.3.5"], { mayInstall, systemPackages }, HOME);
  await engine();
  const { createSegmenter } = await import(pathToFileURL(join(root, "dist", "node.js")).href);
  const segmenter = await createSegmenter({ worker: "none" });
  const { ask, close } = asking("tests/drift/reference.py", HOME);
  const [tally, wrong] = [new Map(), []];
  for (let set = 0; set < SETS; set++) {
    const next = chance((SEED * 7_919 + set * 104_729) % 2_147_483_647);
    const made = shapes(next);
    const sizes = [0, 1].map(() => 20 + Math.floor(2_000 * next() * next()));
    const sides = sizes.map((size, side) =>
      Object.fromEntries(
        Object.entries(made).map(([name, one]) => [name, Array.from({ length: size }, () => one(side))]),
      ),
    );
    const studies = [];
    const types = Object.fromEntries(
      Object.keys(made).map((name) => [
        name,
        { type: ["country", "plan", "tail"].includes(name) ? "text" : "number", role: "other" },
      ]),
    );
    for (const [side, columns] of sides.entries()) {
      const ids = columns.bell.map((_, row) => `c${row + 10 * side}`);
      const table = await segmenter.load(csv(ids, columns), {
        columns: { ...types, customer_id: { role: "customer-id" } },
      });
      studies.push(table.study());
    }
    const [before, after] = studies;
    const baseline = JSON.parse(await (await before.export({ what: "baseline" })).text());
    const pairs = Object.fromEntries(Object.keys(made).map((name) => [name, sides.map((side) => side[name])]));
    const expected = await ask({ columns: pairs });
    for (const drifts of [(await after.compare(before)).drift, (await after.compare(baseline)).drift]) {
      if (drifts.length !== Object.keys(made).length) wrong.push(`set ${set}: ${drifts.length} columns`);
      for (const drift of drifts) {
        for (const [name, found] of Object.entries(figures(drift, "values"))) {
          if (found === undefined) continue;
          const right = expected[drift.column][name];
          const near = Math.abs(found - right) <= NEAR * Math.max(1, Math.abs(right));
          tally.set(name, (tally.get(name) ?? 0) + 1);
          if (!near) wrong.push(`set ${set}, ${drift.column}, ${name}: ${found} is not ${right}`);
        }
      }
    }
    await before.table.close();
    await after.table.close();
  }
  close();
  await segmenter.close();
  for (const [name, count] of tally) console.log(`${name.padEnd(15)} ${count} figures`);
  for (const one of wrong.slice(0, 20)) console.log(`DIFFERENT ${one}`);
  const all = [...tally.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${all - wrong.length} passed, ${wrong.length} failed, 0 skipped`);
  process.exitCode = wrong.length > 0 || all === 0 ? 1 : 0;
}

await main().catch(bail);
