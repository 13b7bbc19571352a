// A visit to the page in a fresh browser context, with everything recorded that the promises are about.

export { FLAGS } from "../../scripts/setup.mjs";

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 360, height: 780 };

/** How long anything is waited for: a slow machine is no fault of the page. */
export const PATIENCE = 180_000;

/** Milliseconds by which the engine's answers come late to the page: a test that looks too early then fails on any machine. */
const LATE = Number(process.env.LATE ?? 0);

/**
 * Runs in the page before its scripts. Counts what engines were asked and have not answered, lets their answers come late,
 * and notes what the policy refuses.
 */
function watch(late) {
  globalThis.violations = [];
  addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(event.violatedDirective), true);
  const open = new Set();
  let workers = 0;
  globalThis.unanswered = () => open.size;
  globalThis.Worker = class extends Worker {
    #name = `worker ${++workers}, call `;
    postMessage(message, ...transfer) {
      if (message?.type === "call") open.add(this.#name + message.id);
      super.postMessage(message, ...transfer);
    }
    get onmessage() {
      return super.onmessage;
    }
    set onmessage(hear) {
      super.onmessage = (event) => {
        const { type, id } = event.data ?? {};
        const deliver = () => {
          if (type === "result" || type === "error") open.delete(this.#name + id);
          hear?.call(this, event);
        };
        if (late > 0) setTimeout(deliver, late);
        else deliver();
      };
    }
    terminate() {
      for (const call of open) if (call.startsWith(this.#name)) open.delete(call);
      super.terminate();
    }
  };
}

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
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const requests = [];
  const errors = [];
  page.on("request", (request) => /^(http|ws)/.test(request.url()) && requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.addInitScript(watch, LATE);
  if (init) await page.addInitScript(init);
  await page.goto(address);
  if (locked) await page.waitForSelector(".badge.locked");
  return {
    page,
    requests,
    errors,
    violations: () => page.evaluate(() => globalThis.violations),
    close: () => context.close(),
  };
}

/** Waits until a check no longer throws; what it threw last is thrown when patience ends. */
export async function until(check) {
  for (const end = performance.now() + PATIENCE; ; ) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((settle) => setTimeout(settle, 50));
    }
  }
}

/** Waits until the engine has answered everything, no work is under way, and what came of it is drawn. */
export async function idle(page) {
  await page.evaluate(() => {
    globalThis.stillFrames = 0;
  });
  await page.waitForFunction(() => {
    const busy = globalThis.unanswered() > 0 || document.querySelector("footer progress") !== null;
    globalThis.stillFrames = busy ? 0 : globalThis.stillFrames + 1;
    return globalThis.stillFrames > 3;
  });
}

/** How many times as long as on the machine where limits were set a fixed piece of work takes the page here, at best. */
export async function slowness(page) {
  const ms = await page.evaluate(() => {
    const times = Array.from({ length: 20 }, (_, run) => {
      const began = performance.now();
      let state = run;
      for (let round = 0; round < 3_000_000; round++) state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      globalThis.kept = state;
      return performance.now() - began;
    });
    return Math.min(...times);
  });
  return Math.max(1, ms / 3);
}

/**
 * Milliseconds of the processor's time that the longest task of the page's main thread took during `work`, as on the machine
 * where limits were set. Time in which other programs had the processor does not count.
 */
export async function longestTask(page, work) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString("utf8"));
  const thread = ({ pid, tid }) => `${pid} ${tid}`;
  const main = new Set(traceEvents.filter(({ args }) => args?.name === "CrRendererMain").map(thread));
  const tasks = traceEvents.filter((event) => event.name === "RunTask" && main.has(thread(event)));
  if (tasks.length === 0) throw new Error("The browser told of no task.");
  // Now and then a task is told without the processor's time: then the clock's is all there is. One that was not over has neither.
  const longest = tasks.reduce((most, { tdur, dur }) => Math.max(most, tdur ?? dur ?? 0), 0);
  return longest / 1000 / (await slowness(page));
}

/** Moves along the rail of steps, and waits until the screen has come to rest. */
export async function step(page, title) {
  await page.click(`nav[aria-label="Steps"] button:has-text("${title}")`);
  await idle(page);
}

/** Lets the made-up shop in and waits for the check screen. */
export async function openSample(page) {
  await page.click("text=Try with sample data");
  await page.waitForSelector('h1:has-text("60,000 order lines")');
  await idle(page);
}

/** From the check screen to the study of customers. */
export async function proceed(page) {
  await page.click('main button.primary:has-text("Continue")');
  await page.waitForSelector('main h1:not(:has-text("is this what you see"))');
  await idle(page);
}

/** Waits until the rule that is written is counted. */
export async function counted(page) {
  await page.waitForSelector(".rule-counts:not(.old)");
  await idle(page);
}

/** The first number in a text, its thousands ungrouped. */
export const first = (text) => Number(text.match(/\d[\d,]*/)[0].replaceAll(",", ""));

/** A part’s text; percent signs stand after a blank that does not break. */
export const plain = async (locator) => (await locator.textContent()).replaceAll("\u00a0", " ");

/** Presses Tab until what is focused has this name; it may be there already. */
export async function tabTo(page, name, key = "Tab") {
  for (let presses = 0; presses < 150; presses++) {
    const found = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement.getAttribute("aria-label") ?? activeElement.textContent.trim();
    });
    if (name.test(found)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab never reached ${name}`);
}

/** A file of rows, each made from its number. */
export const table = (header, rows, row) =>
  [header, ...Array.from({ length: rows }, (_, index) => row(index))].join("\n");

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
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  const parts = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return { name: download.suggestedFilename(), text: Buffer.concat(parts).toString("utf8") };
}
