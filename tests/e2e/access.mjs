// By keyboard and by ear.
import assert from "node:assert/strict";
import { downloaded, openSample, proceed, step, visit } from "./visit.mjs";

const focused = (page) =>
  page.evaluate(() => `${document.activeElement.tagName} ${document.activeElement.textContent.trim()}`);

/** Presses Tab until the text of what is focused matches. */
async function tabTo(page, text, key = "Tab") {
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press(key);
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      return element.getAttribute("aria-label") ?? element.textContent.trim();
    });
    if (text.test(name)) return;
  }
  throw new Error(`Tab never reached ${text}`);
}

export default () => ({
  "from the sample to a CSV without a mouse": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await tabTo(page, /^Try with sample data/);
    await page.keyboard.press("Enter");
    await page.waitForSelector('h1:has-text("order lines")', { timeout: 60_000 });
    assert.match(await focused(page), /^H1 /, "focus stands on the new screen's heading");
    await tabTo(page, /^Continue/);
    await page.keyboard.press("Enter");
    await page.waitForSelector('h1:has-text("of revenue")', { timeout: 60_000 });
    assert.match(await focused(page), /^H1 /);
    await tabTo(page, /Segments/, "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".examples button");
    await tabTo(page, /^Add /);
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=In no segment");
    await tabTo(page, /^Export/);
    await page.keyboard.press("Enter");
    await page.waitForSelector('h1:has-text("Take the result")');
    await tabTo(page, /^Download/);
    const { text } = await downloaded(page, () => page.keyboard.press("Enter"));
    assert.ok(text.split("\n").length > 8000);
  },

  "the privacy dialog opens, is walked through and closes by keyboard": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await tabTo(page, /^Locked/);
    await page.keyboard.press("Enter");
    assert.ok(await page.locator("#privacy").isVisible());
    await tabTo(page, /^Try to send something/);
    await page.keyboard.press("Escape");
    assert.ok(!(await page.locator("#privacy").isVisible()));
    assert.match(await focused(page), /^BUTTON Locked/, "focus returns to the badge");
  },

  "the end of a job is announced": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await openSample(page);
    assert.match(await page.textContent("#app > [role=status]"), /Reading lantern-and-loom-orders\.csv: done/);
  },

  "charts are read mark by mark with the arrow keys": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await openSample(page);
    await proceed(page);
    await page.focus(".figure [role=img]");
    await page.keyboard.press("ArrowRight");
    const first = await page.textContent(".figure .readout");
    assert.match(first, /Orders: F\d.*Customers: [\d,]+/);
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await page.textContent(".figure .readout"), first);
  },

  "the theme can be switched by hand": async ({ browser, address }) => {
    const { page } = await visit(browser, address, { colorScheme: "light" });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.selectOption(".theme select", "dark");
    assert.notEqual(await ground(), light);
    await page.selectOption(".theme select", "auto");
    assert.equal(await ground(), light);
  },

  "a repair and a changed role read the table anew": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await openSample(page);
    const rows = await page.textContent("h1");
    await page.selectOption('select[aria-label="Meaning of channel"]', "demographic");
    await page.waitForSelector("footer progress", { state: "detached" });
    await page.waitForFunction(
      () => document.querySelector('select[aria-label="Meaning of channel"]')?.value === "demographic",
    );
    assert.equal(await page.textContent("h1"), rows);
    await page.click('.report button:has-text("Remove the repeated rows")');
    await page.waitForSelector("text=repaired");
    await proceed(page);
    await step(page, "Check");
    await page.waitForSelector("text=repaired");
  },
});
