import { expect, test } from "vitest";
import { slices } from "./slices.ts";

test("every row has its turn once, in order", async () => {
  for (const rows of [0, 1, 32_768, 100_001]) {
    let next = 0;
    await slices(rows, (from, to) => {
      expect(from).toBe(next);
      expect(to).toBeGreaterThan(from);
      next = to;
    });
    expect(next).toBe(rows);
  }
});

test("a long loop lets others have their turn, also where several follow each other", async () => {
  let turns = 0;
  const other = setInterval(() => {
    turns += 1;
  });
  const busy = (): void => {
    for (const until = performance.now() + 5; performance.now() < until; );
  };
  for (let loop = 0; loop < 20; loop++) await slices(1, busy);
  clearInterval(other);
  expect(turns).toBeGreaterThan(1);
});

test("what a slice throws reaches whoever waits", async () => {
  const broken = slices(10, () => {
    throw new Error("broken");
  });
  await expect(broken).rejects.toThrow("broken");
});
