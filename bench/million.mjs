// A million customers: file → RFM grid → two rule segments → clusters → CSV, with an eye on the main thread.
import { statSync } from "node:fs";
import { customers } from "./data.mjs";

export async function run({ browser, quick, log }) {
  const n = quick ? 50_000 : 1_000_000;
  const path = await customers(n);
  const megabytes = (statSync(path).size / 1e6).toFixed(0);
  const page = await browser.page("bench/page/million.js");
  await page.setInputFiles("#file", path);
  const result = await page.evaluate(() => globalThis.run());
  await page.close();
  log(JSON.stringify(result));
  return {
    title: `${n.toLocaleString("en")} generated customers in Chromium`,
    versions: { marquetry: result.version },
    about: `A generated CSV of ${megabytes} MB and 12 columns, through the package in its worker.`,
    ...result,
  };
}
