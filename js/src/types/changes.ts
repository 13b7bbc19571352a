import type { Job } from "./host.js";
import type { Recipe } from "./study.js";

/**
 * What is kept of a study to compare a later file with: what `export({ what: "baseline" })` gives, read as JSON. It holds the
 * recipe, counts, and who was where as salted hashes; docs/BASELINE.md describes it, and what it does not hide.
 */
export interface Baseline {
  kind: "baseline";
  version: number;
  referenceDate: string;
  customers: number;
  recipe: Recipe;
  [more: string]: unknown;
}

/**
 * When to tell of a change. Shares are of the members then ("size", "left", "retention") or now ("entered"); "size" is the
 * change, negative where there are fewer. A threshold that is met exactly is not passed.
 */
export interface AlertRule {
  /** "no-match": a condition, or a value it asks for, that was there and is not any more; it takes no threshold and no smallest size. */
  measure: "size" | "entered" | "left" | "retention" | "psi" | "no-match";
  /** Only of this segment or group. Without it "psi" is about everyone; with it, about that segment's members. */
  segment?: string;
  /** "psi": only of this column. */
  column?: string;
  above?: number;
  below?: number;
  /** What thresholds are in; "share" when left out. */
  unit?: "share" | "count";
  /** Nothing is told of fewer customers, then and now; `CompareOptions.smallest` when left out. */
  smallest?: number;
}

/** How two dates are compared. */
export interface CompareOptions extends Job {
  /**
   * When left out: segments and groups that grew or shrank by more than 25 %, columns with a PSI above 0.25, and rules that
   * find nothing any more. An empty list: none.
   */
  alerts?: AlertRule[];
  /** RFM and clusters found anew on the customers of now, beside the frozen ones. */
  refit?: boolean;
  /** What columns of then are called now, for their drift; a study that was replayed with a mapping knows it by itself. */
  mapping?: Record<string, string>;
  /** Alerts on sizes and drift leave smaller groups alone; 100 when left out. */
  smallest?: number;
}

/** What became of a segment: stayed + left = before, stayed + entered = after. */
export interface SegmentChange {
  name: string;
  before: number;
  after: number;
  stayed: number;
  /** Those who came, with the new customers among them. */
  entered: number;
  /** Those who went, with the lost customers among them. */
  left: number;
  /** Of those who came: customers that were not there then. */
  isNew: number;
  /** Of those who went: customers that are not there any more. */
  lost: number;
  /** after − before. */
  net: number;
  /** stayed of before, 0 to 1; null where nobody was in it. */
  retention: number | null;
  /** What its members bring (role amount), then and now. */
  revenueBefore?: number;
  revenueAfter?: number;
  /** What those who came bring now, and what those who went brought then (unknown from a baseline). */
  revenueEntered?: number;
  revenueLeft?: number;
  /** Columns that changed among its members, at most five, the most changed first. */
  drift: { column: string; psi: number; expectedPsi: number; n: number; level: DriftLevel }[];
}

/** Who went from which group to which. Rows of the matrix are groups then: each with its gone sums to its size. */
export interface Migration {
  grouping: string;
  /** The labels of then, those that are new, and "in no group" where anybody is in none. */
  labels: string[];
  /** Where the label for those in no group stands, if it is there. */
  none?: number;
  matrix: number[][];
  /** By group then: customers who are not there any more. */
  gone: number[];
  /** By group now: customers who were not there then. */
  arrived: number[];
  sizesBefore: number[];
  sizesAfter: number[];
  /** What those in each cell bring now; what those who are gone brought then (unknown from a baseline); what the new ones bring. */
  money?: number[][];
  moneyGone?: number[];
  moneyArrived?: number[];
  /** In the same group on both dates, and in another. */
  stayed: number;
  moved: number;
  /** Whether the groups stand from best to worst: tiers, and the six RFM groups. Then how many rose and fell. */
  ordered: boolean;
  improved?: number;
  worsened?: number;
  sentence: string;
}

/** By the usual bounds 0.1 and 0.25, but "stable" where chance alone may be the reason, and "strong" only from 500 customers on. */
export type DriftLevel = "stable" | "some" | "strong";

/** How a column has changed. */
export interface Drift {
  column: string;
  /** Of dates and times the bins, mean and median are in days before the reference date of their side. */
  kind: "number" | "date" | "category";
  /** Population stability index over the bins; a share of 0 counts as half a customer. */
  psi: number;
  /** What it is on average when nothing changes: (bins − 1)(1/n1 + 1/n2), for two samples of their own. */
  expectedPsi: number;
  /** Customers on the smaller side. */
  n: number;
  level: DriftLevel;
  /** Cut once, on the earlier side: numbers at their deciles (a value that is several deciles alone), categories by value, missing values apart. Shares and parts of the index. */
  bins: { label: string; before: number; after: number; psi: number }[];
  meanBefore?: number;
  meanAfter?: number;
  medianBefore?: number;
  medianAfter?: number;
  missingBefore: number;
  missingAfter: number;
  /**
   * Two-sample Kolmogorov-Smirnov (p in the limit of large samples) or chi-square, over customers with a value. From a baseline the
   * former comes from its bins, and is at most the one of the values.
   */
  statistic?: {
    name: "ks" | "chi-square";
    value: number;
    p: number;
    from: "values" | "bins";
    degrees?: number;
  };
  /** Cohen's d (pooled, n − 1), or Cramér's V. */
  effect?: { name: "d" | "v"; value: number };
  /** Distances of the shares: 0 to 1, 0 to 1, and 0 to ln 2. */
  totalVariation: number;
  hellinger: number;
  jensenShannon: number;
  sentence: string;
}

/** A change that wants attention. */
export interface Alert {
  code: "size" | "entered" | "left" | "retention" | "psi" | "no-match";
  message: string;
  segment?: string;
  /** The grouping, where `segment` is one of its groups. */
  grouping?: string;
  column?: string;
  /** "no-match": the values that the column has now, the most frequent first. */
  values?: string[];
  /** null for a segment that has grown from nobody. */
  value: number | null;
  threshold: number;
  n: number;
}

/** A grouping found anew on the customers of now, beside the frozen one. */
export interface Refit {
  grouping: string;
  /** The frozen ones; groups found anew are called as the frozen one with which they share most customers. */
  labels: string[];
  frozen: number[];
  refitted: number[];
  /** Share of the customers of now who are in the same group by both. */
  agreement: number;
  /** Share of the customers of both dates who are in another group than then, when groups are found anew. */
  movedShare: number;
  /** Share of those who are where they were by the frozen edges: the edges moved, they did not. */
  byEdgesShare: number;
  sentence: string;
}

/** What has changed between two studies. */
export interface Changes {
  before: { date: string; customers: number };
  after: { date: string; customers: number };
  /** The column by which customers were found again. */
  key: string;
  /** Customers of both dates, of the earlier one only, and of the later one only. */
  matched: number;
  gone: number;
  arrived: number;
  /** Segments of that name on both sides. */
  segments: SegmentChange[];
  /** Groupings of that name on both sides. */
  migration: Migration[];
  /** The most changed first. */
  drift: Drift[];
  refit?: Refit[];
  alerts: Alert[];
  /** What should be known: customers without a key or with a repeated one, what is there on one side only. */
  notices: string[];
}
