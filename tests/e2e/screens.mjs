// Every screen, light and dark, wide and narrow: axe finds nothing, nothing is cut off sideways.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { NARROW, openSample, proceed, step, visit, WIDE } from "./visit.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Looks at the screen there is now. axe runs in its own world, which the page's policy does not bind. */
async function look(page, name, found) {
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      resultTypes: ["violations"],
    }),
  );
  for (const { id, nodes } of violations)
    found.push(`${name}: ${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wider > 0) found.push(`${name}: ${wider} px wider than the window`);
}

async function tour(browser, address, options) {
  const { page, errors } = await visit(browser, address, { bypassCSP: false, ...options });
  const found = [];
  await page.evaluate(axe);
  await look(page, "first screen", found);
  await page.click(".badge");
  await look(page, "privacy", found);
  await page.keyboard.press("Escape");
  await openSample(page);
  await look(page, "check", found);
  await proceed(page);
  await look(page, "RFM", found);
  await page.click('button[aria-pressed]:has-text("Table")');
  await look(page, "RFM as a table", found);
  await step(page, "Segments");
  for (let number = 0; number < 3; number++) {
    await page.click(".examples button >> nth=0");
    await page.waitForSelector(`button[aria-label^="Remove"] >> nth=${number}`);
  }
  await page.fill(".rule-text", "frequency >= 3 and email_consent = 'yes'");
  await page.waitForSelector(".rule-counts:not(.old) .tree");
  await look(page, "segments", found);
  await page.fill(".rule-text", "frequency >= 3 and nothing = 1");
  await page.waitForSelector("#rule-errors .bad");
  await look(page, "segments with an error", found);
  await step(page, "Clusters");
  await page.click("text=Look for clusters");
  await page.waitForSelector(".cluster-cards", { timeout: 120_000 });
  await look(page, "clusters", found);
  await step(page, "Profile");
  await page.waitForSelector("table.heat");
  await page.selectOption("main select", "rfm");
  await page.waitForSelector('h1:has-text("RFM groups")');
  await look(page, "profile", found);
  await step(page, "Export");
  await look(page, "export", found);
  assert.deepEqual(found, []);
  assert.deepEqual(errors, []);
}

export default () => ({
  "axe finds nothing, light": ({ browser, address }) =>
    tour(browser, address, { viewport: WIDE, colorScheme: "light" }),
  "axe finds nothing, dark": ({ browser, address }) => tour(browser, address, { viewport: WIDE, colorScheme: "dark" }),
  "axe finds nothing, narrow and light": ({ browser, address }) =>
    tour(browser, address, { viewport: NARROW, colorScheme: "light" }),
  "axe finds nothing, narrow and dark": ({ browser, address }) =>
    tour(browser, address, { viewport: NARROW, colorScheme: "dark" }),
});
