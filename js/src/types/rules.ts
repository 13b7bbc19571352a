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
  intersections: { in: number[]; count: number }[];
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
