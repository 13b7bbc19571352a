/** Small counts over the engine's columns, for the pictures. Pure functions; those that look at every row do so in slices. */
import { label } from "./format.ts";
import type { ColumnInfo, Example, RfmCell } from "./model.ts";
import { slices } from "./slices.ts";

type Numbers = ArrayLike<number>;

/** Sum of what is there; missing values (NaN) are left out. */
export async function total(values: Numbers): Promise<number> {
  let sum = 0;
  await slices(values.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = values[row] as number;
      if (!Number.isNaN(value)) sum += value;
    }
  });
  return sum;
}

/** Sum by group; a negative group is none. */
export async function totals(groups: Numbers, values: Numbers, count: number): Promise<number[]> {
  const sums = new Array<number>(count).fill(0);
  await slices(groups.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const group = groups[row] as number;
      const value = values[row] as number;
      if (group >= 0 && !Number.isNaN(value)) sums[group] = (sums[group] as number) + value;
    }
  });
  return sums;
}

/** Customers and money for each pair of scores 1 … `scale`: `[frequency − 1][recency − 1]`. */
export async function rfmCells(
  recency: Numbers,
  frequency: Numbers,
  revenue: Numbers | undefined,
  scale: number,
): Promise<RfmCell[][]> {
  const cells = Array.from({ length: scale }, () =>
    Array.from({ length: scale }, (): RfmCell => ({ n: 0, revenue: 0 })),
  );
  await slices(recency.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const cell = cells[(frequency[row] as number) - 1]?.[(recency[row] as number) - 1];
      if (!cell) continue;
      cell.n += 1;
      const money = revenue?.[row] ?? 0;
      if (!Number.isNaN(money)) cell.revenue += money;
    }
  });
  return cells;
}

/** Quantiles from an evenly spread part of the values: good enough to propose a round number, never to report one. */
export function roughQuantile(values: Numbers, share: number): number {
  const step = Math.max(1, Math.floor(values.length / 4096));
  const part: number[] = [];
  for (let index = 0; index < values.length; index += step) {
    const value = values[index] as number;
    if (!Number.isNaN(value)) part.push(value);
  }
  part.sort((a, b) => a - b);
  return part[Math.min(part.length - 1, Math.floor(part.length * share))] ?? Number.NaN;
}

/** Two digits that matter: 347.2 → 350. */
export function round(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0;
  const size = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  const rounded = Math.round(value / size) * size;
  return Number(rounded.toPrecision(2));
}

/** A column's name as rule text. */
export const field = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`;
/** A text value as rule text. */
export const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** The language’s own words, as src/segment/rules/token.rs has them. */
const RESERVED = new Set("and or not in is between like null true false everyone missing ignoring treat".split(" "));

export type Values = Float64Array | Int32Array | (string | null)[];

/** Rules worth a look, drawn from the columns there are; the counts come from the engine. */
export function proposals(columns: readonly ColumnInfo[], values: ReadonlyMap<string, Values>): Omit<Example, "n">[] {
  const found: Omit<Example, "n">[] = [];
  const numbers = (name: string): Float64Array | undefined => {
    const column = values.get(name);
    return column instanceof Float64Array ? column : undefined;
  };
  const [recency, frequency, monetary] = [numbers("recency_days"), numbers("frequency"), numbers("monetary")];
  if (recency && frequency && monetary) {
    const often = Math.max(2, roughQuantile(frequency, 0.7));
    found.push({
      name: "Active regulars",
      text: `frequency >= ${often} and recency_days <= ${round(roughQuantile(recency, 0.3))}`,
    });
    found.push({ name: "Big spenders", text: `monetary >= ${round(roughQuantile(monetary, 0.9))}` });
    found.push({
      name: "Slipping away",
      text: `frequency >= ${often} and recency_days > ${round(roughQuantile(recency, 0.5))}`,
    });
    found.push({ name: "One order only", text: "frequency = 1" });
  }
  const agreed = columns.find((column) => column.role === "consent");
  const yes = agreed?.sample.find((value) => /^(y|yes|true|1|ja|oui|si|subscribed|opted[ -]?in)$/i.test(value));
  if (agreed && yes !== undefined) {
    const test = agreed.type === "boolean" ? `${field(agreed.name)} = true` : `${field(agreed.name)} = ${literal(yes)}`;
    found.push({
      name: "May be mailed",
      text: monetary ? `${test} and monetary >= ${round(roughQuantile(monetary, 0.5))}` : test,
    });
  }
  for (const column of columns) {
    if (
      ["customer-id", "order-id", "email", "phone", "name", "consent"].includes(column.role) ||
      DERIVED.has(column.name)
    )
      continue;
    const name = field(column.name);
    const own = numbers(column.name);
    if (own && column.distinct > 2)
      found.push({ name: `High ${spaced(column.name)}`, text: `${name} >= ${round(roughQuantile(own, 0.75))}` });
    else if (column.type === "text" && column.distinct <= 30 && column.sample[0] !== undefined)
      found.push({
        name: `${label(column.name)}: ${column.sample[0]}`,
        text: `${name} = ${literal(column.sample[0])}`,
      });
    if (column.missing > 0) found.push({ name: `No ${spaced(column.name)}`, text: `${name} is missing` });
  }
  return found.slice(0, 6);
}

const spaced = (name: string): string => name.replace(/[-_]/g, " ");

const DERIVED = new Set([
  "recency_days",
  "frequency",
  "monetary",
  "first_order",
  "last_order",
  "average_order",
  "tenure_days",
  "refunds",
]);
