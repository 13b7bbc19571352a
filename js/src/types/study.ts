import type { Baseline, Changes, CompareOptions } from "./changes.js";
import type { Clustering, ClusterOptions, PlacedClusters, RowsRule } from "./clusters.js";
import type { FeaturePreview, PreviewOptions, Scale, ScaleOptions } from "./features.js";
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
} from "./groupings.js";
import type { Closable, Job } from "./host.js";
import type { Propensity, PropensityOptions } from "./propensity.js";
import type { Finding, LoadOptions } from "./read.js";
import type { Overlap, Rule, RuleCounts, RuleJson, Template } from "./rules.js";
import type { Table } from "./table.js";
import type {
  Cohorts,
  CohortsOptions,
  Hint,
  Holdout,
  HoldoutOptions,
  PastStudy,
  ReviewOptions,
  StagesGrouping,
  StagesOptions,
  Trend,
  TrendOptions,
} from "./time.js";
import type { OutcomeTree, OutcomeTreeOptions } from "./trees.js";
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
  /** "members": rows in any of the segments, with a column each · "rows": all rows, the same columns added · "recipe": everything but the rows, as JSON · "baseline": the same with counts and salted hashes, to compare a later file with. */
  what: "members" | "rows" | "recipe" | "baseline";
  format?: "csv" | "json";
  segments?: readonly (Segment | Grouping | string)[];
  /** Of the table, and of what the study has worked out (value, probabilities, scores, stages), which stand after the table's own. */
  columns?: string[];
  /** Cells that a spreadsheet would run as formulas get a leading apostrophe; on when left out. */
  escapeFormulas?: boolean;
  delimiter?: "," | ";" | "\t";
  decimal?: "." | ",";
  /** "baseline": what customers' keys are hashed with; random when left out. It stands in the file. */
  salt?: string;
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
  /**
   * What is left out: parts (segments, groupings, "exclusion") by name, or columns with everything that uses them. A column by
   * which lines are folded is left out of the fold also where it is there; what follows is in `skipped`.
   */
  skip?: string[];
  /** The customers' order lines, where the new file has customers and not orders. */
  orders?: Table;
  /** The day to which times are measured, as ISO text; the file's last date when left out, whatever the recipe's was. */
  referenceDate?: string;
}

/** How the parts of a recipe are made on a study that is there. */
export interface RemakeOptions {
  /** What columns of the recipe are called in the study's table. */
  mapping?: Readonly<Record<string, string>>;
  /** Parts that are left out by name, or columns with everything that uses them. */
  skip?: readonly string[];
  /** Parts that are there already. */
  done?: readonly string[];
}

/** A column of a recipe that the new file lacks: `details.lacking` of the error lists them. */
export interface Lacking {
  column: string;
  /** Columns of the new file that may be meant, best first. */
  suggestions: string[];
  /** Segments, groupings and repairs that use it. */
  parts: string[];
}

/** A part of a recipe and how it is made on a study; what it gives is what the study's own call gives. */
export type RecipePart = { part: string } & (
  | { kind: "snapshot"; make(): Promise<RestoredSegment> }
  | { kind: "scale"; make(): Promise<Scale[]> }
  | { kind: "value"; make(): Promise<ValueModel> }
  | { kind: "propensity"; make(): Promise<Propensity> }
  /** `of`: "rfm", "tiers", "clusters" and others by the name of their call. */
  | { kind: "grouping"; of: string; make(): Promise<Grouping> }
  | { kind: "segment"; make(): Promise<Segment> }
  | { kind: "exclusion"; make(): Promise<Exclusion | null> }
);

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
  /** The built-in schemes of RFM as lists, to edit and hand back as `scheme`. */
  schemes(): Promise<RfmSchemeList[]>;
  /**
   * Two to twelve groupings beside each other: kept ones, by themselves or by name, and schemes of the kept RFM’s scores
   * (without one: of RFM without options).
   */
  agreement(groupings: (Grouping | string | RfmScheme)[]): Promise<Agreement>;
  /** How the money, or another column, is spread over customers. */
  concentration(options?: { column?: string } & Job): Promise<Concentration>;
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
  /**
   * How likely customers are to stay away (`churn`), or to have an outcome that some are known to have. The probabilities are a column
   * for rules, and a part of the recipe; a replay fits anew.
   */
  propensity(options: PropensityOptions): Promise<Propensity>;
  /** Customers by the period of their first order: who stayed, what they ordered and spent. The study needs orders. */
  cohorts(options?: CohortsOptions): Promise<Cohorts>;
  /** Stages of the customers' lives, from the days between their orders. The study needs orders. */
  stages(options?: StagesOptions): Promise<StagesGrouping>;
  /**
   * A control group for a campaign: the same for the same seed, name and customers, whatever the order of the rows. Where customers
   * are new, or change between groups of `stratifyBy`, a few others at the margin of the share move in or out: a test that runs goes by
   * the list exported when it began, not by a group drawn anew. Says which rise its size can show.
   */
  holdout(options?: HoldoutOptions): Promise<Holdout>;
  /** Segments and labels that one might do without: too small, nearly another one, told apart by no column, or of nobody. */
  review(options?: ReviewOptions): Promise<Hint[]>;
  /**
   * This study as it was at the end of a past day (ISO): the order lines up to it are folded anew, and the recipe made again with
   * the same edges, models and rules, whose relative dates are counted from that day. What cannot be made then is `skipped`.
   */
  asOf(day: string, options?: Job): Promise<PastStudy>;
  /** Sizes of all segments and groupings on several past days. */
  trend(options?: TrendOptions): Promise<Trend>;
  /** How segments overlap; all of the study's when left out. */
  overlap(segments?: (Segment | string)[]): Promise<Overlap>;
  profile(of: Segment | Grouping, options?: ProfileOptions): Promise<Profile[]>;
  /** Why a row (counted from 0) is in a segment or not: each leaf as a count of one. */
  explain(row: number, segment: Segment): Promise<RuleCounts>;
  /**
   * What has changed since another study (of an earlier file, or of an earlier day), or since a baseline of one. Customers are
   * found again by their customer id, or else by e-mail address or telephone number; segments and groupings by their names.
   */
  compare(before: Study | Baseline, options?: CompareOptions): Promise<Changes>;
  export(options: ExportOptions): Promise<Blob>;
}

/** A study that was made from a recipe. */
export interface ReplayedStudy extends Study {
  /** What the recipe holds and this study does not, with the reason. */
  readonly skipped: readonly Skipped[];
  /** What columns of the recipe are called here, where that is otherwise. */
  readonly mapping?: Readonly<Record<string, string>>;
}
