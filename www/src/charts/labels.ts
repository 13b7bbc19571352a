/** Words beside marks, moved apart where they would cover each other. */

/** The same heights, moved apart where they lie closer than `least`. */
export function spread(heights: readonly number[], least: number): number[] {
  const order = heights.map((height, at) => ({ height, at })).sort((a, b) => a.height - b.height);
  const placed = [...heights];
  let last = Number.NEGATIVE_INFINITY;
  for (const { height, at } of order) {
    last = Math.max(height, last + least);
    placed[at] = last;
  }
  return placed;
}
