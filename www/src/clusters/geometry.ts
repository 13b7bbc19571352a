/** Points on a map: which lie inside an area, and where they lie close. Pure functions. */

type Numbers = ArrayLike<number>;
export type Point = readonly [x: number, y: number];

export interface Extent {
  x: [low: number, high: number];
  y: [low: number, high: number];
}

/** Lowest and highest; a single value gets room around it. */
export function extent(values: Numbers): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  return low < high ? [low, high] : [low - 1, high + 1];
}

/** The corners of a field between two values on either axis. */
export const box = ({ x, y }: Extent): Point[] => [
  [x[0], y[0]],
  [x[1], y[0]],
  [x[1], y[1]],
  [x[0], y[1]],
];

/**
 * Positions of the points inside an area (its last corner is joined to the first), rising. A ray to the right crosses the edge of an
 * area an odd number of times from inside (even-odd rule); a point on the left or the lower edge is inside.
 */
export function inside(area: readonly Point[], xs: Numbers, ys: Numbers): number[] {
  const found: number[] = [];
  const [left, right] = extent(area.map(([x]) => x));
  const [low, high] = extent(area.map(([, y]) => y));
  for (let at = 0; at < xs.length; at++) {
    const [x, y] = [xs[at] as number, ys[at] as number];
    if (x < left || x > right || y < low || y > high) continue;
    let odd = false;
    for (let corner = 0; corner < area.length; corner++) {
      const [ax, ay] = area[corner] as Point;
      const [bx, by] = area[(corner + 1) % area.length] as Point;
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) odd = !odd;
    }
    if (odd) found.push(at);
  }
  return found;
}

/** The same for a field with its edges, as two lowest and two highest values say it. */
export function within({ x: [left, right], y: [low, high] }: Extent, xs: Numbers, ys: Numbers): number[] {
  const found: number[] = [];
  for (let at = 0; at < xs.length; at++) {
    const [x, y] = [xs[at] as number, ys[at] as number];
    if (x >= left && x <= right && y >= low && y <= high) found.push(at);
  }
  return found;
}

/** How many points lie in each cell of a grid over their extent, row by row from the lowest. */
export function density(xs: Numbers, ys: Numbers, over: Extent, columns: number, rows: number): Uint32Array {
  const counts = new Uint32Array(columns * rows);
  const [width, height] = [over.x[1] - over.x[0], over.y[1] - over.y[0]];
  for (let at = 0; at < xs.length; at++) {
    const column = Math.min(columns - 1, Math.floor((((xs[at] as number) - over.x[0]) / width) * columns));
    const row = Math.min(rows - 1, Math.floor((((ys[at] as number) - over.y[0]) / height) * rows));
    const cell = row * columns + column;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return counts;
}

/** A path with only those corners that lie some way from the one before: a drawn line has hundreds. */
export function thinned(path: readonly Point[], distance: number): Point[] {
  const kept: Point[] = [];
  for (const point of path) {
    const last = kept.at(-1);
    if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) >= distance) kept.push(point);
  }
  return kept;
}
