// By keyboard and by ear.
import assert from "node:assert/strict";
import { downloaded, idle, openSample, proceed, step, tabTo, until, visit } from "./visit.mjs";

const focused = (page) =>
  page.evaluate(() => `${document.activeElement.tagName} ${document.activeElement.textContent.trim()}`);

/** Waits until the focus stands somewhere. */
const stands = (page, where) => until(async () => assert.match(await focused(page), where));

export default () => ({
  "from the sample to a CSV without a mouse": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await tabTo(page, /^Try with sample data/);
    await page.keyboard.press("Enter");
    await page.waitForSelector('h1:has-text("order lines")');
    await idle(page);
    await stands(page, /^H1 /);
    await tabTo(page, /^Continue/);
    await page.keyboard.press("Enter");
    await page.waitForSelector('h1:has-text("of revenue")');
    await idle(page);
    await stands(page, /^H1 /);
    await tabTo(page, /Segments/, "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".examples button");
    await idle(page);
    await tabTo(page, /^Add /);
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=In no segment");
    await idle(page);
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
    await page.locator("#privacy").waitFor();
    await tabTo(page, /^Try to send something/);
    await page.keyboard.press("Escape");
    await page.locator("#privacy").waitFor({ state: "hidden" });
    await stands(page, /^BUTTON Locked/);
  },

  "the end of a job is announced": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await openSample(page);
    await page.waitForSelector('#app > [role=status]:has-text("Reading lantern-and-loom-orders.csv: done")', {
      state: "attached",
    });
  },

  "charts are read mark by mark with the arrow keys": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await openSample(page);
    await proceed(page);
    await page.focus(".figure [role=img]");
    await page.keyboard.press("ArrowRight");
    const readout = page.locator(".figure .readout").first();
    await until(async () => assert.match(await readout.textContent(), /Orders: F\d.*Customers: [\d,]+/));
    const first = await readout.textContent();
    await page.keyboard.press("ArrowRight");
    await until(async () => assert.notEqual(await readout.textContent(), first));
  },

  "the theme can be switched by hand": async ({ browser, address }) => {
    const { page } = await visit(browser, address, { colorScheme: "light" });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.selectOption(".theme select", "dark");
    await until(async () => assert.notEqual(await ground(), light));
    await page.selectOption(".theme select", "auto");
    await until(async () => assert.equal(await ground(), light));
  },

  "a repair and a changed role read the table anew": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await openSample(page);
    const rows = await page.textContent("h1");
    await page.selectOption('select[aria-label="Meaning of channel"]', "demographic");
    await page.waitForSelector('.column-card:has-text("channel"):has-text("as you said")');
    await idle(page);
    assert.equal(await page.inputValue('select[aria-label="Meaning of channel"]'), "demographic");
    assert.equal(await page.textContent("h1"), rows);
    await page.click('.report button:has-text("Remove the repeated rows")');
    await page.waitForSelector("text=repaired");
    await proceed(page);
    await step(page, "Check");
    await page.waitForSelector("text=repaired");
  },
});
