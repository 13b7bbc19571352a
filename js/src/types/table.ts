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

/** One repair a finding offers. */
export interface Repair {
  /** A name from `Finding.repair`. */
  code: string;
  column?: string;
  choice?: string;
}

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
  /** Order lines to leave out. */
  exclude?: Rule;
}

/** A table in the engine: facts here, rows there. */
export interface Table extends Closable {
  readonly rowCount: number;
  readonly columns: readonly ColumnInfo[];
  readonly dialect: Dialect;
  readonly findings: readonly Finding[];
  readonly questions: readonly Question[];
  /** "orders" when rows are order lines: then `customers()` folds them. */
  readonly kind: "customers" | "orders";
  /** Rows by page. Dates and times are ISO text. */
  rows(options?: RowsOptions): Promise<Cell[][]>;
  /**
   * A whole column. number → Float64Array (missing: NaN) · date → Int32Array of days since 1970 (missing: −2147483648) ·
   * time → Float64Array of milliseconds UTC (missing: NaN) · others → (string | null)[].
   */
  column(name: string): Promise<Float64Array | Int32Array | (string | null)[]>;
  /** A new table with the named repairs applied, and a log of every change. This table stays as it is. */
  repair(repairs: Repair[]): Promise<{ table: Table; log: Finding[] }>;
  /**
   * Customers from order lines, one row per non-missing customer id (also when every line is a refund: frequency 0):
   * recency_days, frequency, monetary, first_order, last_order, average_order, tenure_days, and more. Without an order id
   * every row is an order.
   */
  customers(options?: CustomersOptions): Promise<Table>;
  /** Opens an analysis of this table. */
  study(options?: StudyOptions): Study;
}
