// Draws docs/screenshot.png for the README from the built page and its sample, and, when told a folder, every screen
// light and dark, wide and narrow, for looking at:   node scripts/screenshots.mjs [folder] [faults]
// (“faults” leaves the main job out and draws only files that have something wrong with them).
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serve } from "../tests/e2e/server.mjs";
import { drop, dropAll, FLAGS, NARROW, openSample, proceed, step, visit, WIDE } from "../tests/e2e/visit.mjs";
import { root } from "./run.mjs";
import { findChromium } from "./setup.mjs";

const [folder, part] = process.argv.slice(2);
/** A machine with next to no memory. */
const small = () => Object.defineProperty(navigator, "deviceMemory", { value: 0.015 });
const server = await serve(join(root, "www", "dist"));
const browser = await chromium.launch({ executablePath: await findChromium(), args: FLAGS });

/** Goes through the main job and calls `shot` with the name of each screen. */
async function tour(page, shot) {
  await shot("start");
  await page.click(".badge");
  await page.click("text=Try to send something");
  await page.waitForSelector("text=tries were refused");
  await shot("privacy");
  await page.keyboard.press("Escape");
  await openSample(page);
  await shot("check");
  await proceed(page);
  await page.waitForSelector(".edge >> nth=11");
  await page.click(".rfm-setup summary");
  await shot("rfm");
  await step(page, "Value");
  await page.waitForSelector(".value-setup", { timeout: 60_000 });
  await page.click("text=Check the model");
  await page.waitForSelector('h2:has-text("orders were expected")', { timeout: 60_000 });
  await shot("value");
  await page.click('.parts button:has-text("Churn")');
  await page.click('main button.primary:has-text("Foretell")');
  await page.waitForSelector(".drivers", { timeout: 120_000 });
  await shot("value-churn");
  await page.click('.parts button:has-text("Cohorts")');
  await page.waitForSelector("table.cohorts", { timeout: 60_000 });
  await shot("value-cohorts");
  await page.click('.parts button:has-text("Life cycle")');
  await page.waitForSelector('table.groups:has-text("active")', { timeout: 60_000 });
  await shot("value-stages");
  await step(page, "Segments");
  await page.waitForSelector(".examples");
  await shot("segments-empty");
  await page.click(".templates summary");
  await shot("segments-templates");
  for (let number = 0; number < 4; number++) {
    await page.click(".examples button >> nth=0");
    await page.waitForSelector(`button[aria-label^="Remove"] >> nth=${number}`);
  }
  const rule =
    "count(orders where category = 'Lighting' in last 200 days) >= 1 and not country = 'Spain' ignoring case";
  await page.fill(".rule-text", `frequency >= 3 and (recency_days <= 90 or email_consent = 'yes') and ${rule}`);
  await page.keyboard.press("Escape");
  await page.waitForSelector(".rule-counts:not(.old)");
  await page.click('.live button:has-text("Why?") >> nth=0');
  await page.waitForSelector(".why");
  await shot("segments");
  await page.click(".row-menu >> nth=1");
  await shot("segments-menu");
  await page.keyboard.press("Escape");
  await page.click(".chip.missing >> nth=0");
  await page.waitForSelector('[role=menuitemradio]:has-text("moves")');
  await shot("segments-missing");
  await page.keyboard.press("Escape");
  await page.click(".sql summary");
  await page.click("text=Write SQL");
  await page.waitForSelector(".sql-text");
  await page.click("text=Tiers: one group each");
  await page.click("text=Make tiers");
  await shot("segments-sql");
  await page.fill(".rule-text", "frequency >= 3 and recency_dys <= 90");
  await page.waitForSelector("#rule-errors .bad");
  await shot("segments-error");
  await step(page, "Clusters");
  await page.click("text=Look for clusters");
  await page.waitForSelector(".cluster-cards", { timeout: 120_000 });
  await shot("clusters");
  await page.click('.card >> nth=0 >> button:has-text("Customers")');
  await page.click('.faces button:has-text("Why?") >> nth=0');
  await page.waitForSelector(".nearness");
  for (const title of ["Alike in", "Method:", "Why not?", "Mark off by numbers"])
    await page.click(`summary:has-text("${title}")`);
  await page.fill('input[aria-label="Across, from"]', "0.5");
  await page.click('button:text-is("Mark off")');
  await page.waitForSelector(".lassoed");
  await shot("clusters-nearer");
  await step(page, "Profile");
  await page.waitForSelector("table.heat");
  await shot("profile-segment");
  for (const key of ["rfm", "clusters"]) {
    await page.selectOption("main select", key);
    await page.waitForSelector(`h1:has-text("${key === "rfm" ? "RFM groups" : "Clusters"}")`);
    await shot(`profile-${key}`);
  }
  await step(page, "Changes");
  await shot("changes-none");
  await page.click('button:text-is("Compare")');
  await page.waitForSelector("table.matrix", { timeout: 120_000 });
  await page.click("text=Draw twelve months");
  await page.waitForSelector('.figure:has-text("Sizes as of")', { timeout: 120_000 });
  await shot("changes");
  await step(page, "Export");
  await page.locator("section:has(#holdout-title)").locator('button:text-is("Draw")').click();
  await page.waitForSelector("#holdout-title:has-text('kept as a control group')");
  await shot("export");
}

const table = (header, rows, row) => [header, ...Array.from({ length: rows }, (_, index) => row(index))].join("\n");
const two = (number) => String(number).padStart(2, "0");

/** Files of one's own with something wrong in them: what is asked, told, mended and joined. */
async function faults(page, shot) {
  await drop(page, "empty.csv", "");
  await page.waitForSelector("[role=alert]");
  await shot("problem");
  const orders = table("order_id;customer;order_date;amount;currency;country;note", 600, (row) => {
    const day = row % 80 === 7 ? "31/02/26" : `${two(1 + (row % 12))}/${two(1 + (row % 9))}/26`;
    const amount = row % 40 === 3 ? `${row},234.50` : `${(row % 50) + 3},5`;
    const country = ["DE", "Germany", "AT", "France"][row % 4];
    return `o${row};c${row % 310};${day};${amount};${row % 9 ? "EUR" : "USD"};${country};${row % 3 ? "" : "n/a"}${row % 90 === 77 ? ";more" : ""}`;
  });
  const customers = table(
    "id,email,phone,gender,city,tags",
    320,
    (row) =>
      `c${row < 290 ? row : row + 100},a${row % 300}@shop.de,030 1234${row},${"fm"[row % 2]},${["Bonn", "Ulm", ""][row % 3]},"vip, ${["new", "old"][row % 2]}"`,
  );
  await dropAll(page, [
    ["customers.csv", customers],
    ["orders.csv", orders],
  ]);
  await page.waitForSelector("#join-title");
  await page.waitForSelector('.column-card:has-text("country") .shares');
  await page
    .locator(".report .findings > li", { hasText: "currencies" })
    .locator('button:has-text("Show rows")')
    .click();
  await page.waitForSelector("td.marked");
  await shot("check-orders");
  await page.locator(".report li", { hasText: "no days that exist" }).locator('button:has-text("Repair")').click();
  await page.waitForSelector(".repairs > li");
  await page.click(".repairs summary");
  await shot("check-repaired");
  await page.click('.files button:has-text("customers.csv")');
  await page.waitForSelector('.column-card:has-text("city") .shares');
  await shot("check-customers");
  const rule = (field, value) => ({ combinator: "and", rules: [{ field, operator: ">=", value }] });
  const segments = ["Big", "Very big"].map((name, at) => ({ name, rule: rule("Umsatz", 20 + 20 * at) }));
  const columns = [{ name: "Umsatz", type: "number", role: "amount" }];
  const project = { version: 1, columns, groupings: [], repairs: [], segments };
  await drop(page, "shop-recipe.json", JSON.stringify(project));
  await page.waitForSelector("text=are made again when you continue");
  await proceed(page);
  await page.waitForSelector("#project-title");
  await shot("project");
  await page.click('button:has-text("Map “Umsatz”")');
  await page.waitForSelector("text=made again");
  await shot("project-mapped");
  await step(page, "RFM");
  await page.waitForSelector("table.groups");
  await shot("rfm-few-levels");
}

/** A file that needs more memory than this tab has, and the beginning of one that is being read. */
async function large(page, shot) {
  const text = table(
    "id,country,city,email,note,amount",
    40_000,
    (row) => `${row},DE,Ulm${row},a${row}@b.de,note ${row},${row}`,
  );
  await drop(page, "large.csv", text);
  await page.waitForSelector("#memory-title");
  await shot("memory");
}

/** The whole height of the page in one picture, with the status line at its foot. */
async function whole(page, viewport, path) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: viewport.width, height: Math.max(viewport.height, height) });
  await page.waitForTimeout(150);
  await page.screenshot({ path });
  await page.setViewportSize(viewport);
}

try {
  if (folder) {
    mkdirSync(folder, { recursive: true });
    for (const viewport of [WIDE, NARROW]) {
      for (const colorScheme of ["light", "dark"]) {
        const { page, close } = await visit(browser, server.origin, { viewport, colorScheme });
        const name = (screen) => join(folder, `${screen}-${viewport.width}-${colorScheme}.png`);
        const shot = (screen) => whole(page, viewport, name(screen));
        if (part !== "faults") await tour(page, shot);
        await close();
        for (const more of [faults, large]) {
          const { page, close } = await visit(browser, server.origin, {
            viewport,
            colorScheme,
            init: more === large && small,
          });
          await more(page, (screen) => whole(page, viewport, name(screen)));
          await close();
        }
      }
    }
  } else {
    const { page } = await visit(browser, server.origin, { viewport: { width: 1360, height: 880 } });
    await openSample(page);
    await proceed(page);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(root, "docs", "screenshot.png") });
  }
} finally {
  await browser.close();
  await server.close();
}
