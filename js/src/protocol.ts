import { aborted, type ErrorDetails, isAbort, MarquetryError, messageOf } from "./errors.js";
import type { Baseline, Changes, CompareOptions } from "./types/changes.js";
import type {
  ClusterDescription,
  Clustering,
  ClusterMap,
  ClusterOptions,
  ClusterSilhouettes,
  ClusterWhy,
  PlacedClusters,
  RowsRule,
  UnknownValues,
} from "./types/clusters.js";
import type { FeaturePreview, Scale, ScaleOptions, Transform } from "./types/features.js";
import type {
  Agreement,
  Concentration,
  Grouping,
  RestoredSegment,
  RfmGrouping,
  RfmOptions,
  RfmScheme,
  RfmSchemeList,
  Segment,
  Snapshot,
} from "./types/groupings.js";
import type { EngineModule, Progress } from "./types/host.js";
import type { Propensity, PropensityOptions } from "./types/propensity.js";
import type { ColumnInfo, Finding, LoadOptions, Preview, Question } from "./types/read.js";
import type { Overlap, ParsedRule, Rule, RuleCounts, RuleJson } from "./types/rules.js";
import type {
  Exclusion,
  ExclusionList,
  ExportOptions,
  Profile,
  Recipe,
  RuleParameters,
  StudyOptions,
  TiersOptions,
} from "./types/study.js";
import type {
  Cell,
  CustomersOptions,
  Distribution,
  JoinProposal,
  Line,
  Repair,
  RowsOptions,
  Table,
} from "./types/table.js";
import type {
  Cohorts,
  CohortsOptions,
  Hint,
  Holdout,
  HoldoutOptions,
  ReviewOptions,
  StagesGrouping,
  StagesOptions,
} from "./types/time.js";
import type { ClusterTree, ClusterTreeOptions, OutcomeTree, OutcomeTreeOptions } from "./types/trees.js";
import type { ValueModel, ValueOptions } from "./types/value.js";

/** A source as it travels: a Blob goes by reference, bytes are transferred. */
export type WireSource = Blob | Uint8Array<ArrayBuffer>;

/** Options without what cannot travel. */
export type Settings<T> = Omit<T, "signal" | "onProgress" | "transfer">;

/** A table as it travels: its handle and its facts. */
export interface TableFacts
  extends Pick<Table, "rowCount" | "columns" | "dialect" | "findings" | "questions" | "kind" | "repairs"> {
  handle: number;
  /** Whether its rows lie in a source, so that original cells can be read again. */
  hasSource: boolean;
  /** The recipe of a study of it to which nothing was said yet. */
  recipe: Recipe;
}

/** Text by code, as it travels: far smaller than one string a row. */
export interface CodedText {
  /** All distinct values, one after the other. */
  text: string;
  /** Where each value ends, in UTF-16 units. */
  ends: Uint32Array<ArrayBuffer>;
  /** One a row; 4294967295 where missing. */
  codes: Uint32Array<ArrayBuffer>;
}

/** One string a row; rows with the same value share it. */
export function uncode({ text, ends, codes }: CodedText): (string | null)[] {
  const values: string[] = [];
  let start = 0;
  for (const end of ends) {
    values.push(text.slice(start, end));
    start = end;
  }
  return Array.from(codes, (code) => values[code] ?? null);
}

/** Whether a value of a column says that there is none. */
export const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || value === -2147483648 || Number.isNaN(value);

/** An answer of something that changed a study. */
export interface Changed<T> {
  value: T;
  /** The study's recipe after it; none where nothing else of it became another than the segments below. */
  recipe?: Recipe;
  /** Segments whose facts became others by it. */
  segments: SegmentFacts[];
}

export type SegmentFacts = Pick<Segment, "id" | "name" | "rule" | "text" | "counts">;

/** A grouping as it travels, with one rule a label. */
export type GroupingFacts = Pick<Grouping, "name" | "labels" | "sizes"> & { rules: RuleJson[] };
export type RfmFacts = GroupingFacts & Pick<RfmGrouping, "scores" | "edges" | "nestedEdges" | "possible" | "findings">;

export type HoldoutFacts = GroupingFacts & Omit<Holdout, keyof Grouping>;
/** What a control group is drawn by, with segment and grouping by name. */
export type HoldoutSettings = Omit<Settings<HoldoutOptions>, "of" | "stratifyBy"> & {
  of?: string;
  stratifyBy?: string;
};
export type StagesFacts = GroupingFacts & Omit<StagesGrouping, keyof Grouping>;

/** The tables of a past day as they travel. */
export interface PastFacts {
  customers: TableFacts;
  orders: TableFacts;
  notices: string[];
}

/** How a table was folded from order lines; `lines` are the columns by which, for the recipe. */
export type Fold = Settings<Omit<CustomersOptions, "attributes">> & { lines?: Line[] };

/** What a handle of clusters asks for by itself. */
type Asked = "apply" | "check" | "describe" | "map" | "silhouettes" | "toJSON" | "toONNX" | "toPMML" | "tree" | "why";

/** A clustering as it travels, with the document that `toJSON` gives. */
export type ClusteringFacts = GroupingFacts & Omit<Clustering, keyof Grouping | Asked> & { document: object };

/** Clusters of a saved model as they travel. */
export type PlacedFacts = GroupingFacts &
  Omit<PlacedClusters, keyof Grouping | Asked> & {
    document: object;
  };

/** Export options with segments by id or name. */
export type ExportSettings = Settings<Omit<ExportOptions, "segments">> & { segments?: string[] };

/** What is to be read. A workbook brings the module that reads it: only the page's side may fetch that. */
export interface ReadParams {
  source: WireSource;
  /** With the repairs that they are, where a file is read again. */
  options: Settings<LoadOptions> & { repairs?: readonly Repair[] };
  workbook?: EngineModule;
}

/** What a source was before it became CSV, and what was noticed on the way: goes into the table that is read from it. */
export interface Origin {
  /** What the dialect calls the file: `xlsx`, `ods`, `json` … */
  format: string;
  /** Columns, where their names are known to stand in the first row; further facts about that text. */
  width?: number;
  header?: boolean;
  newline?: string;
  points?: boolean;
  texts?: number[];
  /** Without shares, which the reader works out. */
  findings: Omit<Finding, "share">[];
  questions: Question[];
}

/** What is said about a file before it is read. */
export type ReadSettings = Settings<LoadOptions> & { origin?: Origin; repairs?: readonly Repair[] };

/** A stretch of a text that one engine reads for another. */
export interface StretchParams {
  source: Blob;
  options: ReadSettings;
  from: number;
  to: number;
}

/** What another engine is asked for. */
export type Help = { [M in "stretch" | "share"]: { method: M; params: Params<M> } }["stretch" | "share"];

/** What may help with a request: other engines, each of which does what it is asked for, one thing after another. */
export interface Others {
  count: number;
  /** Nothing where it could not be done. */
  ask(other: number, help: Help): Promise<Uint8Array | undefined>;
}

/** Every request: what it takes and what it gives. */
export interface Calls {
  preview: { params: ReadParams; result: Preview };
  load: { params: ReadParams; result: TableFacts };
  stretch: { params: StretchParams; result: Uint8Array };
  /** A share of another engine's work. */
  share: { params: { message: Uint8Array<ArrayBuffer> }; result: Uint8Array };
  closeTable: { params: { table: number }; result: undefined };
  column: {
    params: { table: number; name: string };
    result: Float64Array | Int32Array | CodedText | (string | null)[];
  };
  rows: { params: { table: number; options: RowsOptions }; result: Cell[][] };
  repair: { params: { table: number; repairs: Repair[] }; result: { table: TableFacts; log: Finding[] } };
  distribution: { params: { table: number; column: string }; result: Distribution };
  proposeJoin: { params: { table: number; other: number }; result: JoinProposal | null };
  customers: {
    params: { table: number; attributes?: number; options: Fold };
    result: TableFacts;
  };
  study: {
    params: { study: number; table: number; orders?: number; options: Omit<StudyOptions, "orders">; fold?: Fold };
    result: Recipe;
  };
  closeStudy: { params: { study: number }; result: undefined };
  segment: { params: { study: number; name: string; rule: Rule }; result: Changed<SegmentFacts> };
  update: { params: { study: number; id: string; rule: Rule }; result: Changed<SegmentFacts> };
  rename: { params: { study: number; id: string; name: string }; result: Changed<SegmentFacts> };
  remove: { params: { study: number; id: string }; result: Changed<void> };
  snapshot: { params: { study: number; id: string }; result: Snapshot };
  restore: {
    params: { study: number; snapshot: Snapshot; name?: string };
    result: Changed<SegmentFacts & Pick<RestoredSegment, "found" | "missing">>;
  };
  exclude: {
    params: { study: number; list: number } | { study: number; of: Rule | ExclusionList | null };
    result: Changed<Exclusion | null>;
  };
  setParameters: { params: { study: number; parameters: RuleParameters }; result: Changed<void> };
  findings: { params: { study: number }; result: Finding[] };
  members: { params: { study: number; id: string }; result: Uint32Array };
  count: { params: { study: number; rule: Rule }; result: RuleCounts };
  explain: { params: { study: number; row: number; id: string }; result: RuleCounts };
  tiers: {
    params: { study: number; name: string; tiers: { name: string; rule: Rule }[]; options: TiersOptions };
    result: Changed<GroupingFacts>;
  };
  rfm: { params: { study: number; options: Settings<RfmOptions> }; result: Changed<RfmFacts> };
  schemes: { params: { study: number }; result: RfmSchemeList[] };
  agreement: { params: { study: number; groupings: (string | RfmScheme)[] }; result: Agreement };
  concentration: { params: { study: number; column?: string }; result: Concentration };
  previewFeature: {
    params: { study: number; column: string; transform?: Transform };
    result: FeaturePreview;
  };
  cluster: { params: { study: number; options: Settings<ClusterOptions> }; result: Changed<ClusteringFacts> };
  place: { params: { study: number; model: object; name?: string }; result: Changed<PlacedFacts> };
  assignments: { params: { study: number; grouping: string }; result: Int32Array };
  clusterMap: { params: { study: number; clustering: string; maxPoints?: number }; result: ClusterMap };
  describeCluster: { params: { study: number; clustering: string; label: string }; result: ClusterDescription };
  explainClusters: { params: { study: number; clustering: string }; result: undefined };
  clusterTree: { params: { study: number; clustering: string; options: ClusterTreeOptions }; result: ClusterTree };
  clusterSilhouettes: { params: { study: number; clustering: string }; result: ClusterSilhouettes };
  clusterWhy: { params: { study: number; clustering: string; row: number }; result: ClusterWhy };
  outcomeTree: { params: { study: number; options: Settings<OutcomeTreeOptions> }; result: OutcomeTree };
  explainRows: { params: { study: number; rows: Uint32Array; columns?: string[] }; result: RowsRule };
  apply: { params: { study: number; clustering: string; table: number }; result: Int32Array };
  checkTable: { params: { study: number; clustering: string; table: number }; result: UnknownValues[] };
  scales: { params: { study: number; scales: ScaleOptions[] }; result: Changed<Scale[]> };
  overlap: { params: { study: number; segments?: string[] }; result: Overlap };
  cohorts: { params: { study: number; options: Settings<CohortsOptions> }; result: Cohorts };
  stages: { params: { study: number; options: Settings<StagesOptions> }; result: Changed<StagesFacts> };
  holdout: { params: { study: number; options: HoldoutSettings }; result: Changed<HoldoutFacts> };
  review: { params: { study: number; options: Settings<ReviewOptions> }; result: Hint[] };
  asOf: { params: { study: number; day: string }; result: PastFacts };
  value: { params: { study: number; options: Settings<ValueOptions> }; result: Changed<ValueModel> };
  propensity: { params: { study: number; options: Settings<PropensityOptions> }; result: Changed<Propensity> };
  profile: {
    params: { study: number; options: { of: string; baseline?: string; columns?: string[] } };
    result: Profile[];
  };
  compare: {
    params: { study: number; before: number | Baseline; options: Settings<CompareOptions> };
    result: Changes;
  };
  export: { params: { study: number; table: number; options: ExportSettings }; result: Blob };
  parseRule: { params: { text: string; columns?: Pick<ColumnInfo, "name" | "type">[] }; result: ParsedRule };
  formatRule: { params: { rule: RuleJson }; result: string };
}

export type Method = keyof Calls;
export type Params<M extends Method> = Calls[M]["params"];
export type Result<M extends Method> = Calls[M]["result"];

/** What the worker is told. */
export type Request =
  | { type: "start"; module: EngineModule }
  | { type: "call"; id: number; method: Method; params: unknown; others: number }
  | { type: "part"; ask: number; part: Uint8Array | undefined }
  | { type: "abort"; id: number };

/** What the worker says. Each call is answered by exactly one "result" or "error". */
export type Reply =
  | { type: "ready" }
  | { type: "refused"; error: WireError }
  | { type: "progress"; id: number; progress: Progress }
  | { type: "ask"; id: number; ask: number; other: number; help: Help }
  | { type: "result"; id: number; value: unknown }
  | { type: "error"; id: number; error: WireError }
  | { type: "crash"; error: WireError };

/** An error as it travels, since structured clone keeps neither classes nor extra properties. */
export type WireError = { abort: true } | { abort?: false; code: string; message: string; details: ErrorDetails };

export function toWire(error: unknown): WireError {
  if (isAbort(error)) return { abort: true };
  if (error instanceof MarquetryError) return { code: error.code, message: error.message, details: error.details };
  return { code: "internal", message: `${messageOf(error)} Please report this.`, details: {} };
}

export function fromWire(error: WireError, signal?: AbortSignal): Error {
  return error.abort ? aborted(signal) : new MarquetryError(error.code, error.message, error.details);
}

/** The buffers of a reply that are handed over instead of copied. Arrays are not searched: they hold no buffers here. */
export function buffersOf(value: unknown, found: ArrayBuffer[] = []): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.push(value.buffer);
  } else if (isPlain(value)) {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return found;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
