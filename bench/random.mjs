// The bench's own seeded numbers: the same seed gives the same data on every machine.

/** mulberry32: a small, well-known generator of 32 bits. */
export function generator(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  /** Irwin–Hall: twelve uniforms, so that no last bit hangs on a machine's logarithm. */
  const normal = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum;
  };
  const below = (n) => Math.floor(uniform() * n);
  return { uniform, normal, below, pick: (list) => list[below(list.length)] };
}
