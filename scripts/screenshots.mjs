// Draws docs/screenshot.png for the README from the built page and its sample, and, when told a folder, every screen
// light and dark, wide and narrow, for looking at:   node scripts/screenshots.mjs [folder]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serve } from "../tests/e2e/server.mjs";
import { FLAGS, NARROW, openSample, proceed, step, visit, WIDE } from "../tests/e2e/visit.mjs";
import { root } from "./run.mjs";
import { findChromium } from "./setup.mjs";

const folder = process.argv[2];
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
  await shot("rfm");
  await step(page, "Segments");
  await page.waitForSelector(".examples");
  await shot("segments-empty");
  for (let number = 0; number < 4; number++) {
    await page.click(".examples button >> nth=0");
    await page.waitForSelector(`button[aria-label^="Remove"] >> nth=${number}`);
  }
  await page.fill(".rule-text", "frequency >= 3 and (recency_days <= 90 or email_consent = 'yes')");
  await page.waitForSelector(".rule-counts:not(.old) .tree");
  await shot("segments");
  await page.fill(".rule-text", "frequency >= 3 and recency_dys <= 90");
  await page.waitForSelector("#rule-errors .bad");
  await shot("segments-error");
  await step(page, "Clusters");
  await page.click("text=Look for clusters");
  await page.waitForSelector(".cluster-cards", { timeout: 120_000 });
  await shot("clusters");
  await step(page, "Profile");
  await page.waitForSelector("table.heat");
  await shot("profile-segment");
  for (const key of ["rfm", "clusters"]) {
    await page.selectOption("main select", key);
    await page.waitForSelector(`h1:has-text("${key === "rfm" ? "RFM groups" : "Clusters"}")`);
    await shot(`profile-${key}`);
  }
  await step(page, "Export");
  await shot("export");
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
        await tour(page, (screen) => whole(page, viewport, name(screen)));
        await close();
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
