// A visit to the page in a fresh browser context, with everything recorded that the promises are about.

export { FLAGS } from "../../scripts/setup.mjs";

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 360, height: 780 };

/** Opens the page; `init` runs in it before anything else. `requests` are all network requests the browser made for it, `violations` the policy's refusals. */
export async function visit(
  browser,
  address,
  { viewport = WIDE, colorScheme = "light", locked = true, init, ...more } = {},
) {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    acceptDownloads: true,
    reducedMotion: "reduce",
    ...more,
  });
  const page = await context.newPage();
  const requests = [];
  const errors = [];
  page.on("request", (request) => /^(http|ws)/.test(request.url()) && requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.addInitScript(() => {
    globalThis.violations = [];
    globalThis.longest = 0;
    addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(event.violatedDirective), true);
    try {
      const note = (list) => {
        for (const task of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, task.duration);
      };
      new PerformanceObserver(note).observe({ type: "longtask" });
    } catch {
      // Workers have no long tasks to observe.
    }
  });
  if (init) await page.addInitScript(init);
  await page.goto(address);
  if (locked) await page.waitForSelector(".badge.locked", { timeout: 30_000 });
  return {
    page,
    requests,
    errors,
    violations: () => page.evaluate(() => globalThis.violations),
    longestTask: () => page.evaluate(() => globalThis.longest),
    close: () => context.close(),
  };
}

/** Moves along the rail of steps. */
export const step = (page, title) => page.click(`nav[aria-label="Steps"] button:has-text("${title}")`);

/** Lets the made-up shop in and waits for the check screen. */
export async function openSample(page) {
  await page.click("text=Try with sample data");
  await page.waitForSelector('h1:has-text("60,000 order lines")', { timeout: 60_000 });
}

/** From the check screen to the study of customers. */
export async function proceed(page) {
  await page.click('main button.primary:has-text("Continue")');
  await page.waitForSelector('main h1:not(:has-text("is this what you see"))', { timeout: 60_000 });
}

/** Drops a file made of `bytes` on the page, as a mouse would. */
export const drop = (page, name, bytes) => dropAll(page, [[name, bytes]]);

/** Drops several files together: each a name and its bytes. */
export async function dropAll(page, files) {
  const transfer = await page.evaluateHandle(
    (files) => {
      const transfer = new DataTransfer();
      for (const [name, base64] of files) {
        const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([data], name));
      }
      return transfer;
    },
    files.map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]),
  );
  await page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}

/** The bytes of what a click downloads, with its name. */
export async function downloaded(page, click) {
  const [download] = await Promise.all([page.waitForEvent("download", { timeout: 60_000 }), click()]);
  const parts = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return { name: download.suggestedFilename(), text: Buffer.concat(parts).toString("utf8") };
}
