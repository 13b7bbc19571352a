/** Where may an edge between two bands go? A value equal to an edge is in the band below it, so only values matter that there are. */
import { slices } from "../slices.ts";
import type { AxisName, Strip } from "./shapes.ts";

type Numbers = ArrayLike<number>;

/** Where an edge stands in truth: at the largest value that is not above it. */
export const settled = (values: Numbers, edge: number): number => largest(values, (value) => value <= edge) ?? edge;

/** The next value above an edge, or the one below where it stands; nothing where that is the last. */
export function neighbour(values: Numbers, edge: number, up: boolean): number | undefined {
  if (up) return smallest(values, (value) => value > edge);
  const now = settled(values, edge);
  return largest(values, (value) => value < now);
}

/** The value nearest to a place on the axis; the lower one of two. */
export function nearest(values: Numbers, place: number): number {
  let best = Number.NaN;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    const [gap, least] = [Math.abs(value - place), Math.abs(best - place)];
    if (!(gap >= least) && !Number.isNaN(gap)) best = value;
    else if (gap === least && value < best) best = value;
  }
  return best;
}

/** A list with one edge moved; nothing where it would pass a neighbour. Two that are equal leave a band to nobody. */
export function moved(edges: readonly number[], index: number, to: number): number[] | undefined {
  const next = edges.map((edge, at) => (at === index ? to : edge));
  return Number.isFinite(to) && next.every((edge, at) => at === 0 || edge >= (next[at - 1] as number))
    ? next
    : undefined;
}

/** The scale of an axis: days lie evenly; orders and money crowd near nothing, so their logarithms do. */
export const along = (axis: AxisName, value: number): number =>
  axis === "recency" ? value : Math.sign(value) * Math.log1p(Math.abs(value));
/** Back from there. */
export const back = (axis: AxisName, place: number): number =>
  axis === "recency" ? place : Math.sign(place) * Math.expm1(Math.abs(place));

/** How many customers lie where; of those who are there (a missing value is NaN). */
export async function strip(axis: AxisName, values: Numbers, count = 48): Promise<Strip> {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  await slices(values.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = values[row] as number;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  });
  if (least > most) [least, most] = [0, 1];
  const low = along(axis, least);
  const width = Math.max(1e-12, along(axis, most) - low);
  const bars = new Array<number>(count).fill(0);
  await slices(values.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const bar = Math.min(count - 1, Math.floor(((along(axis, values[row] as number) - low) / width) * count));
      if (bar >= 0) bars[bar] = (bars[bar] as number) + 1;
    }
  });
  return { from: least, to: most, bars };
}

/** Places at least `gap` apart and as near to the wanted ones as one pass each way brings them. */
export function spread(wanted: readonly number[], gap: number, from: number, to: number): number[] {
  const places = [...wanted];
  places.forEach((place, at) => {
    places[at] = Math.max(place, at === 0 ? from : (places[at - 1] as number) + gap);
  });
  for (let at = places.length - 1; at >= 0; at--) {
    const most = at === places.length - 1 ? to : (places[at + 1] as number) - gap;
    places[at] = Math.min(places[at] as number, most);
  }
  return places;
}

const smallest = (values: Numbers, fits: (value: number) => boolean): number | undefined =>
  extreme(values, fits, (value, best) => value < best);
const largest = (values: Numbers, fits: (value: number) => boolean): number | undefined =>
  extreme(values, fits, (value, best) => value > best);

/** The outermost value that fits; missing ones (NaN) never do. */
function extreme(
  values: Numbers,
  fits: (value: number) => boolean,
  further: (value: number, best: number) => boolean,
): number | undefined {
  let best: number | undefined;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (!Number.isNaN(value) && (best === undefined || further(value, best)) && fits(value)) best = value;
  }
  return best;
}
