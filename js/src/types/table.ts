import type { Closable, Job } from "./host.js";
import type { ColumnInfo, Dialect, Finding, Question } from "./read.js";
import type { Rule } from "./rules.js";
import type { Study, StudyOptions } from "./study.js";

/** A cell of a row. */
export type Cell = string | number | boolean | null | string[];

/** Which rows and columns are wanted, and how. */
export interface RowsOptions {
  offset?: number;
  /** All rows when left out. */
  limit?: number;
  /** All columns that are in memory when left out. */
  columns?: string[];
  /** Only rows for which the rule is true. */
  where?: Rule;
  /** First key first; missing values last. Ties keep the file's order. */
  sort?: { column: string; descending?: boolean }[];
  /** Every cell as the text that stood in the file (null where the field was absent); the file is read again for it. */
  raw?: boolean;
}

/**
 * One repair. Those that need a choice: `set-missing` (a value; without one what looks like a placeholder), `merge` ("latest" or
 * "first"; "latest" when left out), `normalise-phone` (two letters of the country that numbers without a country code are from),
 * `normalise-email` ("whole" for lower case before the @ too), `keep-currency` (the one to keep), `drop-future` (the last ISO day
 * to keep; found out when left out), `fill-missing` (the value), and `use-delimiter`, `use-encoding`, `use-decimal`, `use-date-order`,
 * `use-currency`, `use-type` … (the value of the option of that name with which the file is read again).
 */
export interface Repair {
  /** A name from `Finding.repair`. */
  code: string;
  column?: string;
  choice?: string;
}

/** The pair of columns by which two tables belong together, and what would be left over. */
export interface JoinProposal {
  /** Column of this table. */
  column: string;
  /** Column of the other table. */
  other: string;
  /** Rows of this table with a value in that column, those that find it in the other table, and those that do not. */
  rows: number;
  matched: number;
  orphans: number;
  /** `matched` of `rows`, 0 to 1. */
  share: number;
  /** Rows of the other table that no row of this one names, and rows that repeat an earlier row's value. */
  unused: number;
  repeated: number;
  /** All that in one sentence. */
  message: string;
  /** `orphan-rows`, `unused-rows` and `repeated-keys`, with examples. */
  findings: Finding[];
}

/** What is an order, and what refunds do. */
export interface OrderCounts {
  /** Orders below zero are no orders; they lower the money ("subtract", when left out), or do nothing ("ignore"). */
  refunds?: "subtract" | "ignore";
  /**
   * Whether orders that a column marks as cancelled count like others; they do not when left out (`cancelled-orders`). The column
   * has the role cancellation: yes or no, the day on which it was, or a status in words (“cancelled”, “storniert”, “annulée” …). Of
   * an order whose other lines say otherwise only the cancelled lines go (`cancelled-lines`).
   */
  cancelled?: boolean;
  /** Whether orders of 0, or without any amount, count; they do when left out (`zero-value-orders`). */
  zeroValue?: boolean;
  /** Which lines are of test orders and left out (`test-orders`); none when left out or false. */
  test?: Rule | false;
}

/** A column of the order lines by which they were folded. */
export type Line = Pick<ColumnInfo, "name" | "type" | "role">;

/** How order lines are folded into customers. Columns are found by their roles when left out. */
export interface CustomersOptions extends Job {
  id?: string;
  order?: string;
  date?: string;
  amount?: string;
  /** The day from which recency is counted, as ISO text; the last date in the file when left out. */
  referenceDate?: string;
  /** A customer table with the same ids: its columns are joined. */
  attributes?: Table;
  /** The column of `attributes` that holds the ids; its customer id when left out. `proposeJoin` finds it. */
  attributesKey?: string;
  /**
   * Whether customers of `attributes` without any order are rows, with frequency 0 and no recency; true when left out. They
   * are told as the finding `prospects`.
   */
  prospects?: boolean;
  /** The same as `counts.cancelled`. */
  keepCancelled?: boolean;
  /** Order lines to leave out. */
  exclude?: Rule;
  /**
   * The only days whose orders count: so many up to and with the reference date, or from one ISO day to another. Recency is still
   * measured to the reference date; `first_order` and `tenure_days` know no window. Told as `orders-outside-window`.
   */
  window?: { days: number } | { from?: string; to?: string };
  /** What is an order. What is left out is told as a finding with its number and examples. */
  counts?: OrderCounts;
}

/**
 * How a column's values spread. `bars` are rows by range, equally wide from `from` to `to` (a number, a day since 1970, or
 * milliseconds since then; one value in a hundred at either end counts to the bar at that end). Text and yes/no have instead the
 * five most frequent `values` with their `rows`. All is empty where there are no values, or none in memory.
 */
export interface Distribution {
  from: number;
  to: number;
  bars: number[];
  values: string[];
  rows: number[];
}

/** A table in the engine: facts here, rows there. */
export interface Table extends Closable {
  readonly rowCount: number;
  readonly columns: readonly ColumnInfo[];
  readonly dialect: Dialect;
  readonly findings: readonly Finding[];
  readonly questions: readonly Question[];
  /** The repairs made to it (or to the order lines it was folded from), in order; they stand in the recipe. */
  readonly repairs: readonly Repair[];
  /** "orders" when rows are order lines: then `customers()` folds them. */
  readonly kind: "customers" | "orders";
  /** Rows by page. Dates and times are ISO text. */
  rows(options?: RowsOptions): Promise<Cell[][]>;
  /**
   * A whole column. number → Float64Array (missing: NaN) · date → Int32Array of days since 1970 (missing: −2147483648) ·
   * time → Float64Array of milliseconds UTC (missing: NaN) · others → (string | null)[], the values of a list joined by “, ”.
   */
  column(name: string): Promise<Float64Array | Int32Array | (string | null)[]>;
  /** How a column's values spread, for a small picture. */
  distribution(column: string): Promise<Distribution>;
  /**
   * A new table with the named repairs applied, inspected anew, and a log of every change. This table stays as it is, so that
   * undoing is going back to it; the same list does the same to another file. Repairs `use-…` read the file again (which can
   * be stopped), and what was repaired before is repaired again.
   */
  repair(repairs: Repair[], options?: Job): Promise<{ table: Table; log: Finding[] }>;
  /** By which columns this table (orders) and another (customers) belong together; null where they share no values. */
  proposeJoin(other: Table): Promise<JoinProposal | null>;
  /**
   * Customers from order lines, one row per non-missing customer id (also when every line is a refund: frequency 0):
   * recency_days, frequency, monetary, first_order, last_order, average_order, tenure_days, and more. Without an order id
   * every row is an order.
   */
  customers(options?: CustomersOptions): Promise<Table>;
  /** Opens an analysis of this table. */
  study(options?: StudyOptions): Study;
}
