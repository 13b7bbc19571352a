// Medians, ratios and how they are written.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the ratios of neighbours in time: a slow stretch of the machine hits both and cancels. */
export const pairwise = (ours, theirs) => median(ours.map((time, round) => time / theirs[round]));

export const ms = (time) => (time >= 1000 ? `${(time / 1000).toFixed(2)} s` : `${time.toFixed(0)} ms`);

/** One measured turn as a line of the log. */
export const row = (name, { ms: time, ...more }) => `${name}: ${ms(time)} ${JSON.stringify(more)}`;
