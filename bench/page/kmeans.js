// In the browser: the same rows from the same starts, through the package and through its peers.
import { kmeans } from "ml-kmeans";
import skmeans from "skmeans";

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
globalThis.prepare = async ({ rows, d, smartcore }) => {
  const flat = await numbers(rows);
  const { createSegmenter } = await import("/marquetry/index.js");
  const segmenter = await createSegmenter({ workers: 1 });
  const table = await segmenter.load(document.getElementById("file").files[0]);
  const features = table.columns.map(({ name }) => ({ column: name, transform: "none" }));
  const study = table.study({ seed: 1 });
  shared = { d, flat, features, createSegmenter, studies: new Map([[1, study]]) };
  if (smartcore) {
    const { instance } = await WebAssembly.instantiateStreaming(fetch(smartcore));
    for (const value of flat) instance.exports.push(value);
    instance.exports.prepare(d);
    Object.assign(shared, { smartcore: instance.exports, rows: rowsOf(flat, d) });
  }
  return { version: segmenter.version, rows: table.rowCount };
};

/** A study with so many workers; the file is read again by an engine of its own. */
async function studyWith(workers) {
  const known = shared.studies.get(workers);
  if (known) return known;
  const segmenter = await shared.createSegmenter({ workers });
  const table = await segmenter.load(document.getElementById("file").files[0]);
  const study = table.study({ seed: 1 });
  shared.studies.set(workers, study);
  return study;
}

const timed = (work) => {
  const began = performance.now();
  const result = work();
  return { ms: performance.now() - began, result };
};

globalThis.peer = async ({ name, starts, k, iterations }) => {
  const { rows, d, flat, smartcore } = shared;
  const centres = rowsOf(await numbers(starts), d);
  if (name === "ml-kmeans") {
    const options = { initialization: centres, maxIterations: iterations, tolerance: 0 };
    const { ms, result } = timed(() => kmeans(rows, k, options));
    return { ms, iterations: result.iterations, inertia: inertiaOf(flat, d, result.centroids) };
  }
  if (name === "skmeans") {
    const { ms, result } = timed(() => skmeans(rows, k, centres, iterations));
    return { ms, iterations: result.it, inertia: inertiaOf(flat, d, result.centroids) };
  }
  const { ms } = timed(() => smartcore.fit(k, iterations));
  const sums = Array.from({ length: k }, () => ({ count: 0, sum: new Float64Array(d) }));
  for (let row = 0; row < rows.length; row++) {
    const cluster = sums[smartcore.label(row)];
    cluster.count += 1;
    for (let j = 0; j < d; j++) cluster.sum[j] += flat[row * d + j];
  }
  return {
    ms,
    inertia: inertiaOf(
      flat,
      d,
      sums.map(({ count, sum }) => Array.from(sum, (value) => value / count)),
    ),
  };
};

globalThis.ours = async ({ starts, k, iterations, workers }) => {
  const initial = rowsOf(await numbers(starts), shared.d);
  const study = await studyWith(workers);
  const phases = {};
  const began = performance.now();
  const onProgress = ({ phase }) => (phases[phase] ??= performance.now() - began);
  const { features } = shared;
  const result = await study.cluster({ features, k, initial, maxIterations: iterations, restarts: 1, onProgress });
  const whole = performance.now() - began;
  // Labels, centres and inertia stand when the quality figures begin; no peer computes any of these here.
  const stand = phases.silhouette ?? whole;
  const silhouette = (phases["checking stability"] ?? whole) - stand;
  const { iterations: passes, inertia, quality } = result;
  return { ms: stand, whole, iterations: passes, inertia, silhouette: quality.silhouette, silhouetteMs: silhouette };
};
