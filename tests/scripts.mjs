// Do the scripts count honestly? A runner that says nothing, or says “fine” and fails, must not pass.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as count from "../scripts/count.mjs";

const counts = ({ passed, failed, skipped }) => [passed, failed, skipped];

test("each runner's own words are understood", () => {
  const two =
    "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s\n" +
    "skipped: 4 (no shared data)\n" +
    "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s\n";
  assert.deepEqual(counts(count.cargo(101, two)), [15, 2, 5]);
  assert.deepEqual(
    counts(count.node(1, "# tests 6\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n")),
    [3, 2, 1],
  );
  assert.deepEqual(counts(count.node(0, "ℹ pass 3\nℹ fail 0\nℹ skipped 0\n")), [3, 0, 0]);
  assert.deepEqual(
    counts(count.vitest(0, " Test Files  1 passed (1)\n      Tests  12 passed | 2 skipped (14)\n")),
    [12, 0, 2],
  );
  assert.deepEqual(counts(count.plain(0, "1 passed, 0 failed\nmore\n3 passed, 0 failed, 1 skipped\n")), [3, 0, 1]);
});

test("silence is a failure", () => {
  for (const runner of [count.cargo, count.node, count.vitest, count.plain]) {
    assert.deepEqual(counts(runner(0, "all is well\n")), [0, 1, 0]);
    assert.deepEqual(counts(runner(127, "not found")), [0, 1, 0]);
  }
});

test("a bad exit code is a failure, whatever was counted", () => {
  assert.deepEqual(counts(count.plain(1, "3 passed, 0 failed, 0 skipped\n")), [3, 1, 0]);
  assert.deepEqual(counts(count.vitest(1, "      Tests  2 passed (2)\n")), [2, 1, 0]);
});

test("what failed is said again, with why", () => {
  const output = [
    "passed  page: opens (0.1 s)",
    "failed  page: closes (0.2 s)",
    "        Error: still open",
    "again   page: stands still (0.4 s)",
    "        Error: moved",
    "test math::sums ... FAILED",
    " FAIL  rfm.test.ts > scores",
    "✖ scripts count (0.3ms)",
    "2 passed, 4 failed",
  ].join("\n");
  assert.deepEqual(count.failures(output), [
    "failed  page: closes (0.2 s)\n        Error: still open",
    "again   page: stands still (0.4 s)\n        Error: moved",
    "test math::sums ... FAILED",
    " FAIL  rfm.test.ts > scores",
    "✖ scripts count (0.3ms)",
  ]);
});
