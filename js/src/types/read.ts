import type { BytesLike, Job } from "./host.js";

/**
 * What is read. A string is the text itself, never a path or an address. Bytes are copied unless `transfer` is asked for.
 * Gzip, and zip archives of one file, are recognised by content, never by name. A `Blob` (and so a `File`) is never read into memory as a whole.
 */
export type Source = Blob | BytesLike | AsyncIterable<Uint8Array> | string;

/** Limits that are checked before memory is taken; passing one gives the code `limit-exceeded`. */
export interface Limits {
  bytes: number;
  rows: number;
  columns: number;
  fieldBytes: number;
  /** Bytes that loading takes: estimated before, and held by columns while reading. */
  memoryBytes: number;
}

/** The type of a column's values. */
export type ColumnType = "number" | "text" | "date" | "time" | "boolean" | "list";

/** What a column means. "amount" is a total; "unit-price" × "quantity" stands in only where there is no amount. */
export type Role =
  | "customer-id"
  | "order-id"
  | "date"
  | "amount"
  | "refund"
  | "cancellation"
  | "unit-price"
  | "quantity"
  | "product"
  | "category"
  | "country"
  | "region"
  | "city"
  | "postcode"
  | "email"
  | "phone"
  | "name"
  | "consent"
  | "demographic"
  | "psychographic"
  | "technographic"
  | "firmographic"
  | "other";

/** What is known about one column. */
export interface ColumnOptions {
  type?: ColumnType;
  role?: Role;
  /** Where it is another than the file's. */
  decimal?: "." | ",";
  /** Where it is another than the file's. */
  dateOrder?: "dmy" | "mdy" | "ymd";
  /** Such as "EUR": amounts with the sign or code of another currency do not fit. */
  currency?: string;
  /** One character that parts the values of a list, such as ";": the column then holds lists. Found in the file when left out. */
  separator?: string;
}

/** How a file is to be read. Everything left out is found out from the file itself. */
export interface LoadOptions extends Job {
  /** A name for messages and the recipe, such as the file's. */
  name?: string;
  /**
   * "auto" finds out by the content: text with one row a line, JSON (a list of records, or lists that are columns), a JSON
   * record a line ("ndjson"), or a workbook (XLSX, XLSM, ODS).
   */
  format?: "auto" | "csv" | "json" | "ndjson" | "xlsx" | "ods";
  /** Which sheet of a workbook, by name or by its place from 0; the first visible one with values when left out. */
  sheet?: string | number;
  /** Keep only these columns in memory; the others are still checked and counted. */
  only?: string[];
  /** Take the bytes over instead of copying them; the caller's buffer is empty afterwards. */
  transfer?: boolean;
  /** One character, or "whitespace" for files aligned by blanks. */
  delimiter?: string;
  /** One character, or empty for none. */
  quote?: string;
  /** What makes a quote or delimiter behind it text, such as a backslash; empty when quotes are only doubled. */
  escape?: string;
  /** One character that begins lines which are no rows; empty for none. */
  comment?: string;
  /** Lines above the table, which then begins right there: chooses among several tables in one file. */
  skipLines?: number;
  /** Rows below the table that are left out, such as totals (at most 31); 0 keeps them all. */
  skipFooter?: number;
  /** Whether the first row names the columns. */
  header?: boolean;
  /** Any label that the platform's `TextDecoder` knows. */
  encoding?: string;
  decimal?: "." | ",";
  dateOrder?: "dmy" | "mdy" | "ymd";
  /** Text that stands for "missing", besides the defaults: empty, blanks, NA, N/A, NaN, null, none, -, –, ?, #N/A (any case). */
  missing?: string[];
  /** What is known about columns, by name. */
  columns?: Record<string, ColumnOptions>;
  limits?: Partial<Limits>;
}

/** How a file is written. */
export interface Dialect {
  format: string;
  encoding: string;
  delimiter: string;
  quote: string;
  /** Empty when quotes inside quotes are only doubled. */
  escape: string;
  /** What begins a line that is no row; empty when there are no such lines. */
  comment: string;
  header: boolean;
  newline: string;
  decimal: string;
  skippedLines: number;
  /** Rows below the table that were left out. */
  skippedFooter: number;
}

/**
 * What is known about a column. Columns stand in file order; empty or absent names become column_1, column_2, … by
 * position; a repeated name gets _2, _3.
 */
export interface ColumnInfo {
  name: string;
  type: ColumnType;
  role: Role;
  /** 0 to 1; 1 when the caller said so. */
  roleConfidence: number;
  /** Share of non-missing cells that fit the type, 0 to 1. */
  fit: number;
  /** Rows without a value. */
  missing: number;
  /** Distinct values. */
  distinct: number;
  /** Up to five different values as they stood in the file. */
  sample: string[];
  /** How dates are written: `dd.mm.yyyy`. Absent for other columns, and where it cannot be said. */
  pattern?: string;
}

/** One finding about the data, or one entry of a repair's log; `repair` names what `Table.repair` accepts. */
export interface Finding {
  code: string;
  severity: "info" | "warning" | "error";
  column?: string;
  rows: number;
  share: number;
  /** `row` counts from 1 without the header. In a repair's log `after` is the cell afterwards; it is absent where the value or the row is gone. */
  examples: { row: number; value: string; after?: string }[];
  message: string;
  repair?: string[];
  /** The analyses it touches: "RFM", "rules", "clusters", "export"; none where it only says how the file was read. */
  touches?: string[];
}

/** A decision the reader could not make alone; the default it took is stated. */
export interface Question {
  code: string;
  column?: string;
  choices: string[];
  taken: string;
  evidence: string;
}

/** A sheet of a workbook: rows and columns of the smallest box around all its values. */
export interface SheetInfo {
  name: string;
  visible: boolean;
  rows: number;
  columns: number;
}

/** What `load` would decide. */
export interface Preview {
  dialect: Dialect;
  columns: ColumnInfo[];
  questions: Question[];
  /** The first rows, as text. */
  rows: string[][];
  /**
   * What the whole file will be: `memoryBytes` is by how much the engine's memory will grow, at most, while it is loaded;
   * `columns` is the part of each column that grows with the rows.
   */
  estimate: { rows: number; memoryBytes: number; columns: number[] };
  /** All sheets, where the file is a workbook. */
  sheets?: SheetInfo[];
}
