/** Which columns say what became of a customer, so that it can be foretold of others? */
import type { ColumnInfo } from "../model.ts";

/** A column with more values is no outcome. */
const MOST_VALUES = 12;

export const outcomesOf = (columns: readonly ColumnInfo[]): readonly ColumnInfo[] =>
  columns.filter(
    ({ type, distinct }) =>
      (type === "text" || type === "boolean" || type === "number") && distinct >= 2 && distinct <= MOST_VALUES,
  );
