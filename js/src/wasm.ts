import { type ErrorDetails, fail, isAbort, MarquetryError, messageOf } from "./errors.js";
import { freshEngine, freshExchange, freshWorkbook } from "./fresh-glue.js";
import type {
  CodedText,
  ExportSettings,
  Fold,
  GroupingFacts,
  HoldoutFacts,
  HoldoutSettings,
  PlacedFacts,
  ReadSettings,
  RfmFacts,
  SegmentFacts,
  Settings,
  TableFacts,
} from "./protocol.js";
import type { Baseline, CompareOptions } from "./types/changes.js";
import type {
  ClusterDescription,
  ClusterMap,
  ClusterOptions,
  ClusterWhy,
  RowsRule,
  UnknownValues,
} from "./types/clusters.js";
import type { Scale, ScaleOptions, Transform } from "./types/features.js";
import type { Agreement, RestoredSegment, RfmOptions, RfmScheme, RfmSchemeList, Snapshot } from "./types/groupings.js";
import type { EngineModule, Progress } from "./types/host.js";
import type { PropensityOptions } from "./types/propensity.js";
import type { ColumnInfo, Finding, Preview } from "./types/read.js";
import type { Overlap, ParsedRule, Rule, RuleCounts, RuleJson } from "./types/rules.js";
import type { Exclusion, ExclusionList, Recipe, RuleParameters, StudyOptions } from "./types/study.js";
import type { Cell, Distribution, JoinProposal, Repair, RowsOptions } from "./types/table.js";
import type { CohortsOptions, ReviewOptions, StagesOptions } from "./types/time.js";
import type { OutcomeTreeOptions } from "./types/trees.js";
import type { ValueOptions } from "./types/value.js";

/** How the engine reads the first bytes: a label for the platform's decoder, and how sure that is. */
export interface Encoding {
  name: string;
  confidence: number;
  bom: number;
  evidence: string;
}

/** What one step of a job came to. */
export type Step =
  | Progress
  | { need: [number, number] }
  | { join: number }
  | { emit: Uint8Array<ArrayBuffer> }
  | { page: Cell[][] }
  | { done: unknown };

/** The session of the generated glue, typed by hand: this file is the only one that touches the glue. Jobs are numbers. */
export interface Native {
  step(job: number): Step;
  feed(job: number, bytes: Uint8Array): void;
  join(job: number, part: Uint8Array): void;
  dropJob(job: number): void;

  byteLimit(options: ReadSettings): number;
  detect(head: Uint8Array, whole: boolean, options: ReadSettings): Encoding;
  preview(head: Uint8Array, totalBytes: number, encoding: Encoding, options: ReadSettings): Preview;
  /** A job that emits a source as CSV and gives its origin; nothing for a source that is read as it is. */
  rewrite(head: Uint8Array, totalBytes: number, options: ReadSettings): number | undefined;
  load(totalBytes: number, encoding: Encoding, options: ReadSettings, ends: Float64Array, others: number): number;
  stretch(totalBytes: number, options: ReadSettings, from: number, to: number): number;

  dropTable(table: number): void;
  column(table: number, name: string): Float64Array | Int32Array | CodedText | (string | null)[];
  rows(table: number, options: RowsOptions): number;
  repair(table: number, repairs: Repair[]): { table: TableFacts; log: Finding[] };
  distribution(table: number, column: string): Distribution;
  proposeJoin(table: number, other: number): JoinProposal | null;
  customers(table: number, options: Fold, attributes: number | undefined): number;

  study(
    study: number,
    table: number,
    options: Omit<StudyOptions, "orders">,
    orders: number | undefined,
    fold: Fold | undefined,
  ): void;
  dropStudy(study: number): void;
  recipe(study: number): Recipe;
  segment(study: number, name: string, rule: Rule): SegmentFacts;
  update(study: number, id: string, rule: Rule): SegmentFacts;
  rename(study: number, id: string, name: string): SegmentFacts;
  remove(study: number, id: string): void;
  /** Segments whose facts became others since this was last asked. */
  touched(study: number): SegmentFacts[];
  snapshot(study: number, id: string): Snapshot;
  restore(
    study: number,
    snapshot: Snapshot,
    name: string | undefined,
  ): SegmentFacts & Pick<RestoredSegment, "found" | "missing">;
  exclude(study: number, of: Rule | ExclusionList | null): Exclusion | null;
  excludeListed(study: number, list: number): Exclusion;
  setParameters(study: number, parameters: RuleParameters): void;
  findings(study: number): Finding[];
  members(study: number, id: string): Uint32Array;
  count(study: number, rule: Rule): RuleCounts;
  explain(study: number, row: number, id: string): RuleCounts;
  tiers(
    study: number,
    name: string,
    tiers: { name: string; rule: Rule }[],
    everyoneElse: string | undefined,
  ): GroupingFacts;
  rfm(study: number, options: Settings<RfmOptions>): RfmFacts;
  schemes(): RfmSchemeList[];
  agreement(study: number, groupings: (string | RfmScheme)[]): Agreement;
  concentration(study: number, column: string | undefined): number;
  previewFeature(study: number, column: string, transform: Transform | undefined): number;
  /** What the job emits is for `share` of so many other engines, each piece for the one that its first byte names. */
  cluster(
    study: number,
    options: Omit<Settings<ClusterOptions>, "name">,
    name: string | undefined,
    others: number,
  ): number;
  share(message: Uint8Array): Uint8Array;
  place(study: number, model: object, name: string | undefined): PlacedFacts;
  assignments(study: number, grouping: string): Int32Array;
  clusterMap(study: number, clustering: string, maxPoints: number | undefined): ClusterMap;
  describeCluster(study: number, clustering: string, label: string): ClusterDescription;
  /** A job; nothing where the clustering is explained already. */
  explainClusters(study: number, clustering: string): number | undefined;
  clusterTree(study: number, clustering: string, kind: string | undefined, leaves: number | undefined): number;
  clusterSilhouettes(study: number, clustering: string): number;
  clusterWhy(study: number, clustering: string, row: number): ClusterWhy;
  outcomeTree(study: number, options: Settings<OutcomeTreeOptions>): number;
  explainRows(study: number, rows: Uint32Array, columns: string[] | undefined): RowsRule;
  apply(study: number, clustering: string, table: number): Int32Array;
  scales(study: number, scales: ScaleOptions[]): Scale[];
  checkTable(study: number, clustering: string, table: number): UnknownValues[];
  overlap(study: number, segments: string[] | undefined): Overlap;
  value(study: number, options: Settings<ValueOptions>): number;
  propensity(study: number, options: Settings<PropensityOptions>): number;
  cohorts(study: number, options: Settings<CohortsOptions>): number;
  stages(study: number, options: Settings<StagesOptions>): number;
  holdout(study: number, options: HoldoutSettings): HoldoutFacts;
  review(study: number, options: Settings<ReviewOptions>): number;
  asOf(study: number, day: string): number;
  profile(study: number, options: { of: string; baseline?: string; columns?: string[] }): number;
  compare(
    study: number,
    before: number | undefined,
    baseline: Baseline | undefined,
    options: Settings<CompareOptions>,
  ): number;
  export(study: number, options: ExportSettings): number;

  parseRule(text: string, columns: Pick<ColumnInfo, "name" | "type">[] | undefined): ParsedRule;
  formatRule(rule: RuleJson): string;
}

/** One instance of the module. Each engine has its own, so that what breaks one leaves the others alone. */
export interface Instance {
  native: Native;
  /** The message of the panic that ended it, if one did. */
  lastPanic(): string | undefined;
}

/** A fresh instance with a session in it. */
export function instantiate(module: EngineModule): Instance {
  const glue = freshEngine();
  glue.initSync({ module: module as WebAssembly.Module });
  return { native: new glue.Session(), lastPanic: glue.lastPanic };
}

/** What says rules and models in other languages: a request as JSON in, text or the bytes of a file out. */
export interface NativeExchange {
  sql(request: string): string;
  importRule(request: string): string;
  exportRule(request: string): string;
  templates(request: string): string;
  onnx(request: string): Uint8Array;
  pmml(request: string): string;
}

/** A fresh instance of it, with the message of the panic that ended it, if one did. */
export function openExchange(module: EngineModule): NativeExchange & Pick<Instance, "lastPanic"> {
  const glue = freshExchange();
  glue.initSync({ module: module as WebAssembly.Module });
  return glue;
}

/** One workbook in an instance of its own, which goes with it: its memory is free again, whatever the file did to it. */
export interface NativeWorkbook {
  /** Hands over the bytes of one place, before the first step. */
  put(at: number, bytes: Uint8Array): void;
  step(): Step;
}

/** Opens a workbook of so many bytes, which are still to be put; `sheet` is a name or a place from 0, and after `mostRows` rows it stops. */
export function openWorkbook(
  module: EngineModule,
  size: number,
  sheet?: string | number,
  mostRows?: number,
): NativeWorkbook {
  const glue = freshWorkbook();
  glue.initSync({ module: module as WebAssembly.Module });
  return new glue.Workbook(size, sheet, mostRows);
}

/**
 * What was thrown, as an error of ours. A trap (or an exhausted stack or memory) leaves the instance in an unknown state:
 * it must not be called again.
 */
export function understand(error: unknown, instance: Pick<Instance, "lastPanic">): { error: Error; crashed: boolean } {
  if (error instanceof MarquetryError || isAbort(error)) return { error: error as Error, crashed: false };
  if (isThrownByCore(error))
    return { error: new MarquetryError(error.code, error.message, error.details), crashed: false };
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    return { error: crash(lastPanic(instance) ?? messageOf(error), error), crashed: true };
  }
  const message = `${messageOf(error)} Please report this.`;
  return { error: new MarquetryError("internal", message, {}, { cause: error }), crashed: false };
}

/** What a broken instance last said, where it can still say it. */
function lastPanic(instance: Pick<Instance, "lastPanic">): string | undefined {
  try {
    return instance.lastPanic() ?? undefined;
  } catch {
    return undefined;
  }
}

/** The error of everything that was under way, or still open, when the engine broke down. */
function crash(reason: string, cause: unknown): MarquetryError {
  const message = `The engine broke down (${reason}). A fresh one starts with the next call; load the file again.`;
  const hint =
    "Such a break-down is a fault of ours, or the memory was not enough. If it happens again, please report it.";
  return fail("engine-crashed", message, { hint }, cause);
}

function isThrownByCore(error: unknown): error is Error & { code: string; details: ErrorDetails } {
  return error instanceof Error && error.name === "MarquetryError" && "code" in error && "details" in error;
}
