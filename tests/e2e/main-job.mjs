// Drop a file, leave with segments.
import assert from "node:assert/strict";
import { downloaded, openSample, proceed, step, visit } from "./visit.mjs";

const rowsOf = (text) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/\r$/, "").split(","));

export default () => ({
  "from the sample to a named segment as CSV in six clicks": async ({ browser, address }) => {
    const { page, longestTask, errors } = await visit(browser, address);
    let clicks = 0;
    const click = (what) => {
      clicks += 1;
      return page.click(what);
    };
    await click("text=Try with sample data");
    await page.waitForSelector('h1:has-text("order lines")', { timeout: 60_000 });
    await click('main button.primary:has-text("Continue")');
    await page.waitForSelector('h1:has-text("of revenue")', { timeout: 60_000 });
    await click('nav[aria-label="Steps"] button:has-text("Segments")');
    await page.waitForSelector(".examples button");
    const name = await page.textContent(".examples strong >> nth=0");
    await click(".examples button >> nth=0");
    await page.waitForSelector("text=In no segment");
    const size = page.locator(".groups tbody tr").first().locator("td").first();
    const shown = Number((await size.evaluate((cell) => cell.firstChild.textContent)).replaceAll(",", ""));
    await click('nav[aria-label="Steps"] button:has-text("Export")');
    const file = await downloaded(page, () => click('button:has-text("Download")'));
    assert.ok(clicks <= 6, `${clicks} clicks`);
    assert.equal(file.name, "lantern-and-loom-orders-segments.csv");
    const [header, ...rows] = rowsOf(file.text);
    assert.equal(rows.length, 8000);
    const column = header.indexOf(name);
    assert.ok(column > 0, `a column “${name}” in ${header.join(", ")}`);
    assert.equal(rows.filter((row) => row[column] === "yes").length, shown, "as many members as the page shows");
    assert.ok((await longestTask()) <= 200, `longest task on the main thread: ${await longestTask()} ms`);
    assert.deepEqual(errors, []);
  },

  "the counts of every part of a rule are those of the exported rows": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await openSample(page);
    await proceed(page);
    await step(page, "Segments");
    await page.fill(".rule-text", "frequency >= 3 and (recency_days <= 90 or email_consent = 'yes')");
    await page.waitForSelector(".rule-counts:not(.old) .tree");
    const nodes = await page.locator(".tree .node").evaluateAll((all) =>
      all.map((node) => ({
        text: node.querySelector("code").textContent,
        counts: node.querySelector(".number").textContent,
      })),
    );
    await page.fill('input[placeholder="Segment"]', "Checked");
    await page.click("text=Save segment");
    await page.waitForSelector("text=In no segment");
    await step(page, "Export");
    const [header, ...rows] = rowsOf((await downloaded(page, () => page.click('button:has-text("Download")'))).text);
    const of = (row, name) => row[header.indexOf(name)];
    const all = {
      "frequency >= 3": (row) => Number(of(row, "frequency")) >= 3,
      "recency_days <= 90": (row) => of(row, "recency_days") !== "" && Number(of(row, "recency_days")) <= 90,
      "email_consent = 'yes'": (row) => of(row, "email_consent") === "true",
    };
    for (const [text, test] of Object.entries(all)) {
      const node = nodes.find((one) => one.text === text);
      assert.ok(node, `a part “${text}” among ${nodes.map((one) => one.text).join(" | ")}`);
      assert.equal(Number(node.counts.match(/^([\d,]+) in/)[1].replaceAll(",", "")), rows.filter(test).length, text);
    }
    const several = rows.filter(
      (row) => all["frequency >= 3"](row) && (all["recency_days <= 90"](row) || all["email_consent = 'yes'"](row)),
    );
    assert.equal(rows.filter((row) => of(row, "Checked") === "yes").length, several.length);
  },

  "an unfinished rule keeps the last counts, and a misspelt column offers the nearest": async ({
    browser,
    address,
  }) => {
    const { page } = await visit(browser, address);
    await openSample(page);
    await proceed(page);
    await step(page, "Segments");
    await page.fill(".rule-text", "frequency >= 3");
    await page.waitForSelector(".rule-counts:not(.old) .tree");
    const counted = await page.textContent(".figure-number");
    await page.fill(".rule-text", "frequency >= 3 and recency_dys <= 90");
    await page.waitForSelector(".rule-counts.old >> text=as of your last valid rule");
    assert.equal(await page.textContent(".figure-number"), counted);
    assert.equal(await page.textContent(".rule-back mark"), "recency_dys");
    await page.click('#rule-errors button:has-text("Use recency_days")');
    await page.waitForSelector(".rule-counts:not(.old) .tree");
    assert.equal(await page.inputValue(".rule-text"), "frequency >= 3 and recency_days <= 90");
    assert.notEqual(await page.textContent(".figure-number"), counted);
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
      await page.waitForSelector(".rule-counts:not(.old) .tree");
      await page.fill('input[placeholder="Segment"]', name);
      await page.click("text=Save segment");
      await page.waitForSelector(`button[aria-label="Edit ${name}"]`);
    }
    await page.click('section:has-text("share") button:has-text("Table")');
    const sizes = await page.locator("section.figure tbody tr td:nth-child(2)").allInnerTexts();
    const sum = sizes.reduce((total, size) => total + Number(size.replaceAll(",", "")), 0);
    assert.equal(sum, 8000, "exact combinations and “in no segment” make everyone");
  },

  "the same seed gives the same clusters": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await openSample(page);
    await proceed(page);
    await step(page, "Clusters");
    const run = async (button) => {
      await page.click(`text=${button}`);
      await page.waitForSelector("footer progress");
      await page.waitForSelector("footer progress", { state: "detached", timeout: 120_000 });
      return page.textContent(".cluster-cards");
    };
    const first = await run("Look for clusters");
    assert.match(await page.textContent("h1"), /clusters/);
    assert.equal(await run("Look again"), first);
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
