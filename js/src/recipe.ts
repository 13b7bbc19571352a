/**
 * What are the parts of a recipe, and how is each made again? Its edges, models and rules are used as they are saved, over columns
 * that may be called otherwise now.
 */
import { fail, MarquetryError } from "./errors.js";
import type { SavedFold } from "./lines.js";
import type { ScaleOptions } from "./types/features.js";
import type { Grouping, NestedEdges, Snapshot } from "./types/groupings.js";
import type { PropensityOptions } from "./types/propensity.js";
import type { ColumnInfo } from "./types/read.js";
import type { RuleJson } from "./types/rules.js";
import type { Exclusion, ExclusionList, Recipe, RecipePart, RuleParameters, Study } from "./types/study.js";
import type { Repair, Table } from "./types/table.js";
import type { HoldoutOptions, StagesOptions } from "./types/time.js";
import type { ValueOptions } from "./types/value.js";

/** A recipe as the engine writes it. */
export interface Saved {
  kind: Table["kind"];
  seed: number;
  columns: Pick<ColumnInfo, "name" | "type" | "role">[];
  repairs: Repair[];
  segments: { name: string; rule: RuleJson }[];
  groupings: Definition[];
  /** Recipes of earlier versions lack the rest. */
  fold?: SavedFold;
  parameters?: RuleParameters;
  ordersKey?: string;
  snapshots?: Snapshot[];
  scales?: ScaleOptions[];
  exclude?: ExclusionList | { rule: RuleJson };
  value?: ValueOptions;
  propensities?: PropensityOptions[];
}

interface Definition {
  kind: string;
  name: string;
  tiers?: { name: string; rule: RuleJson }[];
  everyoneElse?: string;
  scale?: number;
  edges?: { recency: number[]; frequency: number[]; monetary: number[] };
  nestedEdges?: NestedEdges;
  scheme?: "segments-11" | "segments-10" | "groups-6" | "cells" | { name: string; rule: RuleJson }[];
  compatibility?: "r-rfm" | null;
  unscored?: string;
  /** How edges would be found anew; the edges are used as they are. */
  bands?: "kmeans" | "fixed";
  model?: { features?: { column: string }[] };
  /** Of stages: the columns they add. */
  columns?: string[];
}

/** The parts of a recipe that was checked. */
export function partsOf(study: Study, saved: Saved, mapping: Readonly<Record<string, string>> = {}): RecipePart[] {
  const { snapshots = [], scales = [], value, propensities = [], groupings, segments, exclude: whom } = saved;
  return [
    ...snapshots.map((one) => ({ kind: "snapshot" as const, part: one.name, make: () => study.restore(one) })),
    ...scales.map((one) => ({
      kind: "scale" as const,
      part: one.name,
      make: () => study.scales([mapScale(one, mapping)]),
    })),
    // Fitted anew: what customers will bring changes with what they brought.
    ...(value ? [{ kind: "value" as const, part: "value", make: () => study.value(value) }] : []),
    ...propensities.map((one) => ({
      kind: "propensity" as const,
      part: one.name ?? "propensity",
      make: () => study.propensity(mapPropensity(one, mapping)),
    })),
    ...groupings.map((one) => ({
      kind: "grouping" as const,
      of: one.kind,
      part: one.name,
      make: () => group(study, one, mapping),
    })),
    ...segments.map(({ name, rule }) => ({
      kind: "segment" as const,
      part: name,
      make: () => study.segment(name, mapRule(rule, mapping)),
    })),
    ...(whom ? [{ kind: "exclusion" as const, part: "exclusion", make: () => exclude(study, whom, mapping) }] : []),
  ];
}

/** What has a name and can be made. */
interface Makeable {
  part: string;
  make(): Promise<unknown>;
}

/**
 * Makes the parts; gives those that cannot be made. Rules refer to segments and groupings that may come behind them: what
 * fails is tried again as long as something else succeeds.
 */
export async function failing(parts: Makeable[]): Promise<{ part: string; error: MarquetryError }[]> {
  const failed: { part: string; error: MarquetryError }[] = [];
  const waiting: Makeable[] = [];
  for (const one of parts) {
    try {
      await one.make();
    } catch (error) {
      if (!(error instanceof MarquetryError)) throw error;
      failed.push({ part: one.part, error });
      waiting.push(one);
    }
  }
  return waiting.length === 0 || waiting.length === parts.length ? failed : failing(waiting);
}

export function checked(recipe: Recipe): Saved {
  const { version, columns, repairs, segments, groupings } = recipe;
  if (version === 1 && [columns, repairs, segments, groupings].every(Array.isArray)) return recipe as unknown as Saved;
  throw fail("bad-option", "This is no recipe that this version can replay. Export it again with `what: “recipe”`.");
}

function group(study: Study, one: Definition, mapping: Readonly<Record<string, string>>): Promise<Grouping> {
  const mapped = (tiers: { name: string; rule: RuleJson }[]) =>
    tiers.map(({ name, rule }) => ({ name, rule: mapRule(rule, mapping) }));
  const { everyoneElse } = one;
  if (one.kind === "tiers") {
    return study.tiers(one.name, mapped(one.tiers ?? []), everyoneElse === undefined ? {} : { everyoneElse });
  }
  if (one.kind === "clusters") return study.place(mapModel(one.model, mapping), { name: one.name });
  if (one.kind === "stages") {
    const { by, newDays, atRiskAfter, lapsedAfter, rhythm } = one as Definition & Required<StagesOptions>;
    return study.stages({ name: one.name, by, newDays, atRiskAfter, lapsedAfter, rhythm });
  }
  if (one.kind === "holdout") {
    const { kind: _, ...design } = one;
    return study.holdout(design as HoldoutOptions);
  }
  if (one.kind !== "rfm") {
    throw fail("unsupported", `“${one.name}” is made of ${one.kind}, which this version does not know.`);
  }
  const { scale, edges, nestedEdges, scheme, compatibility, bands, unscored } = one;
  const nested = nestedEdges && { bands: "fixed" as const, nested: true, nestedEdges };
  return study.rfm({
    ...(scale !== undefined && { scale }),
    ...(edges !== undefined && { edges: nested ? { recency: edges.recency } : edges }),
    ...(bands !== undefined && { bands }),
    ...nested,
    ...(scheme !== undefined && { scheme: Array.isArray(scheme) ? mapped(scheme) : scheme }),
    ...(compatibility != null && { compatibility }),
    ...(unscored !== undefined && { unscored }),
  });
}

/** The same scale over columns that are called otherwise. */
function mapScale(scale: ScaleOptions, mapping: Readonly<Record<string, string>>): ScaleOptions {
  const now = (names: string[] = []): string[] => names.map((name) => renamed(name, mapping));
  return { ...scale, items: now(scale.items), reverse: now(scale.reverse) };
}

/** The same model over columns that are called otherwise. */
function mapModel(model: Definition["model"] = {}, mapping: Readonly<Record<string, string>>): object {
  const { features } = model;
  if (!Array.isArray(features)) return model;
  const mapped = features.map((one) => ({ ...one, column: renamed(one.column, mapping) }));
  return { ...model, features: mapped };
}

/** The same question of columns that are called otherwise. */
function mapPropensity(asked: PropensityOptions, mapping: Record<string, string>): PropensityOptions {
  const { outcome, features } = asked;
  return {
    ...asked,
    ...(outcome && { outcome: { ...outcome, column: renamed(outcome.column, mapping) } }),
    ...(features && { features: features.map((name) => renamed(name, mapping)) }),
  };
}

function exclude(
  study: Study,
  whom: ExclusionList | { rule: RuleJson },
  mapping: Readonly<Record<string, string>>,
): Promise<Exclusion | null> {
  if ("rule" in whom) return study.exclude(mapRule(whom.rule, mapping));
  return study.exclude({ ...whom, column: renamed(whom.column, mapping) });
}

/** What a column is called now. Columns are called as they like, also `constructor`. */
export function renamed(name: string, mapping: Readonly<Record<string, string>>): string {
  return (Object.hasOwn(mapping, name) ? mapping[name] : undefined) ?? name;
}

/** Where the JSON of a rule names columns. */
const NAMES = ["field", "column", "of", "per", "tiesBy", "same"];

/** The same rule over columns that are called otherwise. */
export function mapRule(rule: RuleJson, mapping: Readonly<Record<string, string>>): RuleJson {
  const name = (old: unknown): unknown => (typeof old === "string" ? renamed(old, mapping) : old);
  const mapped = (json: unknown): unknown => {
    if (Array.isArray(json)) return json.map(mapped);
    if (typeof json !== "object" || json === null) return json;
    const entry = ([key, value]: [string, unknown]): [string, unknown] => {
      const fields = key === "value" && "valueSource" in json && json.valueSource === "field";
      if (typeof value === "string") return [key, fields || NAMES.includes(key) ? name(value) : value];
      return [key, fields && Array.isArray(value) ? value.map((one) => name(mapped(one))) : mapped(value)];
    };
    return Object.fromEntries(Object.entries(json).map(entry));
  };
  return mapped(rule) as RuleJson;
}

/** What columns the engine adds for parts that are not called as these. */
const GIVEN: readonly [kind: string, column: RegExp][] = [
  ["rfm", /^(recency|frequency|monetary|fm)_score$/],
  ["value", /^(p_alive|expected_orders|expected_spend|lifetime_value|next_order)$/],
];

/** The part that gives a column which is none of the file's own: a rule may ask for clusters, scores or scales. */
export function giverOf(column: string | undefined, saved: Saved, parts: RecipePart[]): string | undefined {
  if (column === undefined || saved.columns.some(({ name }) => name === column)) return undefined;
  const named =
    parts.find(({ part }) => part === column)?.part ??
    saved.groupings.find((one) => one.columns?.includes(column))?.name;
  const kind = GIVEN.find(([, given]) => given.test(column))?.[0];
  return named ?? parts.find((one) => ("of" in one ? one.of : one.kind) === kind)?.part;
}
