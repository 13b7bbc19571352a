import { expect, test } from "vitest";
import { deciles, falling, logBins, shareBins, topRows } from "./figures.ts";

const NONE = Number.NaN;

test("logarithmic bars hold every value once, from its edge to below the next", async () => {
  const values = Float64Array.of(0, 0.001, 1, 10, 12, 17.79, 99, 100, 100, NONE);
  const { edges, counts } = await logBins(values);
  expect(edges).toHaveLength(counts.length + 1);
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(9);
  counts.forEach((n, at) => {
    const inside = values.filter((value) => value >= (edges[at] as number) && value < (edges[at + 1] as number));
    expect(inside.length, `bar ${at}`).toBe(n);
  });
  expect(await logBins(Float64Array.of(NONE, 0))).toEqual({ edges: [], counts: [] });
});

test("shares lie in equal bars, and 1 in the last", async () => {
  const { counts } = await shareBins(Float64Array.of(0, 0.049, 0.05, 1, NONE));
  expect([counts[0], counts[1], counts[19]]).toEqual([2, 1, 1]);
});

test("tenths sum up to everyone and everything", async () => {
  const values = Float64Array.from({ length: 37 }, (_, at) => (at * 7) % 37);
  const tenths = await deciles(
    values,
    falling(values),
    values.map((value) => value - 1),
    values.map((value) => value + 2),
  );
  expect(tenths.reduce((sum, { n }) => sum + n, 0)).toBe(37);
  expect(tenths.reduce((sum, { total }) => sum + total, 0)).toBe((36 * 37) / 2);
  expect(tenths[9]?.cumulative).toBeCloseTo(1, 12);
  expect(tenths[0]).toMatchObject({ n: 3, total: 36 + 35 + 34, least: 34, most: 36, mean: 35, low: 34, high: 37 });
});

test("the largest rows, of equal ones the first", async () => {
  expect(await topRows(Float64Array.of(1, 5, NONE, 5, 9, 2), 3)).toEqual([4, 1, 3]);
  expect(await topRows(Float64Array.of(NONE), 3)).toEqual([]);
});
