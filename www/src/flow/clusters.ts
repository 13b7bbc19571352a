/** From chosen features to clusters with names, reasons, pictures and a map. */
import { indicator, snakeOf, standardised } from "../clusters/moments.ts";
import { optionsOf } from "../clusters/setup.ts";
import type { Candidate, Cluster, CustomerMap, Search, Snake } from "../clusters/shapes.ts";
import { apart, axis, fitInWords, isLevel, nameOf } from "../clusters/words.ts";
import type { ClusterDescription, Clustering, ClusterOptions, Table } from "../engine.ts";
import { label as cased } from "../format.ts";
import type { Profile } from "../model.ts";
import { state } from "../state.ts";
import { type Desk, type Job, say } from "./desk.ts";
import { groupsOf, SEED } from "./study.ts";

/** Points from which the map's shades are made; its marks are fewer. */
const MAP_POINTS = 20_000;

/** How clusters are looked for; the same options give the same clusters. */
const asked = (): ClusterOptions => optionsOf(state.setup.value, "Clusters", SEED);

export function findClusters(desk: Desk): Promise<void> {
  return find(desk, asked(), []);
}

/** Makes clusters of a number that a stopped search has finished; what it knows of the others stays beside them. */
export function takeStopped(desk: Desk, k: number | undefined): void {
  const kept = state.search.value?.candidates ?? [];
  state.search.value = null;
  if (k !== undefined) void find(desk, { ...asked(), k }, kept);
}

async function find(desk: Desk, options: ClusterOptions, kept: readonly Candidate[]): Promise<void> {
  const { study } = desk;
  const setup = state.setup.value;
  if (!study) return;
  const range = typeof options.k === "object" ? options.k : undefined;
  state.search.value = null;
  const found = await desk.run("Looking for clusters", async (job) => {
    const watched: Job = {
      ...job,
      onProgress: (progress) => {
        job.onProgress(progress);
        const candidates = progress.candidates ?? [];
        if (range && candidates.length > 0 && !job.signal.aborted)
          state.search.value = { candidates, range, stopped: false };
      },
    };
    const result = await study.cluster({ ...options, ...watched });
    const profiles: Profile[] = await study.profile(result, job);
    const descriptions = [];
    for (const label of result.labels) descriptions.push(await result.describe(label));
    const [blades, tree, map] = [
      await result.silhouettes(),
      await result.tree(),
      await result.map({ maxPoints: MAP_POINTS }),
    ];
    const assignments = await result.assignments();
    const snake = await snakeFrom(desk.customers, result, assignments);
    return { result, profiles, descriptions, blades, tree, map, assignments, snake };
  });
  if (!found || desk.study !== study) {
    // Cancelled: what is finished stays, and can be taken.
    state.search.value = desk.study === study ? stopped(state.search.peek()) : null;
    return;
  }
  const { result, profiles, descriptions, blades, tree, map, assignments, snake } = found;
  desk.clustering = result;
  desk.clustered = options;
  const customers = desk.customers?.rowCount ?? 0;
  const candidates = [...kept.filter(({ k }) => k !== result.k), ...result.candidates].sort((a, b) => a.k - b.k);
  const clusters = await described(desk, result, profiles, descriptions);
  state.search.value = null;
  state.lassoed.value = null;
  state.faces.value = null;
  state.clusters.value = {
    asked: setup,
    k: result.k,
    method: options.method ?? "kmeans",
    reason: result.quality.reason,
    verdict: result.quality.verdict,
    silhouette: result.quality.silhouette,
    sampleSize: result.quality.sampleSize,
    seed: result.seed,
    given: typeof options.k === "number" && kept.length === 0,
    candidates,
    preferred: result.quality.preferred,
    clusters,
    notClustered: customers - result.sizes.reduce((sum, size) => sum + size, 0),
    features: result.features,
    variables: result.variables,
    notices: result.notices,
    map: {
      x: map.x,
      y: map.y,
      group: Array.from(map.rows, (row) => assignments[row] ?? -1),
      axes: [axis(map.loadings, "x"), axis(map.loadings, "y")],
      explained: map.explained,
    } satisfies CustomerMap,
    blades,
    tree,
    snake,
    dendrogram: result.dendrogram,
    fit: fitInWords(result),
    profiles,
    customers,
  };
  if (state.profiled.value?.key === "clusters") state.profiled.value = null;
  say(`${result.k} clusters. ${result.quality.reason}`);
}

const stopped = (search: Search | null): Search | null => search && { ...search, stopped: true };

async function described(
  desk: Desk,
  result: Clustering,
  profiles: Profile[],
  descriptions: ClusterDescription[],
): Promise<Cluster[]> {
  const groups = await groupsOf(desk, result);
  // The engine knows words for categories, the page for the columns that folding makes.
  const categories = result.features.some(isLevel);
  const names = groups.map(({ label }, at) => {
    const own = categories ? undefined : nameOf(profiles[at]?.columns ?? [], result.features);
    return own ?? (cased(descriptions[at]?.name ?? "") || label);
  });
  return groups.map((group, index) => {
    const about = descriptions[index] as ClusterDescription;
    const { text, precision, recall, note, typical, borderline } = about;
    return {
      ...group,
      rule: { text, precision, recall, ...(note !== undefined && { note }) },
      typical,
      borderline,
      index: about.index,
      name: apart(names)[index] ?? group.label,
      sentences: profiles[index]?.differences ?? [],
      stability: result.quality.stability[index],
      means: result.features.map((name, at) => ({ name, value: result.centers[index]?.[at] ?? Number.NaN })),
    };
  });
}

/** A person's own name for a cluster; an empty one is none. */
export function nameCluster(label: string, name: string): void {
  const found = state.clusters.value;
  const own = name.trim();
  if (!found || own === "") return;
  const clusters = found.clusters.map((cluster) => (cluster.label === label ? { ...cluster, name: own } : cluster));
  state.clusters.value = { ...found, clusters };
  if (state.profiled.value?.key === "clusters") state.profiled.value = null;
}

/** The features' means by cluster, one column after the other, so that the page stays awake. */
async function snakeFrom(customers: Table | undefined, result: Clustering, groups: Int32Array): Promise<Snake> {
  const features = [];
  for (const [at, name] of result.features.entries()) {
    const values = await numbersOf(customers, name);
    if (!values) continue;
    const log = result.transforms[at] === "log";
    features.push({ name, log, ...standardised(values, groups, result.k, log) });
  }
  return snakeOf(features, result.k);
}

/** A feature's values: those of its column, or for “country = DE” 1 where the column is so. */
async function numbersOf(customers: Table | undefined, feature: string): Promise<Float64Array | undefined> {
  if (!customers) return undefined;
  const known = (name: string): boolean => customers.columns.some((column) => column.name === name);
  if (known(feature)) {
    const values = await customers.column(feature);
    return values instanceof Float64Array ? values : undefined;
  }
  const cut = feature.indexOf(" = ");
  const column = feature.slice(0, cut);
  if (cut < 0 || !known(column)) return undefined;
  const values = await customers.column(column);
  const level = feature.slice(cut + 3);
  return indicator(Array.isArray(values) ? values : Array.from(values, String), level);
}
