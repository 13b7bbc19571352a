// Are the bits in Node and in Chromium those of the native core? tests/golden.rs holds the core to the same file, natively
// and in wasm.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open } from "../scripts/browser.mjs";
import { golden } from "./golden/shop.mjs";

const expected = JSON.parse(readFileSync(new URL("golden/expected.json", import.meta.url), "utf8"));

test("the package in Node gives the golden bits", async () => {
  const { createSegmenter } = await import("marquetry");
  assert.deepEqual(await golden(createSegmenter), expected);
});

test("the package in Chromium gives the golden bits", async () => {
  const browser = await open();
  try {
    const page = await browser.page("tests/golden/browser.js");
    assert.deepEqual(await page.evaluate(() => globalThis.run()), expected);
  } finally {
    await browser.close();
  }
});
