// Drop a file, leave with segments.
import assert from "node:assert/strict";
import { counted, downloaded, first, idle, longestTask, openSample, proceed, step, visit } from "./visit.mjs";

const rowsOf = (text) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/\r$/, "").split(","));

export default () => ({
  "from the sample to a named segment as CSV in six clicks": async ({ browser, address }) => {
    const { page, errors } = await visit(browser, address);
    let clicks = 0;
    const click = (what) => {
      clicks += 1;
      return page.click(what);
    };
    let name;
    let shown;
    let file;
    const longest = await longestTask(page, async () => {
      await click("text=Try with sample data");
      await page.waitForSelector('h1:has-text("order lines")');
      await click('main button.primary:has-text("Continue")');
      await page.waitForSelector('h1:has-text("of revenue")');
      await click('nav[aria-label="Steps"] button:has-text("Segments")');
      await page.waitForSelector(".examples button");
      name = await page.textContent(".examples strong >> nth=0");
      await click(".examples button >> nth=0");
      await page.waitForSelector("text=In no segment");
      shown = first(await page.textContent(".segment-list .size"));
      await click('nav[aria-label="Steps"] button:has-text("Export")');
      file = await downloaded(page, () => click('button:has-text("Download")'));
    });
    assert.ok(clicks <= 6, `${clicks} clicks`);
    assert.equal(file.name, "lantern-and-loom-orders-segments.csv");
    const [header, ...rows] = rowsOf(file.text);
    assert.equal(rows.length, 8000);
    const column = header.indexOf(name);
    assert.ok(column > 0, `a column “${name}” in ${header.join(", ")}`);
    assert.equal(rows.filter((row) => row[column] === "yes").length, shown, "as many members as the page shows");
    assert.ok(longest <= 200, `longest task on the main thread: ${longest.toFixed(0)} ms`);
    assert.deepEqual(errors, []);
  },

  "a customer may be in several segments, and the page says who is in none": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await openSample(page);
    await proceed(page);
    await step(page, "Segments");
    for (const [name, rule] of [
      ["A", "frequency >= 3"],
      ["B", "recency_days <= 60"],
      ["C", "monetary > 500"],
    ]) {
      await page.fill(".rule-text", rule);
      await counted(page);
      await page.fill('input[placeholder="Segment"]', name);
      await page.click("text=Save segment");
      await page.waitForSelector(`button[aria-label="Edit ${name}"]`);
      await idle(page);
    }
    await page.click('section:has-text("share") button:has-text("Table")');
    const sizes = await page.locator("section.figure tbody tr td:nth-child(2)").allInnerTexts();
    const sum = sizes.reduce((total, size) => total + first(size), 0);
    assert.equal(sum, 8000, "exact combinations and “in no segment” make everyone");
  },

  "the recipe holds the rule and no rows": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await openSample(page);
    await proceed(page);
    await step(page, "Segments");
    await page.click(".examples button >> nth=0");
    await page.waitForSelector("text=In no segment");
    await step(page, "Export");
    await page.click("text=Recipe");
    const { name, text } = await downloaded(page, () => page.click('button:has-text("Download")'));
    assert.match(name, /-recipe\.json$/);
    assert.ok(JSON.parse(text).version >= 1);
    assert.doesNotMatch(text, /C0\d{4}/, "no customer's id");
  },
});
