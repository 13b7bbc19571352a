/** What figures about clusters mean, in words. */
import { label, number, percent, plural } from "../format.ts";
import type { Candidate, Clusters } from "./shapes.ts";

/** From this mean overlap on, a cluster counts as found again in other draws of the customers; as in the engine's rule for k. */
export const STABLE = 0.75;
/** Features whose difference is below this (Cohen's d) do not name a cluster. */
const WORTH_NAMING = 0.3;

export const headline = ({ verdict, k }: Pick<Clusters, "verdict" | "k">): string =>
  ({
    none: "No clear clusters in these features",
    doubtful: `${k} clusters, with doubt`,
    clear: `${k} clear clusters`,
    placed: `${k} clusters, placed by the project’s model`,
  })[verdict];

/** How surely a cluster is found again. */
export function stabilityInWords(stability: number): string {
  if (stability >= 0.9) return "nearly always found again";
  if (stability >= STABLE) return "mostly found again";
  return stability >= 0.6 ? "often found otherwise" : "seldom found again";
}

/** The number of clusters that would be taken in place of the chosen one: the best of the others that are stable, else of all. */
export function runnerUp(candidates: readonly Candidate[], k: number): Candidate | undefined {
  const others = candidates.filter((one) => one.k !== k);
  const stable = others.filter((one) => one.stability >= STABLE);
  return best(stable.length > 0 ? stable : others);
}

/** The one with the highest silhouette; the first of equals. */
export const best = (candidates: readonly Candidate[]): Candidate | undefined =>
  candidates.reduce<Candidate | undefined>(
    (top, one) => (top && top.silhouette >= one.silhouette ? top : one),
    undefined,
  );

/** The same by the engine's rule for k: the best among the stable ones, where there are any. */
export const bestStable = (candidates: readonly Candidate[]): Candidate | undefined =>
  best(candidates.filter((one) => one.stability >= STABLE)) ?? best(candidates);

/** Why a number of clusters was not taken. */
export function whyNot(candidate: Candidate, chosen: Candidate): string {
  const reasons: string[] = [];
  if (candidate.stability < STABLE)
    reasons.push(`a cluster of it is not found again in other draws (overlap ${overlap(candidate.stability)} of 1)`);
  const [own, best] = [fixed(candidate.silhouette), fixed(chosen.silhouette)];
  if (own === best) reasons.push(`it parts them as well (silhouette ${own}) with other groups`);
  else if (candidate.silhouette < chosen.silhouette)
    reasons.push(`it parts them less (silhouette ${own} against ${best})`);
  if (candidate.smallestShare < 0.01) reasons.push(`its smallest cluster has only ${percent(candidate.smallestShare)}`);
  return reasons.length > 0 ? reasons.join("; ") : `another number was wanted (silhouette ${own} against ${best})`;
}

/** Which numbers of clusters other measures favour, as a sentence; empty where none does. */
export function favoured({ knee, gap, predictionStrength }: Clusters["preferred"]): string {
  const said = [
    knee === undefined ? "" : `the bend of the inertia lies at ${knee}`,
    gap === undefined ? "" : `the gap statistic favours ${gap}`,
    predictionStrength === undefined ? "" : `prediction strength favours ${predictionStrength}`,
  ].filter((words) => words !== "");
  return said.length > 0 ? `Other measures, which do not decide: ${said.join(", ")}.` : "";
}

/** Always as many digits, so that numbers below each other can be compared. */
export const fixed = (value: number): string => (Number.isFinite(value) ? value.toFixed(3).replace("-", "−") : "–");
export const overlap = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : "–");

/** Whether a feature is one level of a category: “country = DE” is more or less often true. */
export const isLevel = (feature: string): boolean => feature.includes(" = ");

/** The middle of a cluster in a feature: a mean, or for a level the share of its members. */
export const middle = ({ name, value }: { name: string; value: number }): string =>
  isLevel(name) ? percent(value) : number(value);

/** The same for a column: of a category the level that most members have. */
export function middleIn(means: readonly { name: string; value: number }[], column: string): string {
  const own = means.find(({ name }) => name === column);
  if (own) return middle(own);
  const levels = means.filter(({ name }) => name.startsWith(`${column} = `)).sort((a, b) => b.value - a.value);
  const [most] = levels;
  return most ? `${most.name.slice(column.length + 3)} ${middle(most)}` : "–";
}

/** Of mixtures and latent classes: their likelihood, and how many starts came to it; with a blank at its end. */
export function fitInWords({
  logLikelihood,
  bic,
  startsAtBest,
}: {
  logLikelihood?: number | undefined;
  bic?: number | undefined;
  startsAtBest?: number | undefined;
}): string {
  if (logLikelihood === undefined) return "";
  const starts = startsAtBest === undefined ? "" : `, reached by ${plural(startsAtBest, "start")}`;
  return `Log-likelihood ${number(logLikelihood)}${starts}${bic === undefined ? "" : `, BIC ${number(bic)}`}. `;
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
  if (words) return words[high ? 0 : 1];
  if (isLevel(name)) return `${high ? "more" : "less"} ${name}`;
  return `${high ? "high" : "low"} ${name.replace(/_/g, " ")}`;
}

/** “High spend, many orders”: the features that set a cluster apart most, three at most. */
export function nameOf(
  columns: readonly { name: string; effect: number }[],
  features: readonly string[],
): string | undefined {
  const strongest = columns
    .filter(({ name, effect }) => features.includes(name) && Math.abs(effect) >= WORTH_NAMING)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, 3);
  if (strongest.length === 0) return undefined;
  return label(strongest.map(({ name, effect }) => spoken(name, effect > 0)).join(", "));
}

/** The same names, numbered where two are alike. */
export function apart(names: readonly string[]): string[] {
  return names.map((name, at) => {
    const before = names.slice(0, at).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

/** What an axis of the map stands for: its two strongest features, with their direction. */
export function axis(loadings: readonly { name: string; x: number; y: number }[], of: "x" | "y"): string {
  const strong = [...loadings].sort((a, b) => Math.abs(b[of]) - Math.abs(a[of])).slice(0, 2);
  return strong.map((loading) => spoken(loading.name, loading[of] >= 0)).join(", ");
}

/** A sentence about one cluster without its number in front. */
export const bare = (sentence: string): string =>
  sentence.replace(/^[^:]*: /, "").replace(/^./, (letter) => letter.toUpperCase());
