import type { ColumnInfo } from "./read.js";

/**
 * Rule text (a SQL WHERE expression; names with blanks stand in double quotes) or rule JSON (a superset of
 * react-querybuilder's).
 */
export type Rule = string | RuleJson;

/** A rule as JSON: a group (`combinator`, `not`, `rules`) or a condition (`field`, `operator`, `value`). */
export interface RuleJson {
  combinator?: "and" | "or";
  not?: boolean;
  rules?: RuleJson[];
  field?: string;
  operator?: string;
  value?: unknown;
  [more: string]: unknown;
}

/** Three counts that sum to the number of rows, for the rule and for each node of it. */
export interface RuleCounts {
  in: number;
  out: number;
  /** Rows for which a missing value leaves the answer open. */
  unknown: number;
  /** The node as rule text. */
  text: string;
  /** Of those that are in: rows that the study excludes. Only at a whole rule, and where somebody is excluded. */
  excluded?: number;
  /** Revenue of the rows that are in, where a column of money is known. */
  revenue?: number;
  /** Rows that `treat missing as` decided: unknown without it. Only for conditions that say so. */
  treated?: number;
  children?: RuleCounts[];
}

/** One thing wrong with a rule's text. `at` and `length` are in UTF-16 units, as `String` counts them. */
export interface RuleError {
  at: number;
  length: number;
  message: string;
  /** Nearest names, best first. */
  suggestions: string[];
}

/** What parsing a rule's text gave: the rule, or what is wrong with it. */
export interface ParsedRule {
  rule?: RuleJson;
  errors: RuleError[];
}

/** How named segments overlap. `a`, `b` and `in` are positions in `names`. */
export interface Overlap {
  names: string[];
  counts: number[];
  pairs: { a: number; b: number; both: number; jaccard: number; lift: number }[];
  /** Pairs that say much the same: `a` might be done without. "inside": all rows of `a` are in `b`; "overlapping": more than 0.8 of those in either are in both. */
  hints: { a: number; b: number; kind: "identical" | "inside" | "overlapping" }[];
  intersections: { in: number[]; count: number }[];
  /** Smaller sets that are not listed, and their rows: of more than twelve segments there may be too many. */
  unlistedSets: number;
  unlisted: number;
  /** Rows in no segment. */
  none: number;
  /** Rows in more than one. */
  several: number;
}

/** For which warehouse SQL is written, and what its tables are called. */
export interface SqlOptions {
  dialect:
    | "ansi"
    | "duckdb"
    | "sqlite"
    | "postgres"
    | "spark"
    | "datafusion"
    | "bigquery"
    | "snowflake"
    | "redshift"
    | "databricks"
    | "mysql"
    | "tsql"
    | "trino"
    | "clickhouse";
  /** The customers' table; dots part its schema from it. */
  table: string;
  /** The column of that table by which a customer is known. */
  key: string;
  /** The table of order lines, and its column with the customer's key. Rules about orders need it. */
  orders?: { table: string; key: string };
  /** What stands between the values of lists, which are columns of text there; "," when left out. */
  listDelimiter?: string;
}

/** Formats that rules are read from. Shopify's is a segment query as text, the others are JSON, as such or as text. */
export type RuleSource = "jsonlogic" | "react-querybuilder" | "mongodb" | "shopify" | "hubspot" | "klaviyo";

/** Formats that rules are written in; SQL has its own method. */
export type RuleTarget = "jsonlogic" | "react-querybuilder" | "mongodb" | "cel";

/** The table an imported rule is meant for. Types decide what loosely typed formats mean. */
export interface ImportOptions {
  columns?: readonly Pick<ColumnInfo, "name" | "type">[];
  /** The columns of the order lines. */
  orders?: readonly Pick<ColumnInfo, "name" | "type">[];
}

/** What became of another system's rule. */
export interface ImportedRule {
  /**
   * The parts that could be said. A part that could not is left out: the others of its "all" or "any" stay, and where nothing
   * stays nobody is in. Show `unsupported` before you use it.
   */
  rule: RuleJson;
  /** The rule as canonical text. */
  text: string;
  /** The parts that were left out, each with its path and the reason; empty where the rule says everything. */
  unsupported: string[];
  /** Where that system's meaning differs from ours (missing values, case, days back, zero occurrences), and what the rule says instead. */
  notes: string[];
}

/** What a template is for. */
export type Objective = "sell-more" | "retain" | "win-back" | "serve-better" | "save-cost";

/** Which side of customers a template looks at. */
export type TemplateKind = "demographic" | "geographic" | "behavioural" | "psychographic" | "technographic";

/** A rule that is ready for this table, or what the table lacks for it. */
export interface Template {
  /** Stable, such as "lapsed". */
  id: string;
  name: string;
  /** One sentence. */
  description: string;
  kind: TemplateKind;
  /** None where it only describes customers. */
  objective?: Objective;
  /** The columns it uses. Empty where something is missing. */
  columns: string[];
  /** The rule's text with this table's columns and with numbers and values from its data. Absent where something is missing. */
  rule?: string;
  /** What it needs, in words, such as "the country". */
  needs: string[];
  /** What of that this table has not; empty where the template is offered. */
  missing: string[];
}
