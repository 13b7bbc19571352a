/**
 * Is what was asked for something that can be asked? Every option by its name: one that there is not would change nothing, silently.
 * What an option may say beyond its kind is for the engine to check.
 */
import { fail, type MarquetryError, requireNumbers, requireSeed, requireTexts } from "./errors.js";
import type { AlertRule, CompareOptions } from "./types/changes.js";
import type { ClusterOptions } from "./types/clusters.js";
import type { PreviewOptions } from "./types/features.js";
import type { NestedEdges, RfmOptions } from "./types/groupings.js";
import type { Job } from "./types/host.js";
import type { PropensityOptions } from "./types/propensity.js";
import type { ColumnOptions, Limits, LoadOptions } from "./types/read.js";
import type { ExportOptions, ProfileOptions, ReplayOptions, StudyOptions } from "./types/study.js";
import type { CustomersOptions, OrderCounts } from "./types/table.js";
import type { CohortsOptions, HoldoutOptions, ReviewOptions, StagesOptions, TrendOptions } from "./types/time.js";
import type { ClusterTreeOptions, OutcomeTreeOptions } from "./types/trees.js";
import type { ValueOptions } from "./types/value.js";

/**
 * What is checked here: numbers are finite, whole ones are counts, names have a character, seeds can be held exactly. A list is the kind
 * of each of its entries, an object that of each name there may be; `Each` is an object whose entries may be called anything, `Either`
 * what may also be said otherwise than as an object, and `OneOf` a word out of these.
 */
type Kind =
  | "open"
  | "number"
  | "whole"
  | "flag"
  | "list"
  | "text"
  | "name"
  | "seed"
  | OneOf
  | Each
  | Either
  | readonly [Kind]
  | NamedKinds;
interface NamedKinds {
  readonly [name: string]: Kind;
}

class OneOf {
  constructor(readonly words: readonly string[]) {}
}
class Each {
  constructor(readonly kind: Kind) {}
}
class Either {
  constructor(readonly kinds: NamedKinds) {}
}
const oneOf = (...words: string[]): OneOf => new OneOf(words);

/** The kind of every option but those of the job, in whichever form it may be said. */
type Kinds<T> = { readonly [K in T extends unknown ? Exclude<keyof T, keyof Job> : never]: Kind };

/** Of an option that has names of its own, the form that has them. */
type Form<T> = Exclude<Extract<T, object>, readonly unknown[]>;

const RANGE: Kinds<Form<ClusterOptions["k"]>> = { min: "number", max: "number" };
const FEATURE: Kinds<Form<NonNullable<ClusterOptions["features"]>[number]>> = {
  column: "text",
  transform: oneOf("auto", "none", "z", "log", "yeo-johnson", "robust", "quantile"),
  kind: oneOf("number", "category"),
  weight: "number",
};

const CLUSTER: Kinds<ClusterOptions> = {
  method: "open",
  features: [new Either(FEATURE)],
  k: new Either(RANGE),
  seed: "seed",
  restarts: "whole",
  initial: [["number"]],
  maxIterations: "whole",
  covariance: "open",
  minClusterSize: "whole",
  minShare: "number",
  name: "name",
  missing: "open",
  gamma: "number",
  outliers: "open",
};

const EDGES: Kinds<Form<RfmOptions["edges"]>> = { recency: ["number"], frequency: ["number"], monetary: ["number"] };
const NESTED_EDGES: Kinds<NestedEdges> = { frequency: [["number"]], monetary: [[["number"]]] };

const RFM: Kinds<RfmOptions> = {
  scale: "whole",
  bands: oneOf("quantile", "fixed", "kmeans"),
  edges: EDGES,
  nested: "flag",
  nestedEdges: NESTED_EDGES,
  compatibility: "open",
  scheme: "open",
  unscored: "text",
};

const VALUE: Kinds<ValueOptions> = {
  model: "text",
  spend: "text",
  horizonDays: "number",
  discountYearly: "number",
  timeUnit: "text",
  calibrationEnd: "text",
};

const OUTCOME: Kinds<Form<PropensityOptions["outcome"]>> = { column: "text", positive: "open" };
const CHURN: Kinds<Form<PropensityOptions["churn"]>> = { days: "number" };

const PROPENSITY: Kinds<PropensityOptions> = {
  outcome: OUTCOME,
  churn: CHURN,
  features: ["text"],
  method: "text",
  heldBack: "number",
  seed: "seed",
  name: "name",
};

const STAGES: Kinds<StagesOptions> = {
  by: "text",
  newDays: "number",
  atRiskAfter: "number",
  lapsedAfter: "number",
  rhythm: "number",
  name: "name",
};

const HOLDOUT: Kinds<HoldoutOptions> = {
  of: "open",
  share: "number",
  stratifyBy: "open",
  seed: "seed",
  name: "name",
  rate: "number",
  lift: "number",
  power: "number",
  alpha: "number",
};

const WINDOW: Kinds<Form<CustomersOptions["window"]>> = { days: "number", from: "text", to: "text" };
const COUNTS: Kinds<OrderCounts> = {
  refunds: oneOf("subtract", "ignore"),
  cancelled: "flag",
  zeroValue: "flag",
  test: "open",
};

const CUSTOMERS: Kinds<CustomersOptions> = {
  id: "text",
  order: "text",
  date: "text",
  amount: "text",
  referenceDate: "text",
  attributes: "open",
  attributesKey: "text",
  prospects: "flag",
  keepCancelled: "flag",
  exclude: "open",
  window: WINDOW,
  counts: COUNTS,
};

const DATE_ORDER = oneOf("dmy", "mdy", "ymd");
const COLUMN: Kinds<ColumnOptions> = {
  type: oneOf("number", "text", "date", "time", "boolean", "list"),
  role: "open",
  decimal: oneOf(".", ","),
  dateOrder: DATE_ORDER,
  currency: "text",
  separator: "text",
};

const LIMITS: Kinds<Limits> = { bytes: "open", rows: "open", columns: "open", fieldBytes: "open", memoryBytes: "open" };

const LOAD: Kinds<LoadOptions> = {
  name: "open",
  format: "open",
  sheet: "open",
  only: ["text"],
  transfer: "flag",
  delimiter: "text",
  quote: "text",
  escape: "text",
  comment: "text",
  skipLines: "whole",
  skipFooter: "whole",
  header: "flag",
  encoding: "text",
  decimal: "open",
  dateOrder: DATE_ORDER,
  missing: ["text"],
  columns: new Each(COLUMN),
  limits: LIMITS,
};

const REPLAY: Kinds<ReplayOptions> = {
  ...LOAD,
  mapping: new Each("text"),
  skip: ["text"],
  orders: "open",
  referenceDate: "text",
};

const STUDY: Kinds<StudyOptions> = {
  referenceDate: "open",
  zone: "open",
  seed: "open",
  orders: "open",
  ordersKey: "text",
  parameters: new Each("open"),
};

const TREE: Kinds<OutcomeTreeOptions> = { outcome: "open", columns: ["text"], leaves: "whole", holdout: "number" };
const CLUSTER_TREE: Kinds<ClusterTreeOptions> = { kind: "text", leaves: "whole" };
const COHORTS: Kinds<CohortsOptions> = { by: oneOf("week", "month", "quarter", "year") };
const REVIEW: Kinds<ReviewOptions> = { smallest: "number", overlap: "number" };
const TREND: Kinds<TrendOptions> = { dates: ["text"], every: oneOf("week", "month", "quarter"), last: "open" };
const PROFILE: Kinds<ProfileOptions> = { baseline: "open", columns: ["text"] };
const ALERT: Kinds<AlertRule> = {
  measure: "open",
  segment: "text",
  column: "text",
  above: "number",
  below: "number",
  unit: "open",
  smallest: "number",
};

const COMPARE: Kinds<CompareOptions> = {
  alerts: [ALERT],
  refit: "flag",
  mapping: new Each("text"),
  smallest: "number",
};
const PREVIEW: Kinds<PreviewOptions> = { column: "text", transform: "open" };
const EXPORT: Kinds<ExportOptions> = {
  what: "open",
  format: "open",
  segments: "list",
  columns: ["text"],
  escapeFormulas: "flag",
  delimiter: "text",
  decimal: oneOf(".", ","),
  salt: "text",
};

const OPTIONS = {
  asOf: {},
  cluster: CLUSTER,
  "clusters.map": { maxPoints: "open" },
  "clusters.tree": CLUSTER_TREE,
  cohorts: COHORTS,
  compare: COMPARE,
  concentration: { column: "text" },
  customers: CUSTOMERS,
  export: EXPORT,
  holdout: HOLDOUT,
  load: LOAD,
  preview: PREVIEW,
  profile: PROFILE,
  propensity: PROPENSITY,
  repair: {},
  replay: REPLAY,
  review: REVIEW,
  rfm: RFM,
  stages: STAGES,
  study: STUDY,
  tree: TREE,
  trend: TREND,
  value: VALUE,
} as const satisfies Record<string, NamedKinds>;

/**
 * Options that can be meant, split into what travels and what stays.
 *
 * @throws MarquetryError `bad-option` for what is no object, names that there are not, and values of another kind.
 */
export function asked<T extends object>(
  call: keyof typeof OPTIONS,
  options: T & Job,
): { settings: Omit<T, keyof Job>; job: Job } {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw fail("bad-option", `${call}() takes its options as an object, not ${described(options)}.`);
  }
  const { signal, onProgress, ...settings } = options;
  requireKind(call, OPTIONS[call], settings);
  return { settings, job: { ...(signal && { signal }), ...(onProgress && { onProgress }) } };
}

/** Refuses what is not of its kind, and the same of all that is in it; `path` is where it stands. */
function requireKind(call: string, kind: Kind, value: unknown, path = ""): void {
  if (value === undefined || kind === "open") return;
  if (kind === "seed") return requireSeed({ seed: value as number });
  if (kind === "text" || kind === "name") {
    requireTexts({ [path]: value }, [path]);
    const empty = kind === "name" && String(value).trim() === "";
    if (empty) throw fail("bad-option", `“${path}” needs at least one character.`);
    return;
  }
  if (kind === "number" || kind === "whole") {
    requireNumbers({ [path]: value }, [path]);
    if (kind === "whole") requireWhole(path, value as number);
    return;
  }
  if (kind === "flag") {
    if (typeof value !== "boolean") throw wrong(path, "true or false", value);
    return;
  }
  if (kind instanceof OneOf) {
    if (typeof value !== "string" || !kind.words.includes(value)) throw wrong(path, listed(kind.words), value);
    return;
  }
  if (kind === "list" || isList(kind)) {
    if (!Array.isArray(value)) throw wrong(path, "a list", value);
    if (kind !== "list") for (const [at, one] of value.entries()) requireKind(call, kind[0], one, `${path}[${at}]`);
    return;
  }
  if (kind instanceof Either) {
    if (typeof value === "number") requireNumbers({ [path]: value }, [path]);
    if (typeof value === "object" && value !== null) requireKind(call, kind.kinds, value, path);
    return;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(path, "an object", value);
  const said = Object.entries(value).filter(([, one]) => one !== undefined);
  const within = (name: string): string => (path === "" ? name : `${path}.${name}`);
  if (kind instanceof Each) {
    for (const [name, one] of said) requireKind(call, kind.kind, one, within(name));
    return;
  }
  const names = said.map(([name]) => name);
  requireKnown(names, Object.keys(kind), (name) => `${call}() has no option “${within(name)}”.`);
  for (const [name, one] of said) requireKind(call, kind[name] ?? "open", one, within(name));
}

const isList = (kind: readonly [Kind] | Each | Either | NamedKinds): kind is readonly [Kind] => Array.isArray(kind);

function wrong(path: string, what: string, value: unknown): MarquetryError {
  const shown = typeof value === "object" || typeof value === "function" ? described(value) : String(value);
  return fail("bad-option", `“${path}” is ${what}, not ${typeof value === "string" ? `“${shown}”` : shown}.`);
}

/** “a”, “b” or “c”. */
function listed(words: readonly string[]): string {
  const marked = words.map((word) => `“${word}”`);
  return `${marked.slice(0, -1).join(", ")} or ${marked.at(-1)}`;
}

/** Refuses what is no count of things: the engine holds them in 32 bits. */
function requireWhole(path: string, value: number): void {
  if (!Number.isInteger(value)) throw fail("bad-option", `“${path}” is a whole number, not ${value}.`);
  if (value >= 0 && value <= 0xffffffff) return;
  throw fail("bad-option", `“${path}” is a whole number from 0 to 4,294,967,295, not ${value}.`);
}

function described(options: unknown): string {
  if (Array.isArray(options)) return "a list";
  if (options === null) return "null";
  return typeof options === "object" ? "an object" : `a ${typeof options}`;
}

/** @throws MarquetryError `bad-option` for a name that is none of `known`; the nearest are told first. */
export function requireKnown(names: readonly string[], known: readonly string[], what: (name: string) => string): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const there = [...new Set(known)].sort((a, b) => distance(unknown, a) - distance(unknown, b));
  const more = there.length > 20 ? ` and ${there.length - 20} more` : "";
  const listed = there.slice(0, 20).map((name) => `“${name}”`);
  const hint = `There are ${listed.join(", ")}${more}.`;
  throw fail("bad-option", `${what(unknown)} ${hint}`, { column: unknown, suggestions: there, hint });
}

/** How many letters are to be changed, added or left out to come from one name to the other, whatever their case. */
function distance(from: string, to: string): number {
  const [one, other] = [from.toLowerCase().slice(0, 64), to.toLowerCase().slice(0, 64)];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (let to = 1; to < row.length; to += 1) {
      const changed = (row[to - 1] ?? 0) + Number(letter !== other[to - 1]);
      next.push(Math.min(changed, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
