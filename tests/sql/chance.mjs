// Numbers that look random and are the same for the same seed.

/** A generator of numbers from 0 up to but without 1 (mulberry32), with what is drawn from it most. */
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const whole = (from, to) => from + Math.floor(next() * (to - from + 1));
  const one = (list) => list[whole(0, list.length - 1)];
  return {
    next,
    whole,
    one,
    /** Happens so often. */
    often: (share) => next() < share,
    /** So many of a list, each at most once. */
    some: (list, count) => {
      const left = [...list];
      return Array.from({ length: Math.min(count, left.length) }, () => left.splice(whole(0, left.length - 1), 1)[0]);
    },
  };
}
