/** From chosen features to clusters with names, reasons, pictures and a map. */
import { indicator, snakeOf, standardised } from "../clusters/moments.ts";
import { optionsOf } from "../clusters/setup.ts";
import type { Candidate, Cluster, Clusters, CustomerMap, Method, Search, Snake } from "../clusters/shapes.ts";
import { apart, axis, fitInWords, isLevel, nameOf } from "../clusters/words.ts";
import type { ClusterDescription, ClusterModel, ClusterOptions, PlacedClusters, Table } from "../engine.ts";
import { label as cased, plural } from "../format.ts";
import type { Profile } from "../model.ts";
import { state } from "../state.ts";
import { type Desk, type Job, SEED, say } from "./desk.ts";
import { groupsOf } from "./groups.ts";

/** Points from which the map's shades are made; its marks are fewer. */
const MAP_POINTS = 20_000;

/** How clusters are looked for; the same options give the same clusters. They take the place of those there are. */
const asked = (): ClusterOptions => optionsOf(state.setup.value, state.clusters.value?.name ?? "Clusters", SEED);

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
    return { result, drawn: await drawn(desk, result, job) };
  });
  if (!found || desk.study !== study) {
    // Cancelled: what is finished stays, and can be taken.
    state.search.value = desk.study === study ? stopped(state.search.peek()) : null;
    return;
  }
  const { result, drawn: pictures } = found;
  const { reason, verdict, silhouette, sampleSize, preferred, stability } = result.quality;
  const clusters = pictures.clusters.map((cluster, at) => ({ ...cluster, stability: stability[at] }));
  const candidates = [...kept.filter(({ k }) => k !== result.k), ...result.candidates].sort((a, b) => a.k - b.k);
  show(desk, result, (again, job) => again.cluster({ ...options, ...job }), {
    ...pictures,
    clusters,
    asked: setup,
    reason,
    verdict,
    silhouette,
    sampleSize,
    given: typeof options.k === "number" && kept.length === 0,
    candidates,
    preferred,
    variables: result.variables,
    dendrogram: result.dendrogram,
    fit: fitInWords(result),
  });
}

/** Shows clusters in which a project has placed the customers; false where that was cancelled. */
export async function takeClusters(desk: Desk, placed: PlacedClusters): Promise<boolean> {
  const { study } = desk;
  const pictures = await desk.run(`Drawing ${placed.name}`, (job) => drawn(desk, placed, job));
  if (!pictures || desk.study !== study) return false;
  const model = placed.toJSON();
  show(desk, placed, (again) => again.place(model, { name: placed.name }), {
    ...pictures,
    asked: undefined,
    reason: "Each customer is where the project’s model puts it. Nothing was searched on this file.",
    verdict: "placed",
    silhouette: pictures.blades.mean,
    sampleSize: pictures.blades.sampleSize,
    given: false,
    candidates: [],
    preferred: {},
    variables: [],
    dendrogram: undefined,
    fit: "",
  });
  return true;
}

function show(desk: Desk, result: ClusterModel, again: NonNullable<Desk["clusterAgain"]>, shown: Clusters): void {
  desk.clustering = result;
  desk.clusterAgain = again;
  state.search.value = null;
  state.lassoed.value = null;
  state.faces.value = null;
  state.clusters.value = shown;
  if (state.profiled.value?.key === "clusters") state.profiled.value = null;
  say(`${plural(shown.k, "cluster")}. ${shown.reason}`);
}

/** What the pictures of clusters need, however these came about. */
async function drawn(desk: Desk, result: ClusterModel, job: Job) {
  const { study, customers: table } = desk;
  const profiles: Profile[] = (await study?.profile(result, job)) ?? [];
  const descriptions = [];
  for (const label of result.labels) descriptions.push(await result.describe(label));
  const blades = await result.silhouettes();
  const tree = await result.tree();
  const map = await result.map({ maxPoints: MAP_POINTS });
  const assignments = await result.assignments();
  const customers = table?.rowCount ?? 0;
  return {
    name: result.name,
    columns: [...new Set(result.features.map((feature) => columnOf(table, feature)))],
    k: result.k,
    method: result.method as Method,
    seed: result.seed,
    clusters: await described(desk, result, profiles, descriptions),
    notClustered: customers - result.sizes.reduce((sum, size) => sum + size, 0),
    features: result.features,
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
    snake: await snakeFrom(table, result, assignments),
    profiles,
    customers,
  };
}

const stopped = (search: Search | null): Search | null => search && { ...search, stopped: true };

async function described(
  desk: Desk,
  result: ClusterModel,
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
      stability: undefined,
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

/** The features' means by cluster, one column after the other. */
async function snakeFrom(customers: Table | undefined, result: ClusterModel, groups: Int32Array): Promise<Snake> {
  const features = [];
  for (const [at, name] of result.features.entries()) {
    const values = await numbersOf(customers, name);
    if (!values) continue;
    const log = result.transforms[at] === "log";
    features.push({ name, log, ...(await standardised(values, groups, result.k, log)) });
  }
  return snakeOf(features, result.k);
}

const isColumn = (customers: Table | undefined, name: string): boolean =>
  customers?.columns.some((column) => column.name === name) ?? false;

/** The column of a feature: its own, or that of which it is a level, as in “country = DE”. */
function columnOf(customers: Table | undefined, feature: string): string {
  const cut = feature.indexOf(" = ");
  return isColumn(customers, feature) || cut < 0 ? feature : feature.slice(0, cut);
}

/** A feature's values: those of its column, or for “country = DE” 1 where the column is so. */
async function numbersOf(customers: Table | undefined, feature: string): Promise<Float64Array | undefined> {
  const column = columnOf(customers, feature);
  if (!customers || !isColumn(customers, column)) return undefined;
  const values = await customers.column(column);
  if (column === feature) return values instanceof Float64Array ? values : undefined;
  const level = feature.slice(column.length + 3);
  return indicator(values, level);
}
