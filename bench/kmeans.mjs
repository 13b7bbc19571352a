// k-means: ours against scikit-learn (native, one thread), taking turns from the same starts, over a grid of sizes; and against
// ml-kmeans, skmeans and smartcore in the same browser; two workers against one; the exact silhouette.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { must, root } from "../scripts/run.mjs";
import { clouds } from "./data.mjs";
import { median, pairwise, takeTurns } from "./figures.mjs";
import { folder, peers, versions } from "./peers.mjs";
import { native } from "./python.mjs";

const iterations = 20;
/** Enough for these data to come to rest, or to be at it for long. */
const most = 100;
const url = (path) => `/data/${basename(path)}`;

/** smartcore's k-means as a module, built by this script alone. */
async function smartcore() {
  const target = join(root, ".cache", "bench", "smartcore");
  const manifest = join(root, "bench", "smartcore", "Cargo.toml");
  const wasm = join(target, "wasm32-unknown-unknown", "release", "bench_smartcore.wasm");
  const options = ["build", "--quiet", "--release", "--target", "wasm32-unknown-unknown", "--manifest-path", manifest];
  await must("Building smartcore", "cargo", [...options, "--target-dir", target]);
  if (!existsSync(wasm)) throw new Error(`${wasm} is missing`);
  return "/smartcore/wasm32-unknown-unknown/release/bench_smartcore.wasm";
}

/** Answers come before times. */
function check(what, mine, theirs, share = 1e-4) {
  const ratio = mine / theirs;
  if (!(Math.abs(ratio - 1) <= share)) throw new Error(`${what}: ${mine} against ${theirs}`);
  return ratio;
}

export async function run({ browser, quick, log }) {
  const [ns, ds, ks] = quick
    ? [[100_000], [8], [5, 8]]
    : [
        [100_000, 1_000_000],
        [4, 8, 16],
        [5, 8, 20],
      ];
  const rounds = quick ? 3 : 5;
  const main = quick ? "100000 × 8, 8" : "1000000 × 8, 8";
  await peers();
  const module = await smartcore();
  const cells = [];
  const rest = { versions: {} };
  for (const n of ns) {
    for (const d of ds) {
      const { csv, rows } = await clouds(n, d, ks[0]);
      const python = await native("kmeans.py", rows, n, d);
      const page = await browser.page("bench/page/kmeans.js", folder);
      await page.setInputFiles("#file", csv);
      const isMain = main.startsWith(`${n} × ${d},`);
      const about = await page.evaluate((o) => globalThis.prepare(o), {
        rows: url(rows),
        d,
        ...(isMain && { smartcore: module }),
      });
      rest.versions = { ...python.about, ...rest.versions, marquetry: about.version };
      const theirs = (starts, k, most, more = {}) => python.ask({ starts, k, iterations: most, ...more });
      const ours = (starts, k, most, workers = 1) =>
        page.evaluate((o) => globalThis.ours(o), { starts: url(starts), k, iterations: most, workers });
      for (const k of ks) {
        const { starts } = await clouds(n, d, k);
        const cell = { n, d, k };
        for (const [key, limit] of [
          ["twenty", iterations],
          ["rest", most],
        ]) {
          const turns = {
            "scikit-learn": () => theirs(starts, k, limit),
            marquetry: () => ours(starts, k, limit),
          };
          const { times, last } = await takeTurns(turns, key === "rest" ? Math.min(rounds, 3) : rounds, log);
          const inertia = check(`inertia of ${n} × ${d}, ${k}`, last.marquetry.inertia, last["scikit-learn"].inertia);
          cell[key] = {
            ours: median(times.marquetry),
            theirs: median(times["scikit-learn"]),
            ratio: pairwise(times.marquetry, times["scikit-learn"]),
            iterations: [last.marquetry.iterations, last["scikit-learn"].iterations],
            inertia,
          };
        }
        log(`cell ${n} × ${d}, ${k}: ${cell.twenty.ratio.toFixed(3)}, to rest ${cell.rest.ratio.toFixed(3)}`);
        cells.push(cell);
        if (main === `${n} × ${d}, ${k}`) {
          rest.peers = await beside({ page, starts, k, ours, log });
          rest.versions = { ...rest.versions, "ml-kmeans": "7.0.1", skmeans: versions.skmeans, smartcore: "0.7.0" };
        }
      }
      // Two workers: the longest of these runs, which is what they are for.
      if (n === ns.at(-1) && d === ds.at(-1)) {
        const { starts, k } = { ...(await clouds(n, d, ks.at(-1))), k: ks.at(-1) };
        const turns = { one: () => ours(starts, k, most), two: () => ours(starts, k, most, 2) };
        const { times, last } = await takeTurns(turns, Math.min(rounds, 3), log);
        check("inertia of two workers", last.two.inertia, last.one.inertia, 0);
        rest.workers = {
          n,
          d,
          k,
          one: median(times.one),
          two: median(times.two),
          ratio: pairwise(times.two, times.one),
        };
      }
      python.close();
      await page.close();
    }
  }
  rest.silhouette = await silhouettes({ browser, rounds, log });
  return { title: "k-means from the same starts", rounds, iterations, most, main, cells, ...rest };
}

async function beside({ page, starts, k, ours, log }) {
  const names = ["ml-kmeans", "skmeans", "smartcore"];
  const ask = (name) => () =>
    page.evaluate((o) => globalThis.peer(o), { name, starts: `/data/${basename(starts)}`, k, iterations });
  const turns = {
    ...Object.fromEntries(names.map((name) => [name, ask(name)])),
    marquetry: () => ours(starts, k, iterations),
  };
  const { times, whole, last } = await takeTurns(turns, 3, log);
  return names.map((name) => ({
    name,
    time: median(times[name]),
    ratio: pairwise(times.marquetry, times[name]),
    whole: pairwise(whole, times[name]),
    inertia: last[name].inertia / last.marquetry.inertia,
    goal: { "ml-kmeans": 0.05, smartcore: 0.04 }[name],
  }));
}

/** Over all of 10,000 rows. */
async function silhouettes({ browser, rounds, log }) {
  const [n, d, k] = [10_000, 8, 8];
  const { csv, rows, starts } = await clouds(n, d, k);
  const python = await native("kmeans.py", rows, n, d);
  const page = await browser.page("bench/page/kmeans.js", folder);
  await page.setInputFiles("#file", csv);
  await page.evaluate((o) => globalThis.prepare(o), { rows: url(rows), d });
  const turns = {
    "scikit-learn": () => python.ask({ starts, k, iterations: most, silhouette: true }),
    marquetry: async () => {
      const o = { starts: url(starts), k, iterations: most, workers: 1 };
      const { silhouetteMs: ms, silhouette } = await page.evaluate((o) => globalThis.ours(o), o);
      return { ms, silhouette };
    },
  };
  const { times, last } = await takeTurns(turns, rounds, log);
  python.close();
  await page.close();
  check("silhouette", last.marquetry.silhouette, last["scikit-learn"].silhouette);
  return {
    n,
    d,
    k,
    ours: median(times.marquetry),
    theirs: median(times["scikit-learn"]),
    ratio: pairwise(times.marquetry, times["scikit-learn"]),
  };
}
