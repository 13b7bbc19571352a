/** Small counts over one figure a customer. Pure functions; those that look at every row do so in slices. */
import { slices } from "../slices.ts";
import type { Bins, Decile } from "./shapes.ts";

type Numbers = ArrayLike<number>;

/** Bars a factor of ten. */
const A_DECADE = 4;
/** Factors of ten that are shown below the largest value. */
const DECADES = 5;

/** An edge with three digits, so that it reads as a number and a rule can say it. */
const edgeAt = (place: number): number => Number((10 ** (place / A_DECADE)).toPrecision(3));

/**
 * Customers by value on a logarithmic scale, from each edge to below the next; all that is less than a hundred-thousandth of the
 * largest lies in the first bar.
 */
export async function logBins(values: Numbers): Promise<Bins> {
  let most = 0;
  await slices(values.length, (from, to) => {
    for (let row = from; row < to; row++) most = Math.max(most, (values[row] as number) || 0);
  });
  if (most <= 0) return { edges: [], counts: [] };
  const highest = Math.floor(Math.log10(most) * A_DECADE);
  const last = most >= edgeAt(highest + 1) ? highest + 2 : highest + 1;
  const first = last - DECADES * A_DECADE;
  const edges = Array.from({ length: last - first + 1 }, (_, at) => edgeAt(first + at));
  const counts = new Array<number>(last - first).fill(0);
  await slices(values.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = values[row] as number;
      if (Number.isNaN(value)) continue;
      let bar = value > 0 ? Math.floor(Math.log10(value) * A_DECADE) - first : 0;
      // Rounded edges lie a little beside those of the logarithm.
      if (value >= (edges[bar + 1] ?? Number.POSITIVE_INFINITY)) bar += 1;
      else if (value < (edges[bar] ?? Number.NEGATIVE_INFINITY)) bar -= 1;
      bar = Math.min(counts.length - 1, Math.max(0, bar));
      counts[bar] = (counts[bar] as number) + 1;
    }
  });
  // Empty bars at the low end say nothing.
  const empty = counts.findIndex((n) => n > 0);
  return { edges: [0, ...edges.slice(empty + 1)], counts: counts.slice(empty) };
}

/** Customers by a share from 0 to 1, in twenty equal bars; 1 lies in the last. */
export async function shareBins(values: Numbers, bars = 20): Promise<Bins> {
  const counts = new Array<number>(bars).fill(0);
  await slices(values.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = values[row] as number;
      if (Number.isNaN(value)) continue;
      const bar = Math.min(bars - 1, Math.max(0, Math.floor(value * bars)));
      counts[bar] = (counts[bar] as number) + 1;
    }
  });
  return { edges: Array.from({ length: bars + 1 }, (_, at) => at / bars), counts };
}

/** What is there, the largest first. */
export const falling = (values: Float64Array): Float64Array =>
  values
    .filter((value) => !Number.isNaN(value))
    .sort()
    .reverse();

/** Tenths of the customers by their value, from the values in falling order; and the mean interval of one in each. */
export async function deciles(values: Numbers, sorted: Numbers, low: Numbers, high: Numbers): Promise<Decile[]> {
  const n = sorted.length;
  let all = 0;
  for (let at = 0; at < n; at++) all += sorted[at] as number;
  let running = 0;
  const tenths = Array.from({ length: 10 }, (_, tenth) => {
    const [from, to] = [Math.floor((n * tenth) / 10), Math.floor((n * (tenth + 1)) / 10)];
    let sum = 0;
    for (let at = from; at < to; at++) sum += sorted[at] as number;
    running += sum;
    return {
      n: to - from,
      total: sum,
      share: all > 0 ? sum / all : 0,
      cumulative: all > 0 ? running / all : 0,
      least: sorted[to - 1] ?? Number.NaN,
      most: sorted[from] ?? Number.NaN,
    };
  });
  return withIntervals(tenths, values, low, high);
}

/** Where a value lies in two tenths, all that are equal to it count to the better one: of a mean, none is left out or counted twice. */
async function withIntervals(
  tenths: Omit<Decile, "mean" | "low" | "high">[],
  values: Numbers,
  low: Numbers,
  high: Numbers,
): Promise<Decile[]> {
  const sums = tenths.map(() => ({ n: 0, low: 0, high: 0 }));
  await slices(values.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = values[row] as number;
      const [least, most] = [low[row] as number, high[row] as number];
      if (Number.isNaN(value + least + most)) continue;
      const sum = sums[tenths.findIndex((tenth) => tenth.n > 0 && value >= tenth.least)];
      if (!sum) continue;
      sum.n += 1;
      sum.low += least;
      sum.high += most;
    }
  });
  return tenths.map((tenth, at) => {
    const { n, low, high } = sums[at] ?? { n: 0, low: 0, high: 0 };
    return { ...tenth, mean: tenth.total / Math.max(1, tenth.n), low: low / n, high: high / n };
  });
}

/** The rows of the largest values, largest first; of equal ones the lower row. */
export async function topRows(values: Numbers, count: number): Promise<number[]> {
  const rows: number[] = [];
  const at = (row: number): number => values[row] as number;
  await slices(values.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = at(row);
      const last = rows[rows.length - 1];
      if (Number.isNaN(value) || (rows.length >= count && last !== undefined && value <= at(last))) continue;
      let place = rows.length;
      while (place > 0 && at(rows[place - 1] as number) < value) place -= 1;
      rows.splice(place, 0, row);
      if (rows.length > count) rows.pop();
    }
  });
  return rows;
}
