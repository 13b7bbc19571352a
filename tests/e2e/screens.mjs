// Every screen, light and dark, wide and narrow: axe finds nothing, nothing is cut off sideways.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { counted, drop, dropAll, idle, NARROW, openSample, proceed, step, until, visit, WIDE } from "./visit.mjs";

export const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Looks at the screen there is now. axe runs in its own world, which the page's policy does not bind. */
export async function look(page, name, found) {
  await idle(page);
  // A target that is half below the bars at the edges is no small one.
  await page.evaluate(() => window.scrollTo(0, 0));
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

/** Everything that the screen of clusters can show at once. */
async function nearer(page) {
  await page.click('.card >> nth=0 >> button:has-text("Customers")');
  await page.click('.faces button:has-text("Why?") >> nth=0');
  await page.waitForSelector(".nearness");
  for (const summary of await page.$$("main details:not([open]) > summary")) await summary.click();
  await page.click('button:text-is("Mark off")');
  await page.waitForSelector(".lassoed");
  await page.evaluate(() => window.scrollTo(0, 0));
}

/** Every picture of a screen as its table. */
async function tables(page) {
  for (const button of await page.locator('.figure button:has-text("Table")').all()) await button.click();
  // What is half below the bars at the edges is no small target.
  await page.evaluate(() => window.scrollTo(0, 0));
}

/** Every part of the screen of value. */
async function value(page, found) {
  await step(page, "Value");
  await page.waitForSelector(".value-setup");
  await page.click(".value-setup summary");
  await page.click("text=Check the model");
  await page.waitForSelector('h2:has-text("orders were expected")');
  await page.evaluate(() => window.scrollTo(0, 0));
  await look(page, "value", found);
  await tables(page);
  await look(page, "value as tables", found);
  await page.click('.parts button:has-text("Churn")');
  await page.click('main button.primary:has-text("Foretell")');
  await page.waitForSelector(".drivers");
  await look(page, "churn", found);
  await page.click('.parts button:has-text("Cohorts")');
  await page.waitForSelector("table.cohorts");
  await look(page, "cohorts", found);
  await page.click('.parts button:has-text("Life cycle")');
  await page.waitForSelector('table.groups:has-text("active")');
  await look(page, "life cycle", found);
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
  await page.waitForSelector(".edge >> nth=11");
  for (const summary of [
    ".rfm-setup > summary",
    ".rfm-setup details:not(.own-groups) > summary",
    ".own-groups > summary",
  ])
    await page.click(summary);
  await page.waitForSelector('input[aria-label="Name of group 1"]');
  await page.selectOption("section:has(#agreement-title) select", "groups-6");
  await page.waitForSelector("#agreement-title:has-text('agreement')");
  await page.evaluate(() => window.scrollTo(0, 0));
  await look(page, "RFM", found);
  await tables(page);
  await look(page, "RFM as tables", found);
  const nested = page.locator(".rfm-setup label", { hasText: "Nested:" }).locator("input");
  await nested.check();
  await page.waitForSelector("text=Orders inside the band of recency");
  await look(page, "RFM with nested bands", found);
  await nested.uncheck();
  await page.waitForSelector("text=Orders inside the band of recency", { state: "detached" });
  await value(page, found);
  await step(page, "Segments");
  await page.waitForSelector(".examples button");
  await look(page, "segments, none yet", found);
  await page.click(".templates summary");
  await page.click(".import summary");
  await page.fill(".import textarea", '{"and": [{">=": [{"var": "frequency"}, 3]}, {"nonsense": [1]}]}');
  await page.click("text=Read it");
  await page.waitForSelector(".import .note");
  await look(page, "templates and a rule from elsewhere", found);
  for (let number = 0; number < 3; number++) {
    await page.click(".examples button >> nth=0");
    await page.waitForSelector(`button[aria-label^="Remove"] >> nth=${number}`);
  }
  await page.focus(".rule-text");
  await page.keyboard.type("fre");
  await page.waitForSelector("[role=option]");
  await look(page, "what may come next", found);
  const rule =
    "frequency >= 3 and (email_consent = 'yes' or country in ('DE', 'AT')) and last_order in last 200 days " +
    "and average_order between 1 and 900 and not (country contains 'x' ignoring case or recency_days > tenure_days)";
  await page.fill(".rule-text", rule);
  await page.keyboard.press("Escape");
  await counted(page);
  await page.waitForSelector('.live button:has-text("Why?")');
  await page.click('.live button:has-text("Why?") >> nth=0');
  await page.waitForSelector(".why");
  await look(page, "segments", found);
  await page.click(".row-menu >> nth=1");
  await page.waitForSelector("[role=menuitem]");
  await look(page, "a row’s menu", found);
  await page.click('[role=menuitem]:has-text("Mute")');
  await page.waitForSelector(".muted");
  await look(page, "a muted row", found);
  await page.click(".chip.missing >> nth=0");
  await page.waitForSelector("[role=menuitemradio]");
  await look(page, "missing values", found);
  await page.keyboard.press("Escape");
  await page.click('.group.root > .add-row button:has-text("Orders")');
  await page.click('button:has-text("which orders?")');
  await page.waitForSelector('button:has-text("any orders")');
  await page.click(".sql summary");
  await counted(page);
  await page.click("text=Write SQL");
  await page.waitForSelector(".sql-text");
  for (const title of ["Tiers: one group each", "Left out everywhere", "Values by name"])
    await page.click(`text=${title}`);
  await page.click("text=Make tiers");
  await page.waitForSelector(".tier-sizes .bar");
  await look(page, "orders, SQL, tiers and what holds for all", found);
  await page.fill(".rule-text", "frequency >= 3 and nothing = 1");
  await page.waitForSelector("#rule-errors .bad");
  // A field that is half below the bars at the edges is no small target.
  await page.evaluate(() => window.scrollTo(0, 0));
  await look(page, "segments with an error", found);
  await step(page, "Clusters");
  await page.click("text=Look for clusters");
  await page.waitForSelector(".cluster-cards");
  await look(page, "clusters", found);
  await nearer(page);
  await look(page, "clusters with everything open", found);
  await tables(page);
  await look(page, "clusters as tables", found);
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

/** What is shown for files with something wrong in them, and for two at once. */
async function faults(browser, address, options) {
  const rows = (header, count, row) => [header, ...Array.from({ length: count }, (_, at) => row(at))].join("\n");
  const found = [];
  const { page, errors } = await visit(browser, address, {
    ...options,
    init: () => Object.defineProperty(navigator, "deviceMemory", { value: 0.01 }),
  });
  await page.evaluate(axe);
  await drop(page, "empty.csv", "");
  await page.waitForSelector("[role=alert]");
  await look(page, "problem", found);
  await drop(
    page,
    "large.csv",
    rows("id,city,amount", 40_000, (row) => `${row},Ulm${row},${row}`),
  );
  await page.waitForSelector("#memory-title");
  await look(page, "memory", found);
  await page.click('button:has-text("Read everything all the same")');
  await page.waitForSelector('h1:has-text("40,000 customers")');
  const orders = (row) =>
    `o${row};c${row % 50};0${1 + (row % 9)}/0${1 + (row % 7)}/26;${row},5;${row % 9 ? "EUR" : "USD"}`;
  const customers = (row) => `c${row},a${row}@b.de,${["Ulm", "Bonn", ""][row % 3]}`;
  const columns = [{ name: "Umsatz", type: "number", role: "amount" }];
  const segments = [
    { name: "Big", rule: { combinator: "and", rules: [{ field: "Umsatz", operator: ">", value: 9 }] } },
  ];
  await dropAll(page, [
    ["orders.csv", rows("order_id;customer;order_date;amount;currency", 200, orders)],
    ["customers.csv", rows("id,email,city", 60, customers)],
    ["recipe.json", JSON.stringify({ version: 1, columns, groupings: [], repairs: [], segments })],
  ]);
  await page.waitForSelector("#join-title");
  const mixed = page.locator(".report .findings > li", { hasText: "currencies" });
  await mixed.locator('button:has-text("Show rows")').click();
  await page.waitForSelector("td.marked");
  await mixed.locator('button:has-text("Repair")').click();
  await page.waitForSelector(".repairs > li");
  await page.click(".repairs summary");
  await look(page, "orders with a repair", found);
  await until(async () => assert.equal(await page.evaluate(() => document.activeElement.tagName), "SUMMARY"));
  await page.click('.files button:has-text("customers.csv")');
  await page.waitForSelector('.column-card:has-text("email")');
  await look(page, "customers", found);
  await proceed(page);
  await page.waitForSelector("#project-title");
  await look(page, "project", found);
  await page.click('button:has-text("Map “Umsatz”")');
  await page.waitForSelector("text=made again");
  // The focus stays in place.
  await until(async () => assert.equal(await page.evaluate(() => document.activeElement.id), "project-title"));
  await look(page, "project mapped", found);
  assert.deepEqual([found, errors], [[], []]);
}

export default () => ({
  "axe finds nothing about files with faults, wide and dark": ({ browser, address }) =>
    faults(browser, address, { viewport: WIDE, colorScheme: "dark" }),
  "axe finds nothing about files with faults, narrow and light": ({ browser, address }) =>
    faults(browser, address, { viewport: NARROW, colorScheme: "light" }),
  "axe finds nothing, light": ({ browser, address }) =>
    tour(browser, address, { viewport: WIDE, colorScheme: "light" }),
  "axe finds nothing, dark": ({ browser, address }) => tour(browser, address, { viewport: WIDE, colorScheme: "dark" }),
  "axe finds nothing, narrow and light": ({ browser, address }) =>
    tour(browser, address, { viewport: NARROW, colorScheme: "light" }),
  "axe finds nothing, narrow and dark": ({ browser, address }) =>
    tour(browser, address, { viewport: NARROW, colorScheme: "dark" }),
});
