// Are the bits in Node and in Chromium those of the native core? tests/engine/golden.rs holds the core to the same file, natively
// and in wasm.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open } from "../scripts/browser.mjs";
import { clusteredCrowd, golden } from "./golden/shop.mjs";

const { crowd, ...expected } = JSON.parse(readFileSync(new URL("golden/expected.json", import.meta.url), "utf8"));

test("the package in Node gives the golden bits", async () => {
  const { createSegmenter } = await import("marquetry");
  assert.deepEqual(await golden(createSegmenter), expected);
  for (const workers of [1, 2, 3]) {
    assert.equal(await clusteredCrowd(createSegmenter, workers), crowd, `with ${workers} workers`);
  }
});

test("the package in Chromium gives the golden bits", async () => {
  const browser = await open();
  try {
    const page = await browser.page("tests/golden/browser.js");
    assert.deepEqual(await page.evaluate(() => globalThis.run()), expected);
    for (const workers of [1, 2, 3]) {
      const found = await page.evaluate((workers) => globalThis.crowd(workers), workers);
      assert.equal(found, crowd, `with ${workers} workers`);
    }
  } finally {
    await browser.close();
  }
});
