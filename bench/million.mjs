// A million customers on the real page: file → RFM grid → two rule segments → clusters → CSV, with an eye on the main thread.
import { statSync } from "node:fs";
import { customers } from "./data.mjs";
import { ms } from "./figures.mjs";

const rules = [
  ["Valuable", "monetary > 1000 and recency_days <= 90"],
  ["Sleeping", "recency_days > 365 and not country in ('DE', 'FR')"],
];

/** Runs before the page's own code: keeps the browser's record of tasks of 50 ms and more. */
function recordLongTasks() {
  globalThis.longTasks = [];
  const note = (entry) => globalThis.longTasks.push({ at: entry.startTime, time: entry.duration });
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: "longtask", buffered: true });
}

export async function run({ browser, quick, log }) {
  const n = quick ? 50_000 : 1_000_000;
  const path = await customers(n);
  const page = await browser.visit("/www/", recordLongTasks);
  const now = () => page.evaluate(() => performance.now());
  const step = (title) => page.locator(".rail button", { hasText: title });
  const idle = () => page.locator(".rail").waitFor();
  const stages = [];
  const checked = [];
  const check = (holds, what) => {
    if (!holds) throw new Error(`wrong answer: ${what}`);
    checked.push(what);
  };
  const timed = async (stage, work) => {
    const from = await now();
    const result = await work();
    const to = await now();
    stages.push({ stage, from, to, time: to - from });
    log(`${stage}: ${ms(to - from)}`);
    return result;
  };
  const arrive = (title) => page.locator(".rail button[aria-current=step]", { hasText: title }).waitFor();

  await idle();
  await timed("read and check the file", async () => {
    await page.locator("input[type=file]").first().setInputFiles(path);
    await arrive("Check");
    // The beginning is shown before.
    await page.locator("main h1", { hasText: `${n.toLocaleString("en")} customers` }).waitFor();
  });
  await timed("RFM grid", async () => {
    await page
      .getByRole("button", { name: /^(Continue|Score|Go on)/ })
      .first()
      .click();
    await arrive("RFM");
  });
  await step("Segments").click();
  for (const [name, rule] of rules) {
    await timed(`segment “${name}”: ${rule}`, async () => {
      await page.locator("textarea.rule-text").fill(rule);
      // A name typed while the last segment is still being saved would be its name.
      await page.locator(".rule-counts:not(.old)").waitFor();
      await page.locator("input.name-field").fill(name);
      await page.getByRole("button", { name: "Save segment" }).click();
      await page.getByRole("button", { name: `Edit ${name}` }).waitFor();
    });
  }
  await step("Clusters").click();
  await timed("clusters, k from 2 to 10", async () => {
    await page.getByRole("button", { name: "Look for clusters" }).click();
    // What to look for is folded away once clusters are there.
    await page.locator("button", { hasText: "Look again" }).waitFor({ state: "attached" });
  });
  const verdict = await page.locator("h1").first().textContent();
  await step("Export").click();
  const size = await timed("CSV of all rows", async () => {
    const arriving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    return statSync(await (await arriving).path()).size;
  });
  await page.waitForTimeout(300); // the last long task is reported a little later
  const tasks = await page.evaluate(() => globalThis.longTasks);
  const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize);
  await page.close();

  check(size > statSync(path).size, "the CSV holds the file and a column for each group");
  check(/cluster/i.test(verdict), `the page says “${verdict}”`);
  for (const stage of stages) {
    const own = tasks.filter(({ at, time }) => at + time > stage.from && at < stage.to).map(({ time }) => time);
    stage.longest = Math.max(0, ...own);
  }
  const longest = Math.max(0, ...tasks.map(({ time }) => time));
  return {
    title: `${n.toLocaleString("en")} generated customers on the page`,
    about: `A generated CSV of ${(statSync(path).size / 1e6).toFixed(0)} MB and 12 columns, dropped on the built page and driven as a person would.`,
    stages,
    longest,
    tasks: tasks.length,
    heap,
    checked,
  };
}
