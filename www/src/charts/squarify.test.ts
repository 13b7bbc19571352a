import { expect, test } from "vitest";
import { squarify } from "./squarify.ts";

const sizes = [60, 60, 40, 30, 20, 20, 10];

test("each tile has its share of the area, and none lies over another", () => {
  const tiles = squarify(sizes, 600, 400);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  tiles.forEach((tile, at) => {
    expect(tile.width * tile.height).toBeCloseTo(((sizes[at] as number) / all) * 240_000, 4);
    expect(tile.x).toBeGreaterThanOrEqual(0);
    expect(tile.x + tile.width).toBeLessThan(600.001);
    expect(tile.y + tile.height).toBeLessThan(400.001);
    for (const other of tiles.slice(at + 1)) {
      const wide = Math.min(tile.x + tile.width, other.x + other.width) - Math.max(tile.x, other.x);
      const high = Math.min(tile.y + tile.height, other.y + other.height) - Math.max(tile.y, other.y);
      expect(Math.min(wide, high)).toBeLessThan(1e-6);
    }
  });
});

test("tiles are near to squares", () => {
  const worst = Math.max(
    ...squarify(sizes, 600, 400).map(({ width, height }) => Math.max(width / height, height / width)),
  );
  expect(worst).toBeLessThan(3);
});

test("one tile is everything", () => {
  expect(squarify([7], 30, 20)).toEqual([{ x: 0, y: 0, width: 30, height: 20 }]);
});
