/** What may be asked of the engine: by which columns customers are compared, and by which method. */
import type { ColumnInfo } from "../model.ts";
import type { FeatureChoice, Kind, Method, Missing, Setup, Transform } from "./shapes.ts";

/** A column with more values than this says too little about each as a category. */
const MOST_LEVELS = 30;
/** A number column with at most so many values may be a code. */
const MOST_CODES = 12;
/** Roles that say who somebody is, not what they are like. */
const NAMES: readonly string[] = ["customer-id", "order-id", "phone", "postcode", "email", "name"];

/** Every column that customers can be compared by. */
export function possibleFeatures(columns: readonly ColumnInfo[]): ColumnInfo[] {
  return columns.filter(
    ({ type, role, distinct }) =>
      distinct > 1 &&
      !NAMES.includes(role) &&
      (type === "number" || ((type === "text" || type === "boolean") && distinct <= MOST_LEVELS)),
  );
}

/** Those that are ticked at first: recency, frequency and money, else numbers with more than two values. */
export function sensibleFeatures(columns: readonly ColumnInfo[]): string[] {
  const names = new Set(columns.map((column) => column.name));
  const rfm = ["recency_days", "frequency", "monetary"];
  if (rfm.every((name) => names.has(name))) return rfm;
  const numbers = possibleFeatures(columns).filter(({ type, distinct }) => type === "number" && distinct > 2);
  return numbers.map(({ name }) => name).slice(0, 8);
}

export function setupFor(columns: readonly ColumnInfo[]): Setup {
  const sensible = new Set(sensibleFeatures(columns));
  const features = possibleFeatures(columns).map(
    ({ name, type, distinct }): FeatureChoice => ({
      column: name,
      on: sensible.has(name),
      kind: type === "number" ? "number" : "category",
      both: type === "boolean" || (type === "number" && distinct <= MOST_CODES),
      transform: "auto",
      weight: 1,
    }),
  );
  return { method: "kmeans", k: undefined, range: { min: 2, max: 10 }, missing: undefined, setAside: false, features };
}

/** The method that a set-up comes to: k-means compares numbers only, and with a category among them it becomes k-prototypes. */
export function methodOf({ method, features }: Pick<Setup, "method" | "features">): Method {
  const categories = features.some(({ on, kind }) => on && kind === "category");
  return method === "kmeans" && categories ? "kprototypes" : method;
}

/** What stands in the way of a search, in words. */
export function obstacle(setup: Setup): string | undefined {
  const on = setup.features.filter((feature) => feature.on);
  if (on.length === 0) return "Tick at least one column.";
  const method = METHODS.find((one) => one.method === methodOf(setup));
  const category = on.find(({ kind }) => kind === "category");
  if (method?.takes !== "numbers" || !category) return undefined;
  return `${method.name} compares numbers only, and “${category.column}” is a category: untick it, or take k-prototypes.`;
}

/** What may become of customers who lack a value, what is usual first. */
export function missingChoices(method: Method): (readonly [Missing, string])[] {
  const takes = METHODS.find((one) => one.method === method)?.takes ?? "numbers";
  const choices: [Missing, string][] = [
    ["drop", "are left out"],
    ["median", "get the column’s median"],
  ];
  if (takes === "numbers") return choices;
  choices.push(["category", "count as an answer of their own"]);
  return takes === "both" ? choices : [["likelihood", "count as far as they answered"], ...choices];
}

/** The options of the engine's call. */
export function optionsOf(setup: Setup, name: string, seed: number): Asked {
  const method = methodOf(setup);
  const features = setup.features
    .filter(({ on }) => on)
    .map(({ column, kind, transform, weight }) => {
      // Latent classes take every column as a category, and every answer counts once.
      if (method === "latent-class") return { column, kind: "category" as const };
      return kind === "category" ? { column, kind, weight } : { column, kind, transform, weight };
    });
  const missing = missingChoices(method).some(([choice]) => choice === setup.missing) ? setup.missing : undefined;
  return {
    name,
    method,
    features,
    seed,
    // Density finds the number itself.
    ...(method !== "hdbscan" && { k: setup.k ?? setup.range }),
    ...(missing !== undefined && { missing }),
    ...(setup.setAside && { outliers: "set-aside" as const }),
  };
}

interface Asked {
  name: string;
  method: Method;
  features: { column: string; kind: Kind; transform?: Transform; weight?: number }[];
  seed: number;
  k?: number | { min: number; max: number };
  missing?: Missing;
  outliers?: "set-aside";
}

/** When each method is the right one, the usual one first. */
export const METHODS: readonly {
  method: Method;
  name: string;
  when: string;
  takes: "numbers" | "both" | "categories";
  choosesK: boolean;
}[] = [
  {
    method: "kmeans",
    name: "k-means",
    when: "Round groups of numbers: the usual choice, and the one that makes segments easy to explain.",
    takes: "numbers",
    choosesK: true,
  },
  {
    method: "kprototypes",
    name: "k-prototypes",
    when: "Numbers and categories together, such as spend and country.",
    takes: "both",
    choosesK: true,
  },
  {
    method: "gaussian",
    name: "Gaussian mixture",
    when: "Groups that are long, or differ much in size and spread, and overlap.",
    takes: "numbers",
    choosesK: true,
  },
  {
    method: "latent-class",
    name: "Latent classes",
    when: "Survey answers: a few choices for each question, some of them missing.",
    takes: "categories",
    choosesK: true,
  },
  {
    method: "hdbscan",
    name: "HDBSCAN (density)",
    when: "Groups of any shape with stragglers between them, who are then not put into a cluster; it finds the number itself.",
    takes: "numbers",
    choosesK: false,
  },
  {
    method: "ward",
    name: "Ward (tree of merges)",
    when: "Small tables where you want to see which groups would merge next.",
    takes: "numbers",
    choosesK: true,
  },
];

/** How a number may be brought to scale, in the words of the choice. */
export const TRANSFORMS: readonly [Transform, string][] = [
  ["auto", "Automatic"],
  ["none", "As it is"],
  ["z", "Same spread (z)"],
  ["log", "Logarithm"],
  ["yeo-johnson", "Straightened (Yeo-Johnson)"],
  ["robust", "Against outliers (median, IQR)"],
  ["quantile", "By rank (normal scores)"],
];

/** A transform in few words. */
export const transformName = (transform: string): string =>
  TRANSFORMS.find(([name]) => name === transform)?.[1].replace(/ \(.*/, "") ?? transform;
