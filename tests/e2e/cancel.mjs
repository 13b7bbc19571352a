// Cancel returns soon and leaves everything as it was.
import assert from "node:assert/strict";
import { downloaded, drop, openSample, proceed, step, visit } from "./visit.mjs";

/** The promise is 250 ms; a busy machine with two cores gets twice that. */
const PATIENCE_MS = 500;

/** Clicks Cancel and gives the milliseconds until the progress is gone. */
async function cancel(page) {
  return page.evaluate(
    () =>
      new Promise((settle) => {
        const began = performance.now();
        const watch = () =>
          document.querySelector("footer progress") ? requestAnimationFrame(watch) : settle(performance.now() - began);
        document.querySelector("footer button").click();
        watch();
      }),
  );
}

export default () => ({
  "during reading": async ({ browser, address }) => {
    const { page, errors } = await visit(browser, address);
    await drop(page, "small.csv", "customer_id,spend\n1,10\n2,20\n3,30\n");
    await page.waitForSelector('h1:has-text("3 customers")');
    const before = await page.textContent("main");
    const line = "1001,2026-01-31,87,Stoneware bowl,22.50\n";
    // Made in the page: 120 MB would take long to send there.
    await page.evaluate((line) => {
      const file = new File(
        ["order_id,date,customer_id,product,amount\n", ...new Array(60).fill(line.repeat(50_000))],
        "large.csv",
      );
      const transfer = new DataTransfer();
      transfer.items.add(file);
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, line);
    await page.waitForFunction(() => document.querySelector("footer progress")?.value > 0);
    const ms = await cancel(page);
    assert.ok(ms <= PATIENCE_MS, `${ms.toFixed(0)} ms`);
    assert.equal(await page.textContent("main"), before);
    assert.match(await page.textContent("header.top"), /small\.csv/);
    await page.click('main button.primary:has-text("Continue")');
    await page.waitForSelector('h1:not(:has-text("is this what you see"))');
    assert.deepEqual(errors, []);
  },

  "during clustering": async ({ browser, address }) => {
    const { page, errors } = await visit(browser, address);
    await openSample(page);
    await proceed(page);
    await step(page, "Segments");
    await page.click(".examples button >> nth=0");
    await page.waitForSelector("text=In no segment");
    const segments = await page.textContent(".segment-list");
    await step(page, "Clusters");
    await page.waitForSelector("text=Look for clusters");
    await page.waitForFunction(
      () => document.querySelectorAll(".feature.on").length === document.querySelectorAll(".shapes").length,
    );
    const before = await page.textContent("main");
    await page.click("text=Look for clusters");
    await page.waitForSelector("footer progress");
    const ms = await cancel(page);
    assert.ok(ms <= PATIENCE_MS, `${ms.toFixed(0)} ms`);
    // What was finished already is kept until it is put away.
    const kept = page.locator('button:has-text("Put away")');
    if ((await kept.count()) > 0) await kept.click();
    assert.equal(await page.textContent("main"), before);
    await step(page, "Segments");
    assert.equal(await page.textContent(".segment-list"), segments);
    await step(page, "Clusters");
    await page.click("text=Look for clusters");
    await page.waitForSelector(".cluster-cards", { timeout: 120_000 });
    assert.deepEqual(errors, []);
  },

  "when the engine does not hear, it is started again with everything in it": async ({ browser, address }) => {
    const { page, errors } = await visit(browser, address);
    await openSample(page);
    await proceed(page);
    await step(page, "Segments");
    await page.click(".examples button >> nth=0");
    await page.waitForSelector("text=In no segment");
    const segments = await page.textContent(".segment-list");
    await step(page, "Clusters");
    const [deaf] = page.workers();
    // Settles once the worker has taken the order; from its next task on it hears nothing for a while.
    await deaf.evaluate(() => {
      setTimeout(() => {
        const until = performance.now() + 5000;
        while (performance.now() < until);
      });
    });
    await page.click("text=Look for clusters");
    await page.waitForSelector("footer progress");
    await page.click('footer button:has-text("Cancel")');
    for (let tries = 0; !page.workers().some((worker) => worker !== deaf); tries++) {
      assert.ok(tries < 100, "a fresh worker within 5 s");
      await page.waitForTimeout(50);
    }
    await page.waitForSelector("footer progress", { state: "detached", timeout: 60_000 });
    await step(page, "Segments");
    assert.equal(await page.textContent(".segment-list"), segments);
    await page.fill(".rule-text", "frequency >= 2");
    await page.waitForSelector(".rule-counts:not(.old)");
    await step(page, "Export");
    const { text } = await downloaded(page, () => page.click('button:has-text("Download")'));
    assert.equal(text.trimEnd().split("\n").length, 8001);
    assert.match(await page.textContent(".badge"), /0 requests/);
    assert.deepEqual(errors, []);
  },
});
