// Every table of the shared test data, dropped on the page; and files that are none.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { drop, idle, visit } from "./visit.mjs";

/** Rows and columns as the folder's README states them. */
const TABLES = {
  "CDNOW_sample.txt": [6919, 5],
  "bank_additional.csv": [4119, 21],
  "carcinoma.csv": [118, 7],
  "cdnow_customers_summary.csv": [2357, 4],
  "cdnow_customers_summary_with_transactions.csv": [2357, 5],
  "consumer_segments_simulated.csv": [300, 7],
  "iris.csv": [150, 5],
  "mall_customers.csv": [200, 5],
  "rfm_data_orders.csv": [4906, 6],
  "soybean_small.csv": [47, 36],
  "stocks.csv": [12, 4],
  "telco_customer_churn.csv": [7043, 21],
  "values.csv": [216, 4],
  "wholesale_customers.csv": [440, 8],
  "wine.csv": [178, 14],
};

export default (root) => {
  const data = join(root, "..", "shared", "data");
  const tests = {};
  for (const [name, [rows, columns]] of Object.entries(TABLES)) {
    tests[`${name} has ${rows} rows and ${columns} columns`] = async ({ browser, address }) => {
      const file = join(data, name);
      if (!existsSync(file)) return `${name} is not here`;
      const { page, errors, violations } = await visit(browser, address);
      await drop(page, name, readFileSync(file));
      await page.waitForSelector('h1:has-text("is this what you see")');
      const heading = await page.textContent("h1");
      assert.match(heading, new RegExp(`^${rows.toLocaleString("en")} `), heading);
      assert.equal(await page.locator(".column-card").count(), columns);
      assert.deepEqual(errors, []);
      assert.deepEqual(await violations(), []);
    };
  }
  tests["a workbook opens on the locked page"] = async ({ browser, address }) => {
    const file = join(root, "..", "shared", "suites", "xlsx-calamine", "readings.xlsx");
    if (!existsSync(file)) return "readings.xlsx is not here";
    const { page, errors, violations } = await visit(browser, address);
    await drop(page, "readings.xlsx", readFileSync(file));
    await page.waitForSelector('h1:has-text("is this what you see")');
    assert.deepEqual(errors, []);
    assert.deepEqual(await violations(), []);
  };
  tests["an empty file and a picture are answered in words"] = async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await drop(page, "empty.csv", "");
    await page.waitForSelector("[role=alert]");
    assert.match(await page.textContent("[role=alert]"), /empty/i);
    await page.click('[role=alert] button[aria-label="Dismiss"]');
    await drop(page, "picture.png", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
    await page.waitForSelector("[role=alert]");
    await idle(page);
    assert.ok((await page.textContent("[role=alert]")).length > 20);
    assert.equal(await page.locator('h1:has-text("is this what you see")').count(), 0);
  };
  tests["cells, headers and file names are never markup"] = async ({ browser, address }) => {
    const { page, violations } = await visit(browser, address);
    const evil = '<img src=x onerror="document.title=1">';
    await drop(
      page,
      `${evil.replaceAll(/[\\/]/g, "")}.csv`,
      `customer_id,${evil.replaceAll('"', "'")}\n1,${evil.replaceAll('"', "'")}\n2,=1+1\n`,
    );
    await page.waitForSelector('h1:has-text("is this what you see")');
    assert.equal(await page.locator("main img, header img").count(), 0);
    assert.ok((await page.textContent("main")).includes("<img src=x"));
    assert.deepEqual(await violations(), []);
  };
  return tests;
};
