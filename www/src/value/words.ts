/** How spans of time and ranges of value are said. */
import { number } from "../format.ts";

/** “12 months” for 365 days. */
export function ahead(days: number): string {
  if (days === 365) return "12 months";
  if (days % 365 === 0) return `${days / 365} years`;
  return `${days} days`;
}

/** Whole numbers from 100 on, two digits below: what an edge of a range is called. */
export const edgeName = (value: number): string =>
  number(value >= 100 ? Math.round(value) : Number(value.toPrecision(2)));

/** A range of a column as rule text; the highest one is open above. */
export function between(column: string, from: number, to: number | undefined): string {
  return to === undefined ? `${column} >= ${from}` : `${column} >= ${from} and ${column} < ${to}`;
}
