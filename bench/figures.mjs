// Medians, ratios and how they are written.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the ratios of neighbours in time: a slow stretch of the machine hits both and cancels. */
export const pairwise = (ours, theirs) => median(ours.map((time, round) => time / theirs[round]));

export const ms = (time) => (time >= 1000 ? `${(time / 1000).toFixed(2)} s` : `${time.toFixed(0)} ms`);

/**
 * Lets sides take turns, round by round, after a first round that warms up caches and compilers and is thrown away. Gives the
 * times of each, those of our whole call, which goes on further than the peers', and the last answer of each.
 */
export async function takeTurns(turns, rounds, log) {
  const times = Object.fromEntries(Object.keys(turns).map((name) => [name, []]));
  const whole = [];
  const last = {};
  for (let round = 0; round <= rounds; round++) {
    for (const [name, turn] of Object.entries(turns)) {
      last[name] = await turn();
      const { ms: time, ...more } = last[name];
      log(`round ${round} ${name}: ${ms(time)} ${JSON.stringify(more)}`);
      if (round === 0) continue;
      times[name].push(time);
      if (last[name].whole) whole.push(last[name].whole);
    }
  }
  return { times, whole, last };
}
