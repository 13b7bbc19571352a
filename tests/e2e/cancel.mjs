// Cancel returns soon and leaves everything as it was.
import assert from "node:assert/strict";
import { counted, downloaded, drop, idle, openSample, proceed, slowness, step, until, visit } from "./visit.mjs";

/** What the promise leaves after the engine has had its 150 ms to stop: for the click, the answer and the drawing. */
const PATIENCE_MS = 350;

/**
 * Clicks Cancel as soon as the work that `start` begins is under way, inside the page, and checks that the progress is gone soon:
 * beside a timer of the page’s own that begins with the click and waits as long as the engine may, since both are late where
 * other programs have the processor.
 */
async function cancel(page, start) {
  const cancelled = page.evaluate(
    () =>
      new Promise((settle) => {
        const progress = () => document.querySelector("footer progress");
        const ends = {};
        const end = (what) => {
          ends[what] = performance.now();
          if (ends.progress && ends.timer) settle(ends.progress - ends.timer);
        };
        const watch = () => (progress() ? requestAnimationFrame(watch) : end("progress"));
        const beginning = new MutationObserver(() => {
          if (!(progress()?.value > 0)) return;
          beginning.disconnect();
          setTimeout(() => requestAnimationFrame(() => end("timer")), 150);
          document.querySelector("footer button").click();
          watch();
        });
        beginning.observe(document.body, { subtree: true, childList: true, attributes: true });
      }),
  );
  await start();
  const ms = await cancelled;
  const most = PATIENCE_MS * (await slowness(page));
  assert.ok(ms <= most, `${ms.toFixed(0)} ms after the timer; ${most.toFixed(0)} are fine here`);
  await idle(page);
}

/** The sample with a segment, on the screen of clusters. */
async function begin(browser, address) {
  const { page, errors } = await visit(browser, address);
  await openSample(page);
  await proceed(page);
  await step(page, "Segments");
  await page.click(".examples button >> nth=0");
  await page.waitForSelector("text=In no segment");
  await idle(page);
  const segments = await page.textContent(".segment-list");
  await step(page, "Clusters");
  return { page, errors, segments };
}

export default () => ({
  "during reading": async ({ browser, address }) => {
    const { page, errors } = await visit(browser, address);
    await drop(page, "small.csv", "customer_id,spend\n1,10\n2,20\n3,30\n");
    await page.waitForSelector('h1:has-text("3 customers")');
    await idle(page);
    const before = await page.textContent("main");
    const line = "1001,2026-01-31,87,Stoneware bowl,22.50\n";
    // Made in the page: 120 MB would take long to send there.
    const large = (line) => {
      const file = new File(
        ["order_id,date,customer_id,product,amount\n", ...new Array(60).fill(line.repeat(50_000))],
        "large.csv",
      );
      const transfer = new DataTransfer();
      transfer.items.add(file);
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    };
    await cancel(page, () => page.evaluate(large, line));
    assert.equal(await page.textContent("main"), before);
    assert.match(await page.textContent("header.top"), /small\.csv/);
    await page.click('main button.primary:has-text("Continue")');
    await page.waitForSelector('main h1:not(:has-text("is this what you see"))');
    assert.deepEqual(errors, []);
  },

  "during clustering": async ({ browser, address }) => {
    const { page, errors, segments } = await begin(browser, address);
    await page.waitForSelector("text=Look for clusters");
    const pictures = await page.locator(".shapes").count();
    assert.equal(await page.locator(".feature.on").count(), pictures, "a picture of each chosen column");
    const before = await page.textContent("main");
    await cancel(page, () => page.click("text=Look for clusters"));
    // What was finished already is kept until it is put away.
    const kept = page.locator('button:has-text("Put away")');
    if ((await kept.count()) > 0) await kept.click();
    await idle(page);
    assert.equal(await page.textContent("main"), before);
    await step(page, "Segments");
    assert.equal(await page.textContent(".segment-list"), segments);
    await step(page, "Clusters");
    await page.click("text=Look for clusters");
    await page.waitForSelector(".cluster-cards");
    assert.deepEqual(errors, []);
  },

  "when the engine does not hear, it is started again with everything in it": async ({ browser, address }) => {
    const { page, errors, segments } = await begin(browser, address);
    const [deaf] = page.workers();
    // Settles once the worker has taken the order; from its next task on it hears nothing for a while.
    await deaf.evaluate(() => {
      setTimeout(() => {
        const end = performance.now() + 120_000;
        while (performance.now() < end);
      });
    });
    await page.click("text=Look for clusters");
    await page.waitForSelector("footer progress");
    await page.click('footer button:has-text("Cancel")');
    const began = performance.now();
    await until(() => assert.ok(page.workers().some((worker) => worker !== deaf)));
    assert.ok(performance.now() - began < 100_000, "a fresh worker, long before the old one hears again");
    await idle(page);
    await step(page, "Segments");
    assert.equal(await page.textContent(".segment-list"), segments);
    await page.fill(".rule-text", "frequency >= 2");
    await counted(page);
    await step(page, "Export");
    const { text } = await downloaded(page, () => page.click('button:has-text("Download")'));
    assert.equal(text.trimEnd().split("\n").length, 8001);
    assert.match(await page.textContent(".badge"), /0 requests/);
    assert.deepEqual(errors, []);
  },
});
