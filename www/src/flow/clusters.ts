/** From chosen features to clusters with names, reasons and a map. */
import type { Clustering } from "../engine.ts";
import { possibleFeatures } from "../figures.ts";
import { label } from "../format.ts";
import type { Cluster, CustomerMap, Profile } from "../model.ts";
import { state } from "../state.ts";
import { type Desk, say } from "./desk.ts";
import { groupsOf, SEED } from "./study.ts";

const MAP_POINTS = 5000;
/** Features whose difference is below this (Cohen's d) do not name a cluster. */
const WORTH_NAMING = 0.3;

export function toggleFeature(column: string): void {
  const ticked = new Set(state.features.value);
  if (!ticked.delete(column)) ticked.add(column);
  const possible = possibleFeatures(state.study.value?.columns ?? []);
  state.features.value = possible.map(({ name }) => name).filter((name) => ticked.has(name));
}

/** How clusters are looked for; the same options give the same clusters. */
export const asked = (features: string[]) => ({ name: "Clusters", features, k: { min: 2, max: 10 }, seed: SEED });

export async function findClusters(desk: Desk): Promise<void> {
  const { study } = desk;
  const features = state.features.value;
  if (!study) return;
  const found = await desk.run("Looking for clusters", async (job) => {
    const result = await study.cluster({ ...asked(features), ...job });
    const profiles: Profile[] = await study.profile(result);
    const [assignments, map] = [await result.assignments(), await result.map({ maxPoints: MAP_POINTS })];
    const rules = await Promise.all(result.labels.map((name) => result.describe(name)));
    return { result, profiles, assignments, map, rules };
  });
  if (!found || desk.study !== study) return;
  const { result, profiles, assignments, map, rules } = found;
  desk.clustering = result;
  const customers = desk.customers?.rowCount ?? 0;
  state.clusters.value = {
    k: result.k,
    reason: result.quality.reason,
    verdict: result.quality.verdict,
    silhouette: result.quality.silhouette,
    sampleSize: result.quality.sampleSize,
    seed: result.seed,
    candidates: result.candidates,
    clusters: await described(desk, result, profiles, rules),
    notClustered: customers - result.sizes.reduce((sum, size) => sum + size, 0),
    features: result.variables.map(({ name, etaSquared }) => ({ name, etaSquared })),
    notices: result.notices,
    map: {
      x: map.x,
      y: map.y,
      group: Array.from(map.rows, (row) => assignments[row] ?? -1),
      axes: [axis(map.loadings, "x"), axis(map.loadings, "y")],
      explained: map.explained,
    } satisfies CustomerMap,
    customers,
  };
  if (state.profiled.value?.key === "clusters") state.profiled.value = null;
  say(`${result.k} clusters. ${result.quality.reason}`);
}

async function described(
  desk: Desk,
  result: Clustering,
  profiles: Profile[],
  rules: Cluster["rule"][],
): Promise<Cluster[]> {
  const groups = await groupsOf(desk, result);
  const names = apart(groups.map(({ label }, at) => nameOf(profiles[at]?.columns ?? [], result.features) ?? label));
  return groups.map((group, index) => ({
    ...group,
    rule: rules[index] ?? { text: "", precision: Number.NaN, recall: 0 },
    name: names[index] ?? group.label,
    sentences: profiles[index]?.differences ?? [],
    stability: result.quality.stability[index],
    means: result.features.map((name, at) => ({ name, value: result.centers[index]?.[at] ?? Number.NaN })),
  }));
}

/** What high and low mean for the columns that folding makes; others are called by their name. */
const WORDS = new Map<string, readonly [high: string, low: string]>([
  ["recency_days", ["long ago", "recent"]],
  ["frequency", ["many orders", "few orders"]],
  ["monetary", ["high spend", "low spend"]],
  ["average_order", ["large orders", "small orders"]],
  ["tenure_days", ["long known", "newly known"]],
  ["refunds", ["many refunds", "few refunds"]],
]);

function spoken(name: string, high: boolean): string {
  const words = WORDS.get(name);
  return words ? words[high ? 0 : 1] : `${high ? "high" : "low"} ${name.replace(/_/g, " ")}`;
}

/** The same names, numbered where two are alike. */
function apart(names: readonly string[]): string[] {
  return names.map((name, at) => {
    const before = names.slice(0, at).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

/** “High spend, many orders”: the two features that set a cluster apart most. */
function nameOf(columns: Profile["columns"], features: readonly string[]): string | undefined {
  const strongest = columns
    .filter(({ name, effect }) => features.includes(name) && Math.abs(effect) >= WORTH_NAMING)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, 2);
  if (strongest.length === 0) return undefined;
  return label(strongest.map(({ name, effect }) => spoken(name, effect > 0)).join(", "));
}

/** What an axis of the map stands for: its two strongest features, with their direction. */
function axis(loadings: readonly { name: string; x: number; y: number }[], of: "x" | "y"): string {
  const strong = [...loadings].sort((a, b) => Math.abs(b[of]) - Math.abs(a[of])).slice(0, 2);
  return strong.map((loading) => spoken(loading.name, loading[of] >= 0)).join(", ");
}
