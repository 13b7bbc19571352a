/** Rectangles whose areas are given, filled row by row and as near to squares as that goes. */

export interface Tile {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One tile a size, in their order; sizes must fall and be above zero. Together the tiles fill the rectangle. */
export function squarify(sizes: readonly number[], width: number, height: number): Tile[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const areas = sizes.map((size) => (size / all) * width * height);
  const tiles: Tile[] = [];
  let free = { x: 0, y: 0, width, height };
  for (let at = 0; at < areas.length; ) {
    const side = Math.min(free.width, free.height);
    let [end, sum] = [at + 1, areas[at] as number];
    while (end < areas.length) {
      const more = sum + (areas[end] as number);
      if (longest(areas, at, end + 1, more, side) > longest(areas, at, end, sum, side)) break;
      sum = more;
      end += 1;
    }
    const thick = sum / side;
    const upright = free.width >= free.height;
    let along = 0;
    for (; at < end; at++) {
      const length = (areas[at] as number) / thick;
      tiles.push(
        upright
          ? { x: free.x, y: free.y + along, width: thick, height: length }
          : { x: free.x + along, y: free.y, width: length, height: thick },
      );
      along += length;
    }
    free = upright
      ? { ...free, x: free.x + thick, width: Math.max(1e-9, free.width - thick) }
      : { ...free, y: free.y + thick, height: Math.max(1e-9, free.height - thick) };
  }
  return tiles;
}

/** How far from a square the worst tile of a row is: its longer side over its shorter. */
function longest(areas: readonly number[], from: number, to: number, sum: number, side: number): number {
  const row = areas.slice(from, to);
  const thick = sum / side;
  return Math.max(...row.map((area) => Math.max(thick ** 2 / area, area / thick ** 2)));
}
