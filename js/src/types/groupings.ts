import type { Job } from "./host.js";
import type { Finding } from "./read.js";
import type { Rule, RuleCounts, RuleJson, RuleTarget, SqlOptions } from "./rules.js";

/** A named rule over a table; segments may overlap. */
export interface Segment {
  readonly id: string;
  readonly name: string;
  readonly rule: RuleJson;
  /** The rule as canonical text. */
  readonly text: string;
  readonly counts: RuleCounts;
  /** Row numbers, ascending, counted from 0; without those that the study excludes. */
  members(): Promise<Uint32Array>;
  /** Another rule for the same segment; `rule`, `text` and `counts` follow, here and in segments that refer to this one. */
  update(rule: Rule): Promise<RuleCounts>;
  /** Another name for the same segment; rules that refer to it follow. */
  rename(name: string): Promise<void>;
  /** Forgets the segment; its study goes on without it. Refused while another rule refers to it. */
  remove(): Promise<void>;
  /** Who is in it now, as a document that can be saved and restored in a study of another file. */
  snapshot(): Promise<Snapshot>;
  /**
   * One SELECT statement that gives the keys of the same members in a warehouse; docs/SQL.md says what its tables must look
   * like. What the dialect cannot say gives the code `unsupported`, with the part and the reason.
   */
  toSQL(options: SqlOptions): Promise<string>;
  /**
   * The rule in another format: CEL as text, the others as JSON. The members are the same; "last" and "next" become the days
   * that they mean now. Nothing is left out: what the format cannot say gives the code `unsupported`, which names every part.
   */
  to(format: RuleTarget): Promise<unknown>;
}

/** Who was in a segment on a day. A plain document: `JSON.stringify` saves it. */
export interface Snapshot {
  version: number;
  name: string;
  /** The rule then, for the record: a restored snapshot does not ask it again. */
  rule: RuleJson;
  text: string;
  /** The study's reference date. */
  date: string;
  /** Members; `withoutKey` of them have no key and cannot be found again. */
  n: number;
  withoutKey: number;
  /** The column that tells customers apart, and its text for each member. */
  key: string;
  keys: string[];
  /** SHA-256 over the key and the columns that the rule looks at; and over the rule with all segments and parameters in it. */
  fingerprint: { data: string; rule: string };
}

/** A segment that was made from a snapshot. */
export interface RestoredSegment extends Segment {
  /** Keys of the snapshot that a customer of this table has, and that none has. */
  readonly found: number;
  readonly missing: number;
}

/** Each row in at most one labelled group: RFM groups, tiers, clusters. */
export interface Grouping {
  readonly name: string;
  readonly labels: readonly string[];
  readonly sizes: readonly number[];
  /** The position in `labels` for each row, −1 for none. */
  assignments(): Promise<Int32Array>;
  /** The rule that gives a label's members. Throws `not-found` for a label there is not. */
  rule(label: string): RuleJson;
  /** One SELECT statement that gives each key its label (of RFM: its scores, too). Without a label: NULL. */
  toSQL(options: SqlOptions): Promise<string>;
}

/** How RFM scores and groups are made. */
export interface RfmOptions extends Job {
  /** Scores run from 1 to this; 5 when left out. */
  scale?: number;
  /**
   * How values are cut: at quantiles (when left out), at the edges given, or where values lie far apart (k-means on the one
   * axis, from the quantiles, so that it ends the same every time).
   */
  bands?: "quantile" | "fixed" | "kmeans";
  /**
   * Own edges between the bands, `scale − 1` of them, none below the one before; they replace the quantiles of the axes they name.
   * Between equal edges the band is empty, as where quantiles fall on equal values.
   */
  edges?: { recency?: number[]; frequency?: number[]; monetary?: number[] };
  /** Frequency is banded among the customers of each recency score, and money among those of each pair of both. */
  nested?: boolean;
  /** Own edges of nested bands, as an earlier result gave them; with `bands: "fixed"`. Lists that are not there are found. */
  nestedEdges?: NestedEdges;
  /** Edges and bands as R's package rfm has them. */
  compatibility?: "r-rfm";
  /** A built-in list of named groups, or an own ordered list: the first rule that is true names the customer. */
  scheme?: RfmScheme;
  /**
   * What customers without orders are called, who have no scores: "Prospects" when left out. A label only where there are such
   * customers: of frequency 0, with no refunds, and no first order where the table has that column.
   */
  unscored?: string;
}

/** How scores are named: a built-in list, or an own one over the score columns, first match wins. */
export type RfmScheme = "segments-11" | "segments-10" | "groups-6" | "cells" | { name: string; rule: Rule }[];

/** A built-in scheme as a list that can be edited and handed back as `scheme`. Its rules are over scores of 1 to 5. */
export interface RfmSchemeList {
  name: string;
  title: string;
  groups: { name: string; rule: string }[];
}

/** Groupings beside each other, two by two. */
export interface Agreement {
  names: string[];
  /** Of each grouping. */
  labels: string[][];
  sizes: number[][];
  /** Every two of them, `a` before `b`. */
  pairs: {
    a: number;
    b: number;
    /** Rand’s index adjusted for chance: 1 for the same groups, near 0 for unrelated ones. */
    adjustedRand: number;
    /** Customers by label of `a`, then label of `b`. */
    cells: number[][];
    /** Customers in `cells`; `without` are in no group of one of the two. Together they are all. */
    n: number;
    without: number;
  }[];
}

/** How a column is spread over customers, the highest values first. Values below zero count as 0 in all shares. */
export interface Concentration {
  column: string;
  /** Customers with a value, and those without. */
  n: number;
  missing: number;
  /** Of all values above zero. */
  total: number;
  negative: { n: number; total: number };
  zero: number;
  /** 0 where all bring the same, towards 1 where one brings everything. */
  gini: number;
  top10Share: number;
  /** How many of the best bring half of the total. */
  customersForHalf: number;
  /** From the best tenth; with fewer than ten customers some are empty, and `least` and `most` null. */
  deciles: {
    decile: number;
    n: number;
    total: number;
    share: number;
    cumulativeShare: number;
    least: number | null;
    most: number | null;
  }[];
  /** At most 101 points from (0, 0) to (1, 1): share of the customers, share of the total. */
  curve: { customers: number; value: number }[];
  message: string;
}

/** The edges of nested bands, by score from 1; empty where nobody has the score. */
export interface NestedEdges {
  /** By recency score. */
  frequency: number[][];
  /** By recency score, then frequency score. */
  monetary: number[][][];
}

/** RFM groups with the scores behind them: one score a row, 0 where it is missing. */
export interface RfmGrouping extends Grouping {
  readonly scores: { recency: Uint8Array; frequency: Uint8Array; monetary: Uint8Array };
  /** Of nested bands those of recency only. */
  readonly edges: { recency: number[]; frequency: number[]; monetary: number[] };
  readonly nestedEdges?: NestedEdges;
  /** How many bands the values of each axis allow at most, whatever the edges. */
  readonly possible: { recency: number; frequency: number; monetary: number };
  /** `not-scored` for customers in no group. `few-levels` for each axis on which equal values leave some scores to nobody, with the customers that share one. */
  readonly findings: readonly Finding[];
}
