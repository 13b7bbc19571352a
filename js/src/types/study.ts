import type {
  Clustering,
  ClusterOptions,
  FeaturePreview,
  OutcomeTree,
  OutcomeTreeOptions,
  PlacedClusters,
  PreviewOptions,
  RowsRule,
  Scale,
  ScaleOptions,
} from "./clusters.js";
import type { Grouping, RestoredSegment, RfmGrouping, RfmOptions, Segment, Snapshot } from "./groupings.js";
import type { Closable, Job } from "./host.js";
import type { Finding, LoadOptions } from "./read.js";
import type { Overlap, Rule, RuleCounts, RuleJson, Template } from "./rules.js";
import type { Table } from "./table.js";
import type { ValueModel, ValueOptions } from "./value.js";

/** What an analysis is fixed to. */
export interface StudyOptions {
  /** The day that relative dates are counted from, as ISO text. The table's own, or its last date, when left out. */
  referenceDate?: string;
  /** Only "UTC": times are of that zone. Another one is refused, rather than passed over. */
  zone?: string;
  /** Seed of everything random, a whole number from 0; 42 when left out. */
  seed?: number;
  /**
   * The customers' order lines, for rules such as `count(orders in last 90 days) >= 3`. A table that `customers()` made has
   * those that it was made from, as long as they are not closed. Their last date counts for the reference date, too.
   */
  orders?: Table;
  /** The column of the orders that holds the customers' ids; their customer id when left out. */
  ordersKey?: string;
  /** What rules call by name: `:least` is `parameters.least`. */
  parameters?: RuleParameters;
}

/** Numbers, texts (also ISO days), true or false by the names that rules call them. */
export type RuleParameters = Readonly<Record<string, number | string | boolean>>;

/** What tiers are besides their rules. */
export interface TiersOptions {
  /** The label of all whom no tier takes; without it they have none. */
  everyoneElse?: string;
}

/** A list of customers as a recipe keeps it: not whom it names, but a hash of each. */
export interface ExclusionList {
  /** The column by which they are found: a customer id, address or telephone number. */
  column: string;
  hashes: readonly string[];
}

/** Who is excluded from every segment and tier and from what is exported. */
export interface Exclusion {
  /** Rows that are excluded. */
  rows: number;
  /** The rule, where a rule says who. */
  text?: string;
  rule?: RuleJson;
  /** The column by which the customers of a list were found, how many it lists, and how many of these there are not. */
  column?: string;
  listed?: number;
  missing?: number;
}

/** Who a group is, against everyone (or against another segment). */
export interface Profile {
  label: string;
  n: number;
  share: number;
  revenue?: number;
  revenueShare?: number;
  columns: {
    name: string;
    n: number;
    missing: number;
    mean?: number;
    median?: number;
    quantiles?: number[];
    baselineMean?: number;
    baselineMedian?: number;
    /** Mean against the baseline's; 100 where they are equal. */
    index?: number;
    /** Most common values; `index` is 100 where the share equals the baseline's. */
    top?: { value: string; share: number; index: number }[];
    effect: number;
    pAdjusted: number;
  }[];
  /** The strongest differences, as sentences. */
  differences: string[];
}

/** Against what, and over which columns, a profile is taken. */
export interface ProfileOptions extends Job {
  /** Everyone when left out. */
  baseline?: Segment;
  columns?: string[];
}

/** What leaves as a file. */
export interface ExportOptions extends Job {
  /** "members": rows in any of the segments, with a column each · "rows": all rows, the same columns added · "recipe": everything but the rows, as JSON. */
  what: "members" | "rows" | "recipe";
  format?: "csv" | "json";
  segments?: readonly (Segment | Grouping | string)[];
  columns?: string[];
  /** Cells that a spreadsheet would run as formulas get a leading apostrophe; on when left out. */
  escapeFormulas?: boolean;
  delimiter?: "," | ";" | "\t";
  decimal?: "." | ",";
}

/** Everything but the rows: mapping, repairs, rules, models, names, seed. */
export interface Recipe {
  version: number;
  [more: string]: unknown;
}

/** How a recipe is replayed on a new file, which is otherwise read as `LoadOptions` say. */
export interface ReplayOptions extends LoadOptions {
  /** What columns of the recipe are called in the new file. */
  mapping?: Record<string, string>;
  /** What is left out: parts (segments, groupings, "exclusion") by name, or columns with everything that uses them. */
  skip?: string[];
  /** The customers' order lines, where the new file has customers and not orders. */
  orders?: Table;
}

/** A column of a recipe that the new file lacks: `details.lacking` of the error lists them. */
export interface Lacking {
  column: string;
  /** Columns of the new file that may be meant, best first. */
  suggestions: string[];
  /** Segments, groupings and repairs that use it. */
  parts: string[];
}

/** A part of a recipe that was not replayed. */
export interface Skipped {
  part: string;
  reason: string;
}

/** The analysis of one table. */
export interface Study extends Closable {
  readonly table: Table;
  /** Live: follows every answered call. `JSON.stringify` gives the saved document. */
  readonly recipe: Recipe;
  /** A named segment. */
  segment(name: string, rule: Rule): Promise<Segment>;
  /** Ready rules by objective and kind, with this table's columns and numbers; those that lack columns say which. */
  templates(): Promise<Template[]>;
  /** Ordered rules: the first that is true decides. Their groups stay as they were made. */
  tiers(name: string, tiers: { name: string; rule: Rule }[], options?: TiersOptions): Promise<Grouping>;
  /** What rules call by name. Live, as the recipe is. */
  readonly parameters: RuleParameters;
  /** Other parameters, in place of all there were. Segments and the exclusion follow; where one cannot, all stays as it was. */
  setParameters(parameters: RuleParameters): Promise<void>;
  /**
   * Takes customers out after every segment, tier and export: those for whom a rule is true, or those of a list with the same
   * customer id, address or telephone number; with null nobody. Counts stay those of the rule, and say beside them how many were
   * `excluded`; members, overlap, profiles and exports are without them.
   */
  exclude(of: Rule | Table | ExclusionList | null): Promise<Exclusion | null>;
  /** The customers of a snapshot as a segment, under its name or another; they are found by their key. */
  restore(snapshot: Snapshot, options?: { name?: string }): Promise<RestoredSegment>;
  /** What was noticed when orders were joined to their customers: lines of nobody, without an id, without a date. */
  findings(): Promise<Finding[]>;
  /** How many rows a rule takes, at every node, without keeping it. */
  count(rule: Rule): Promise<RuleCounts>;
  rfm(options?: RfmOptions): Promise<RfmGrouping>;
  /** A column of numbers before and after its transform ("auto" when left out), as `cluster` would take it. */
  preview(options: PreviewOptions): Promise<FeaturePreview>;
  cluster(options?: ClusterOptions): Promise<Clustering>;
  /** Segments by an outcome, such as who bought or who left, tested on customers held back. */
  tree(options: OutcomeTreeOptions): Promise<OutcomeTree>;
  /** A readable rule for some rows (counted from 0), over the columns named or all that describe customers. */
  explainRows(rows: Uint32Array, columns?: string[]): Promise<RowsRule>;
  /**
   * Scores scales of survey answers and says what they are worth. Each becomes a column of its name for rules and clusters and
   * stands in the recipe; one of the same name is replaced. All are kept, or none.
   */
  scales(scales: ScaleOptions[]): Promise<Scale[]>;
  /**
   * Clusters of a saved model (`toJSON()` of other clusters, of this file or another) on these customers, without fitting
   * anew; on the file that it was found on, the same labels. Kept under the name, in place of those of that name.
   */
  place(model: object, options?: { name?: string }): Promise<PlacedClusters>;
  /**
   * What every customer may still bring, by models of repeat purchases and of spending fitted to their orders. The study needs
   * orders: those its customers were folded from, or the `orders` it was given.
   */
  value(options?: ValueOptions): Promise<ValueModel>;
  /** How segments overlap; all of the study's when left out. */
  overlap(segments?: (Segment | string)[]): Promise<Overlap>;
  profile(of: Segment | Grouping, options?: ProfileOptions): Promise<Profile[]>;
  /** Why a row (counted from 0) is in a segment or not: each leaf as a count of one. */
  explain(row: number, segment: Segment): Promise<RuleCounts>;
  export(options: ExportOptions): Promise<Blob>;
}

/** A study that was made from a recipe. */
export interface ReplayedStudy extends Study {
  /** What the recipe holds and this study does not, with the reason. */
  readonly skipped: readonly Skipped[];
}
