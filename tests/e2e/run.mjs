// Every promise of the page, tried in Chromium on the built page (www/dist, or the folder given as argument).
// Prints one line a test and ends with "N passed, N failed, N skipped"; the exit code is 1 when one failed. Lines that begin
// with "again" are tests that failed and passed at a second attempt, with what went wrong at the first.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";
import { FLAGS } from "./visit.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = resolve(process.argv[2] ?? join(root, "www", "dist"));
const wanted = process.argv[3] ?? "";
const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
if (!existsSync(join(folder, "index.html"))) {
  console.error(`${folder} holds no built page. Build it with “npx vite build www”.`);
  process.exit(1);
}

const parts = [
  "first-paint",
  "lock",
  "main-job",
  "segments",
  "files",
  "check",
  "inputs",
  "cancel",
  "clusters",
  "changes",
  "value",
  "screens",
  "access",
];
/** Tests of how long something takes, or of what happens meanwhile. */
const TIMED = /^(cancel|main-job|changes):/;

const tests = [];
for (const part of parts) {
  const { default: list } = await import(`./${part}.mjs`);
  for (const [name, run] of Object.entries(await list(root))) tests.push({ name: `${part}: ${name}`, run });
}

/** One go at a test, on a server and in a browser's context of its own. */
async function attempt(browser, run) {
  const server = await serve(folder);
  try {
    const skipped = await run({ browser, server, address: `${server.origin}/` });
    return typeof skipped === "string" ? ["skipped", skipped] : ["passed", ""];
  } catch (error) {
    return ["failed", error instanceof Error ? (error.stack ?? error.message) : String(error)];
  } finally {
    for (const context of browser.contexts()) await context.close();
    await server.close();
  }
}

const counts = { passed: 0, failed: 0, skipped: 0, again: 0 };

/** Tries one test after another in a browser of its own, until none is left. */
async function lane(queue) {
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  for (let test = queue.shift(); test; test = queue.shift()) {
    const began = performance.now();
    let [outcome, why] = await attempt(browser, test.run);
    // A browser on a loaded machine may stumble once. What fails twice has failed; what passes then is told apart, with why.
    if (outcome === "failed" && (await attempt(browser, test.run))[0] === "passed") outcome = "again";
    counts[outcome] += 1;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const reason = why === "" ? "" : `\n        ${why.replaceAll("\n", "\n        ")}`;
    console.log(`${outcome.padEnd(7)} ${test.name} (${seconds} s)${reason}`);
  }
  await browser.close();
}

// What holds how long something takes has the machine to itself. Of the others a browser waits for a quarter of the time.
const [timed, others] = [true, false].map((is) =>
  tests.filter(({ name }) => name.includes(wanted) && TIMED.test(name) === is),
);
await lane(timed);
await Promise.all([lane(others), lane(others)]);
const passed = counts.passed + counts.again;
console.log(`${passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 || passed === 0 ? 1 : 0);
