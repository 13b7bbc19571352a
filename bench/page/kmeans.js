// In the browser: the same rows from the same starts, through the package and through ml-kmeans.
import { kmeans } from "ml-kmeans";

const numbers = async (url) => new Float32Array(await (await fetch(url)).arrayBuffer());
const rowsOf = (flat, d) =>
  Array.from({ length: flat.length / d }, (_, i) => Array.from(flat.subarray(i * d, i * d + d)));

/** Sum of squared distances to the nearest centre, in double precision: the same judge for everyone. */
function inertiaOf(rows, d, centres) {
  let sum = 0;
  for (let at = 0; at < rows.length; at += d) {
    let best = Number.POSITIVE_INFINITY;
    for (const centre of centres) {
      let distance = 0;
      for (let j = 0; j < d; j++) distance += (rows[at + j] - centre[j]) ** 2;
      if (distance < best) best = distance;
    }
    sum += best;
  }
  return sum;
}

let shared;
globalThis.prepare = async ({ rows, starts, d, k, ours }) => {
  const flat = await numbers(rows);
  shared = { d, k, flat, rows: rowsOf(flat, d), starts: rowsOf(await numbers(starts), d) };
  if (!ours) return {};
  const { createSegmenter } = await import("/marquetry/index.js");
  const segmenter = await createSegmenter({ workers: 1 });
  const table = await segmenter.load(document.getElementById("file").files[0]);
  const study = table.study({ seed: 1 });
  const features = table.columns.map(({ name }) => ({ column: name, transform: "none" }));
  shared = { ...shared, table, study, features };
  return { version: segmenter.version, rows: table.rowCount };
};

globalThis.peer = ({ iterations }) => {
  const { rows, starts, d, k, flat } = shared;
  const began = performance.now();
  const result = kmeans(rows, k, { initialization: starts, maxIterations: iterations, tolerance: 0 });
  const ms = performance.now() - began;
  return { ms, iterations: result.iterations, inertia: inertiaOf(flat, d, result.centroids) };
};

globalThis.ours = async ({ iterations }) => {
  const { study, features, starts, k } = shared;
  const phases = {};
  const began = performance.now();
  const onProgress = ({ phase }) => (phases[phase] ??= performance.now() - began);
  const result = await study.cluster({
    features,
    k,
    initial: starts,
    maxIterations: iterations,
    restarts: 1,
    onProgress,
  });
  const whole = performance.now() - began;
  // The labels stand when the quality figures begin; no peer computes any.
  const ms = phases["checking stability"] ?? phases["comparing with no groups"] ?? whole;
  return { ms, whole, iterations: result.iterations, inertia: result.inertia, phases };
};
