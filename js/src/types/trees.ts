import type { Job } from "./host.js";
import type { Rule, RuleJson } from "./rules.js";

/** Which tree explains a clustering. */
export interface ClusterTreeOptions {
  /** "threshold": cuts between the centres, with a leaf for every cluster · "cart": leaves of the cluster most frequent there.
   * When left out the one that names more rows rightly. */
  kind?: "threshold" | "cart";
  /** Leaves at most, 2 to 1,000; three a cluster when left out. A threshold tree has one a cluster at least. */
  leaves?: number;
}

/** A place in a tree. At a split `low` and `high` are the places of its sides; a leaf has neither. */
export interface TreeNode {
  /** The column that is asked. */
  feature?: string;
  /** Values up to this (a number, or the last day) are on the lower side … */
  cut?: number | string;
  /** … or these values; neither where only rows without a value are on the lower side. */
  values?: (number | string | boolean)[];
  /** What leads here from the place above; "everyone" for the root. */
  text: string;
  /** Rows that come here, and their share of all rows. */
  n: number;
  share: number;
  low?: number;
  high?: number;
  /** The cluster that a leaf names, and the share of its rows that belong to it. */
  label?: string;
  purity?: number;
  /** The share or mean of an outcome at a leaf. */
  value?: number;
}

/** By what customers are cut into segments. */
export interface OutcomeTreeOptions extends Job {
  /** A column of numbers or of yes and no, or a rule: whom it takes is a yes. Rows where it is unknown are left out. */
  outcome: Rule;
  /** The columns that may part customers; when left out all that describe them, but for those of protected attributes. */
  columns?: string[];
  /** Leaves at most; 8 when left out. */
  leaves?: number;
  /** Share of the customers held back for the test, 0 to 0.9, drawn with the study's seed; 0.3 when left out. */
  holdout?: number;
}

/** Customers cut into segments by an outcome. */
export interface OutcomeTree {
  /** The column, or the rule as text. */
  outcome: string;
  /** Whether values are shares of yes, 0 to 1, or means. */
  measure: "share" | "mean";
  /** Customers the tree was made from, and held back. */
  trained: number;
  tested: number;
  /** Share or mean of those it was made from. */
  value: number;
  /** The segments, the highest value first. */
  leaves: {
    rule: RuleJson;
    text: string;
    /** Rows in it. */
    n: number;
    value: number;
    /** Value over that of all; NaN where that is not above 0. */
    lift: number;
    /** The same on those held back, with 95 % intervals (Wilson's for shares). What lift can be hoped for. */
    test?: {
      n: number;
      value: number;
      low: number;
      high: number;
      lift: number;
      liftLow: number;
      liftHigh: number;
    };
  }[];
  /** The tree, the root first. */
  nodes: TreeNode[];
  /** What each column adds in a random forest, the largest first; shares of 1. Not the same to the digit on every machine. */
  importance: { name: string; share: number }[];
  /** Columns that tell the outcome nearly alone, and so most often were written down after it. */
  leaks: { column: string; measure: "AUC" | "R²"; strength: number; text: string }[];
  notices: string[];
}

/** A clustering as a tree: each leaf a rule. */
export interface ClusterTree {
  kind: "threshold" | "cart";
  /** Share of the clustered rows whose leaf names their cluster, 0 to 1. */
  fidelity: number;
  /** Within sum of squares of the groups that the tree makes over that of the clusters: 1 where nothing is lost. */
  costRatio: number;
  /** The tree, the root first. */
  nodes: TreeNode[];
  leaves: { rule: RuleJson; text: string; label: string; n: number; purity: number }[];
}
