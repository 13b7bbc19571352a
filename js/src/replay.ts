/**
 * How is a recipe made again on another file? Its mapping, repairs, edges and rules are used as they are saved. A column that
 * the new file lacks is never guessed: it is mapped, or the parts that use it are left out by name.
 */
import { fail, MarquetryError } from "./errors.js";
import type { ScaleOptions } from "./types/clusters.js";
import type { NestedEdges, Snapshot } from "./types/groupings.js";
import type { ColumnInfo, ColumnOptions, LoadOptions, Preview, Source } from "./types/read.js";
import type { RuleJson } from "./types/rules.js";
import type { ExclusionList, Lacking, Recipe, ReplayOptions, RuleParameters, Skipped, Study } from "./types/study.js";
import type { Repair, Table } from "./types/table.js";
import type { ValueOptions } from "./types/value.js";

/** A recipe as the engine writes it. */
interface Saved {
  kind: Table["kind"];
  seed: number;
  columns: Pick<ColumnInfo, "name" | "type" | "role">[];
  repairs: Repair[];
  segments: { name: string; rule: RuleJson }[];
  groupings: Definition[];
  /** Recipes of earlier versions lack the rest. */
  parameters?: RuleParameters;
  ordersKey?: string;
  snapshots?: Snapshot[];
  scales?: ScaleOptions[];
  exclude?: ExclusionList | { rule: RuleJson };
  value?: ValueOptions;
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
  model?: { features?: { column: string }[] };
}

/** What a replay needs of a segmenter. */
interface Reader {
  load(source: Source, options: LoadOptions): Promise<Table>;
  preview(source: Source, options: LoadOptions): Promise<Preview>;
}

/** The study that the recipe makes of the new file. */
export async function replay(
  reader: Reader,
  recipe: Recipe,
  source: Source,
  options: ReplayOptions,
): Promise<{ study: Study; skipped: Skipped[] }> {
  const saved = checked(recipe);
  const { mapping = {}, skip = [], orders, signal, onProgress, ...settings } = options;
  const job = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const reading = { ...settings, ...job };
  const now = (name: string): string => renamed(name, mapping);
  const { columns: found } = await reader.preview(source, reading);
  const read = await reader.load(source, { ...reading, columns: { ...meant(saved, now, found), ...reading.columns } });
  const lines = await repaired(read, saved, mapping, skip);
  const table = lines.kind === "orders" && saved.kind === "customers" ? await lines.customers(job) : lines;
  const study = table.study({
    seed: saved.seed,
    ...(saved.parameters && { parameters: saved.parameters }),
    ...(orders && { orders, ...(saved.ordersKey && { ordersKey: now(saved.ordersKey) }) }),
  });
  // The study has the lines that the customers were folded from.
  for (const before of new Set([read, lines])) if (before !== table) await before.close();
  const skipped: Skipped[] = [];
  const lacking = new Map<string, Lacking>();
  const parts: Part[] = [
    ...(saved.snapshots ?? []).map((one): Part => [one.name, () => study.restore(one)]),
    ...(saved.scales ?? []).map((one): Part => [one.name, () => study.scales([mapScale(one, mapping)])]),
    // Fitted anew: what customers will bring changes with what they brought.
    ...(saved.value ? [["value", () => study.value(saved.value)] as Part] : []),
    ...saved.groupings.map((one): Part => [one.name, () => group(study, one, mapping)]),
    ...saved.segments.map(({ name, rule }): Part => [name, () => study.segment(name, mapRule(rule, mapping))]),
    ...(saved.exclude ? [["exclusion", () => exclude(study, saved.exclude, mapping)] as Part] : []),
  ];
  for (const [part] of parts) if (skip.includes(part)) skipped.push({ part, reason: "left out as asked" });
  for (const { part, error } of await failing(parts.filter(([part]) => !skip.includes(part)))) {
    const column = lackingColumn(error, mapping);
    if (column === undefined) skipped.push({ part, reason: error.message });
    else if (skip.includes(column)) skipped.push({ part, reason: `“${column}” is not in this file` });
    else {
      const known = lacking.get(column) ?? { column, suggestions: alike(saved, column, table, error), parts: [] };
      lacking.set(column, { ...known, parts: [...known.parts, part] });
    }
  }
  if (lacking.size > 0) {
    await study.close();
    await table.close();
    throw refused([...lacking.values()], parts.length);
  }
  return { study, skipped };
}

/** A part of a recipe and how it is made. */
type Part = [part: string, make: () => Promise<unknown>];

/**
 * Makes the parts; gives those that cannot be made. Rules refer to segments and groupings that may come behind them: what
 * fails is tried again as long as something else succeeds.
 */
async function failing(parts: Part[]): Promise<{ part: string; error: MarquetryError }[]> {
  const failed: { part: string; error: MarquetryError }[] = [];
  const waiting: Part[] = [];
  for (const [part, make] of parts) {
    try {
      await make();
    } catch (error) {
      if (!(error instanceof MarquetryError)) throw error;
      failed.push({ part, error });
      waiting.push([part, make]);
    }
  }
  return waiting.length === 0 || waiting.length === parts.length ? failed : failing(waiting);
}

function checked(recipe: Recipe): Saved {
  const { version, columns, repairs, segments, groupings } = recipe;
  if (version === 1 && [columns, repairs, segments, groupings].every(Array.isArray)) return recipe as unknown as Saved;
  throw fail("bad-option", "This is no recipe that this version can replay. Export it again with `what: “recipe”`.");
}

/** Types and meanings of the columns that are there, under their names of now. */
function meant(saved: Saved, now: (name: string) => string, found: readonly ColumnInfo[]) {
  const there = new Set(found.map(({ name }) => name));
  const known = saved.columns.filter(({ name }) => there.has(now(name)));
  const entry = ({ name, type, role }: Saved["columns"][number]): [string, ColumnOptions] => [
    now(name),
    { type, ...(role !== "other" && { role }) },
  ];
  return Object.fromEntries(known.map(entry));
}

async function repaired(table: Table, saved: Saved, mapping: Record<string, string>, skip: string[]): Promise<Table> {
  const wanted = saved.repairs.map((one) =>
    one.column === undefined ? one : { ...one, column: renamed(one.column, mapping) },
  );
  const there = new Set(table.columns.map(({ name }) => name));
  const lacks = ({ column }: Repair): boolean => column !== undefined && !there.has(column);
  const missing = wanted.filter((one) => lacks(one) && !skip.includes(one.column as string));
  if (missing.length > 0) {
    await table.close();
    const parts = missing.map(({ code, column }) => ({ column: column as string, suggestions: [], parts: [code] }));
    throw refused(parts, wanted.length);
  }
  const repairs = wanted.filter((one) => !lacks(one));
  if (repairs.length === 0) return table;
  const { table: mended } = await table.repair(repairs);
  return mended;
}

function group(study: Study, one: Definition, mapping: Record<string, string>): Promise<unknown> {
  const mapped = (tiers: { name: string; rule: RuleJson }[]) =>
    tiers.map(({ name, rule }) => ({ name, rule: mapRule(rule, mapping) }));
  const { everyoneElse } = one;
  if (one.kind === "tiers") {
    return study.tiers(one.name, mapped(one.tiers ?? []), everyoneElse === undefined ? {} : { everyoneElse });
  }
  if (one.kind === "clusters") return study.place(mapModel(one.model, mapping), { name: one.name });
  if (one.kind !== "rfm") {
    throw fail("unsupported", `“${one.name}” is made of ${one.kind}, which this version does not know.`);
  }
  const { scale, edges, nestedEdges, scheme, compatibility } = one;
  const nested = nestedEdges && { bands: "fixed" as const, nested: true, nestedEdges };
  return study.rfm({
    ...(scale !== undefined && { scale }),
    ...(edges !== undefined && { edges: nested ? { recency: edges.recency } : edges }),
    ...nested,
    ...(scheme !== undefined && { scheme: Array.isArray(scheme) ? mapped(scheme) : scheme }),
    ...(compatibility != null && { compatibility }),
  });
}

/** The same scale over columns that are called otherwise. */
function mapScale(scale: ScaleOptions, mapping: Record<string, string>): ScaleOptions {
  const now = (names: string[] = []): string[] => names.map((name) => renamed(name, mapping));
  return { ...scale, items: now(scale.items), reverse: now(scale.reverse) };
}

/** The same model over columns that are called otherwise. */
function mapModel(model: Definition["model"] = {}, mapping: Record<string, string>): object {
  const { features } = model;
  if (!Array.isArray(features)) return model;
  const mapped = features.map((one) => ({ ...one, column: renamed(one.column, mapping) }));
  return { ...model, features: mapped };
}

function exclude(study: Study, whom: Saved["exclude"], mapping: Record<string, string>): Promise<unknown> {
  if (whom === undefined) return Promise.resolve();
  if ("rule" in whom) return study.exclude(mapRule(whom.rule, mapping));
  return study.exclude({ ...whom, column: renamed(whom.column, mapping) });
}

/** What a column is called now. Columns are called as they like, also `constructor`. */
function renamed(name: string, mapping: Readonly<Record<string, string>>): string {
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

/** The column that the file lacks, by its name in the recipe. */
function lackingColumn(error: unknown, mapping: Record<string, string>): string | undefined {
  if (!(error instanceof MarquetryError) || error.code !== "unknown-column") return undefined;
  const { column } = error.details;
  return Object.keys(mapping).find((old) => mapping[old] === column) ?? column;
}

/** Columns that may be meant: those of the same meaning, then those of nearly the same name. */
function alike(saved: Saved, column: string, table: Table, error: unknown): string[] {
  const role = saved.columns.find(({ name }) => name === column)?.role ?? "other";
  const same = table.columns.filter((one) => role !== "other" && one.role === role).map(({ name }) => name);
  const near = error instanceof MarquetryError ? error.details.suggestions : [];
  return [...new Set([...same, ...(Array.isArray(near) ? (near as string[]) : [])])];
}

function refused(lacking: Lacking[], parts: number): MarquetryError {
  const [first, ...more] = lacking as [Lacking, ...Lacking[]];
  const using = new Set(lacking.flatMap((one) => one.parts)).size;
  const names = [first, ...more].map(({ column }) => `“${column}”`).join(", ");
  const hint = "Say with “mapping” what the column is called now, or leave parts out with “skip”.";
  const message = `The recipe expects ${more.length === 0 ? "column" : "columns"} ${names}, which the new file lacks; ${using} of its ${parts} parts use it (${first.parts.join(", ")}). ${hint}`;
  const { column, suggestions } = first;
  return fail("unknown-column", message, { column, suggestions, lacking, rows: using, share: using / parts, hint });
}
