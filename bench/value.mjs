// Value: three models of purchases and one of spending fitted to all customers of an order log, chosen, and every customer's
// figures; ours in one worker of the browser, lifetimes (Python, NumPy and SciPy, native, one thread) beside it, taking turns.
import { purchases } from "./data.mjs";
import { median, pairwise, takeTurns } from "./figures.mjs";
import { folder } from "./peers.mjs";
import { native } from "./python.mjs";

/** Seconds that the issue allows; and lifetimes waits for no half million. */
const cases = [
  { customers: 23_570, goal: 2, rounds: 5, peer: true },
  { customers: 500_000, goal: 20, rounds: 3, peer: false },
];

export async function run({ browser, quick, log }) {
  const rows = [];
  let versions = {};
  for (const { customers, goal, rounds, peer } of quick ? [{ ...cases[0], rounds: 2 }] : cases) {
    const path = await purchases(customers);
    const page = await browser.page("bench/page/value.js", folder);
    await page.setInputFiles("#file", path);
    const { version, ...about } = await page.evaluate(() => globalThis.prepare());
    log(`prepared: ${JSON.stringify(about)}`);
    const python = peer ? await native("value.py", path) : undefined;
    const turns = {
      marquetry: () => page.evaluate(() => globalThis.value()),
      ...(python && { lifetimes: () => python.ask({}) }),
    };
    const { times, last } = await takeTurns(turns, rounds, log);
    versions = { ...versions, ...python?.about, marquetry: version };
    python?.close();
    await page.close();
    // Answers come before times: both have BG/NBD's r, which the data were made with.
    const ours = last.marquetry.r;
    if (last.lifetimes && !(Math.abs(last.lifetimes.r / ours - 1) < 0.01)) {
      throw new Error(`r is ${ours} here and ${last.lifetimes.r} there`);
    }
    rows.push({
      customers,
      goal,
      ours: median(times.marquetry),
      longest: last.marquetry.longest,
      ...(times.lifetimes && {
        theirs: median(times.lifetimes),
        ratio: pairwise(times.marquetry, times.lifetimes),
      }),
    });
  }
  return { title: "Value of customers", rows, versions };
}
