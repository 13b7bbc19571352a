import { expect, test } from "vitest";
import { along, back, moved, nearest, neighbour, settled, spread, strip } from "./edges.ts";

const values = Float64Array.of(5, Number.NaN, 1, 3, 3, 9);

test("an edge moves to the next value there is, and stops at the last", () => {
  expect(neighbour(values, 3, true)).toBe(5);
  expect(neighbour(values, 4.5, true)).toBe(5);
  expect(neighbour(values, 9, true)).toBeUndefined();
  expect(neighbour(values, 3, false)).toBe(1);
  expect(neighbour(values, 1, false)).toBeUndefined();
});

test("an edge between two values stands at the lower one: moving it down goes below that", () => {
  expect(settled(values, 4.5)).toBe(3);
  expect(neighbour(values, 4.5, false)).toBe(1);
});

test("up and down again is where it was", () => {
  for (const edge of [1, 3, 5]) expect(neighbour(values, neighbour(values, edge, true) as number, false)).toBe(edge);
});

test("a dragged edge falls to the nearest value; of two the lower", () => {
  expect(nearest(values, 8)).toBe(9);
  expect(nearest(values, 4)).toBe(3);
  expect(nearest(values, -100)).toBe(1);
  expect(nearest(Float64Array.of(Number.NaN), 1)).toBeNaN();
});

test("an edge may meet its neighbours and not pass them", () => {
  expect(moved([1, 3, 5], 1, 4)).toEqual([1, 4, 5]);
  expect(moved([1, 3, 5], 1, 6)).toBeUndefined();
  expect(moved([1, 3, 5], 1, 0.5)).toBeUndefined();
  expect(moved([1, 1, 1, 2], 2, 2)).toEqual([1, 1, 2, 2]);
  expect(moved([1, 3, 5], 2, Number.NaN)).toBeUndefined();
});

test("the scale of an axis goes there and back", () => {
  for (const value of [-40, 0, 1, 250]) {
    expect(back("recency", along("recency", value))).toBeCloseTo(value, 9);
    expect(back("monetary", along("monetary", value))).toBeCloseTo(value, 9);
  }
});

test("a strip counts every value once", async () => {
  const found = await strip("monetary", values, 6);
  expect([found.from, found.to]).toEqual([1, 9]);
  expect(found.bars.reduce((sum, n) => sum + n, 0)).toBe(5);
});

test("knobs stand apart and inside", () => {
  const places = spread([0, 1, 2, 99], 10, 0, 100);
  places.slice(1).forEach((place, at) => expect(place - (places[at] as number)).toBeGreaterThanOrEqual(10));
  expect(places[0]).toBe(0);
  expect(places[3]).toBe(99);
  expect(spread([98, 99, 100], 10, 0, 100)).toEqual([80, 90, 100]);
});
