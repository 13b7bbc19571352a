/**
 * Which repairs read the file again, with which options, and what has changed then? Decimal marks, orders of days,
 * encodings and types cannot be mended in the table, only where its cells still stand: in the file.
 */
import { fail } from "./errors.js";
import { type CodedText, isMissing, type ReadParams, uncode } from "./protocol.js";
import type { ColumnInfo, ColumnOptions, Finding, LoadOptions } from "./types/read.js";
import type { Repair } from "./types/table.js";
import type { Native } from "./wasm.js";

/** What a table was read from, and what was done to it. */
export interface Reading {
  params: ReadParams;
  columns: readonly ColumnInfo[];
  repairs: readonly Repair[];
}

/** The options that a repair `use-…` sets, by what follows: what they are called, and whether they are one column's. */
const OPTIONS: Record<string, { name: string; of?: "column" | "either"; read?: (choice: string) => unknown }> = {
  delimiter: { name: "delimiter" },
  quote: { name: "quotation mark" },
  escape: { name: "escape" },
  comment: { name: "comment mark" },
  header: { name: "row of names", read: (choice) => choice === "true" },
  encoding: { name: "encoding" },
  decimal: { name: "decimal mark", of: "either" },
  "date-order": { name: "order of days", of: "either" },
  "skip-lines": { name: "lines above the table", read: Number },
  "skip-footer": { name: "rows below the table", read: Number },
  sheet: { name: "sheet" },
  type: { name: "type", of: "column" },
  role: { name: "meaning", of: "column" },
  currency: { name: "currency", of: "column" },
};

const optionOf = ({ code }: Repair) => {
  const key = code.startsWith("use-") ? code.slice(4) : "";
  return Object.hasOwn(OPTIONS, key) ? OPTIONS[key] : undefined;
};

/** Whether a repair is made by reading the file again. */
export const isReading = (repair: Repair): boolean => optionOf(repair) !== undefined;

/** The options of a reading with those repairs. A column keeps its type, which its cells may no longer speak for. */
export function reread(reading: Reading, repairs: readonly Repair[]): ReadParams["options"] {
  const options: Record<string, unknown> & LoadOptions = { ...reading.params.options };
  const columns: Record<string, ColumnOptions> = Object.assign(Object.create(null), options.columns);
  for (const repair of repairs) {
    const { code, column, choice } = repair;
    const option = optionOf(repair);
    if (option === undefined) continue;
    const key = code.slice(4).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (choice === undefined) throw fail("bad-option", `The repair “${code}” needs a choice: which ${option.name}?`);
    const value = option.read ? option.read(choice) : choice;
    if (option.of !== undefined && column !== undefined) {
      const type = reading.columns.find(({ name }) => name === column)?.type;
      const kept = code !== "use-type" && code !== "use-role" && type !== undefined ? { type } : {};
      columns[column] = { ...kept, ...columns[column], [key]: value } as ColumnOptions;
    } else if (option.of === "column") throw fail("bad-option", `The repair “${code}” needs a column.`);
    else options[key] = value;
  }
  return { ...options, columns };
}

/** Rows that a repair has changed: all, where the tables do not have the same rows and columns. */
export interface Changes {
  rows: number;
  /** The first few, each with the first of the columns that has changed; none where all rows are others. */
  first: { row: number; column: number }[];
}

const SHOWN = 5;

type Values = ReturnType<Native["column"]>;

/** Compares two readings of a file: the named columns, row by row. */
export function changes(before: Values[], after: Values[]): Changes {
  const pairs = before.map((values, at) => [values, after[at]] as const);
  const lengths = new Set([...before, ...after].map((values) => lengthOf(values)));
  const rows = lengthOf(after[0]);
  if (before.length !== after.length || lengths.size !== 1) return { rows, first: [] };
  const differ = pairs.map(([old, now]) => difference(old, now as Values));
  const found: Changes = { rows: 0, first: [] };
  for (let row = 0; row < rows; row++) {
    const column = differ.findIndex((differs) => differs(row));
    if (column < 0) continue;
    found.rows += 1;
    if (found.first.length < SHOWN) found.first.push({ row, column });
  }
  return found;
}

const lengthOf = (values: Values | undefined): number =>
  values === undefined ? 0 : "codes" in values ? values.codes.length : values.length;

/** Whether a row differs. A value of another type is the same cell read otherwise: it differs where one of them is missing. */
function difference(before: Values, after: Values): (row: number) => boolean {
  const [old, now] = [plain(before), plain(after)];
  const same = old.constructor === now.constructor;
  return (row) => {
    const [was, is] = [isMissing(old[row]), isMissing(now[row])];
    return was !== is || (same && !is && old[row] !== now[row]);
  };
}

const plain = (values: Values): Exclude<Values, CodedText> => ("codes" in values ? uncode(values) : values);

const ORDERS: Record<string, string> = { dmy: "day, month, year", mdy: "month, day, year", ymd: "year, month, day" };

/** The entry of the log. */
export function logged(repair: Repair, found: Changes, rowCount: number, examples: Finding["examples"]): Finding {
  const { code, column, choice } = repair;
  const what = column === undefined ? "The file" : `“${column}”`;
  const rows = found.rows === 1 ? "1 row has" : `${found.rows.toLocaleString("en")} rows have`;
  return {
    code,
    severity: "info",
    ...(column !== undefined && { column }),
    rows: found.rows,
    share: rowCount === 0 ? 0 : found.rows / rowCount,
    examples,
    message: `${what} was read again, with “${choice !== undefined && Object.hasOwn(ORDERS, choice) ? ORDERS[choice] : choice}” as ${optionOf(repair)?.name}: ${rows} another value than before.`,
  };
}
