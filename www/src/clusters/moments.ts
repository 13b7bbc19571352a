/** Means of clusters against everyone, in the spread of everyone. Pure functions. */
import { slices } from "../slices.ts";
import type { Snake, SnakeLine } from "./shapes.ts";

type Numbers = ArrayLike<number>;

/** Half the width of a 95 % interval, in standard errors; a cluster has enough members for the normal curve or a wide band anyway. */
const HALF_WIDTH = 1.96;

/** More features than this are too many for one picture; those that tell the clusters apart most stay. */
const MOST = 16;

/** One feature in the spread of all clustered customers. */
export interface Standardised {
  /** For each cluster its mean, in standard deviations from the mean of all, and the margin. */
  points: [mean: number, margin: number][];
  /** Share of the squares that lies between the clusters; NaN where all are equal. */
  etaSquared: number;
}

export async function standardised(
  values: Numbers,
  groups: Numbers,
  clusters: number,
  log: boolean,
): Promise<Standardised> {
  const each = (work: (group: number, value: number) => void): Promise<void> =>
    slices(groups.length, (from, to) => {
      for (let row = from; row < to; row++) {
        const group = groups[row] as number;
        const value = log ? Math.log1p(values[row] as number) : (values[row] as number);
        if (group >= 0 && !Number.isNaN(value)) work(group, value);
      }
    });
  const counts = new Array<number>(clusters).fill(0);
  const sums = new Array<number>(clusters).fill(0);
  await each((group, value) => {
    counts[group] = (counts[group] as number) + 1;
    sums[group] = (sums[group] as number) + value;
  });
  const n = counts.reduce((sum, count) => sum + count, 0);
  const mean = sums.reduce((sum, one) => sum + one, 0) / n;
  const means = sums.map((sum, group) => sum / (counts[group] as number));
  // Squares around the means in a second pass: differences of large sums would lose what matters.
  const squares = new Array<number>(clusters).fill(0);
  let total = 0;
  await each((group, value) => {
    squares[group] = (squares[group] as number) + (value - (means[group] as number)) ** 2;
    total += (value - mean) ** 2;
  });
  const spread = Math.sqrt(total / n);
  const points = means.map((own, group): [number, number] => {
    const count = counts[group] as number;
    if (count === 0 || spread === 0) return [0, 0];
    const error = count < 2 ? Number.NaN : Math.sqrt((squares[group] as number) / (count - 1) / count);
    return [(own - mean) / spread, (HALF_WIDTH * error) / spread];
  });
  return { points, etaSquared: 1 - squares.reduce((sum, one) => sum + one, 0) / total };
}

/** A column's level as numbers: 1 where a row has it, else 0; missing answers are 0 too, as in the engine. */
export async function indicator(values: ArrayLike<unknown>, level: string): Promise<Float64Array> {
  const has = new Float64Array(values.length);
  await slices(values.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = values[row];
      if (value !== null && String(value) === level) has[row] = 1;
    }
  });
  return has;
}

/** All features together, the one that tells the clusters apart most first. */
export function snakeOf(features: readonly (Standardised & { name: string; log: boolean })[], clusters: number): Snake {
  const known = features.filter(({ etaSquared }) => Number.isFinite(etaSquared));
  const ordered = [...known].sort((a, b) => b.etaSquared - a.etaSquared).slice(0, MOST);
  const line = (cluster: number): SnakeLine => ({
    means: ordered.map(({ points }) => points[cluster]?.[0] ?? Number.NaN),
    margins: ordered.map(({ points }) => points[cluster]?.[1] ?? Number.NaN),
  });
  return {
    features: ordered.map(({ name, etaSquared }) => ({ name, etaSquared })),
    lines: Array.from({ length: clusters }, (_, cluster) => line(cluster)),
    logs: ordered.filter(({ log }) => log).length,
    others: features.length - ordered.length,
  };
}
