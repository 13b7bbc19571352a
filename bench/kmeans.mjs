// k-means: ours against scikit-learn (native, one thread) and ml-kmeans (same browser), taking turns from the same starts.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../scripts/run.mjs";
import { clouds } from "./data.mjs";
import { median, pairwise, takeTurns } from "./figures.mjs";
import { native } from "./python.mjs";

const iterations = 20;

export async function run({ browser, quick, log }) {
  const [n, d, k, rounds] = quick ? [100_000, 8, 8, 2] : [1_000_000, 8, 8, 5];
  const paths = await clouds(n, d, k);
  const url = (path) => `/data/${basename(path)}`;
  const ours = existsSync(join(root, "dist", "index.js"));
  const python = await native("kmeans.py", paths.rows, paths.starts, n, d, k);
  const page = await browser.page("bench/page/kmeans.js");
  await page.setInputFiles("#file", paths.csv);
  const about = await page.evaluate((o) => globalThis.prepare(o), {
    rows: url(paths.rows),
    starts: url(paths.starts),
    d,
    k,
    ours,
  });
  log(`prepared: ${JSON.stringify(about)}`);

  const turns = {
    "scikit-learn": () => python.ask({ iterations }),
    "ml-kmeans": () => page.evaluate((o) => globalThis.peer(o), { iterations }),
  };
  if (ours) turns.marquetry = () => page.evaluate((o) => globalThis.ours(o), { iterations });
  const { times, whole, last } = await takeTurns(turns, rounds, log);
  python.close();
  await page.close();

  // Answers come before times.
  const reference = last["scikit-learn"];
  const answers = Object.entries(last).map(([name, { inertia, iterations: done }]) => {
    const ratio = inertia / reference.inertia;
    return { name, iterations: done, ratio, equal: Math.abs(ratio - 1) <= 1e-4 };
  });
  const wrong = answers.filter(({ equal }) => !equal).map(({ name, ratio }) => `${name} (${ratio})`);
  if (wrong.length) throw new Error(`inertia differs from scikit-learn's by more than 1.0001: ${wrong.join(", ")}`);
  return {
    title: `k-means, n = ${n.toLocaleString("en")}, d = ${d}, k = ${k}, ${iterations} iterations from the same start`,
    versions: { ...python.about, "ml-kmeans": "7.0.1", marquetry: about.version },
    rounds,
    medians: {
      ...Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)])),
      ...(ours ? { "marquetry, with all quality figures": median(whole) } : {}),
    },
    answers,
    ratios: ours
      ? [
          {
            peer: "scikit-learn (native, 1 thread, Lloyd)",
            ratio: pairwise(times.marquetry, times["scikit-learn"]),
            goal: 1,
          },
          { peer: "ml-kmeans (same browser)", ratio: pairwise(times.marquetry, times["ml-kmeans"]), goal: 0.15 },
          { peer: "scikit-learn, our whole call", ratio: pairwise(whole, times["scikit-learn"]) },
          { peer: "ml-kmeans, our whole call", ratio: pairwise(whole, times["ml-kmeans"]) },
        ]
      : [],
  };
}
