// The check-and-map screen: what is wrong with a file is told with its rows, mended, and taken back; two files are joined.
import assert from "node:assert/strict";
import { dropAll, idle, plain, proceed, step, table, visit } from "./visit.mjs";

const DAY = (row) => `2026-0${1 + (row % 6)}-${String(1 + (row % 28)).padStart(2, "0")}`;

const ORDERS = table("order_id,customer,date,amount,currency,country", 400, (row) => {
  const country = ["DE", "Germany", "AT", "France"][row % 4];
  return `o${row},c${row % 110},${DAY(row)},${(row % 50) + 3.5},${row % 9 ? "EUR" : "USD"},${country}${row % 100 === 77 ? ",more" : ""}`;
});
const CUSTOMERS = table(
  "id,email,gender,city",
  120,
  (row) => `c${row < 100 ? row : row + 100},a${row}@shop.de,${"fm"[row % 2]},${["Bonn", "Ulm"][row % 2]}`,
);

const finding = (page, text) => page.locator(".report .findings > li", { hasText: text });

/** Customers and orders, dropped together. */
async function both(browser, address) {
  const visited = await visit(browser, address);
  await dropAll(visited.page, [
    ["customers.csv", CUSTOMERS],
    ["orders.csv", ORDERS],
  ]);
  await visited.page.waitForSelector("#join-title");
  await idle(visited.page);
  return visited;
}

export default () => ({
  "a finding shows n, share, effect and rows; its repair is logged, undone and made again": async ({
    browser,
    address,
  }) => {
    const { page, errors, violations } = await visit(browser, address);
    await dropAll(page, [["orders.csv", ORDERS]]);
    await page.waitForSelector('h1:has-text("400 order lines")');
    const mixed = finding(page, "currencies in “currency”");
    assert.match(await plain(mixed), /45 rows, 11\.3 % · touches RFM, rules, clusters/);
    await mixed.locator('button:has-text("Show rows")').click();
    assert.equal(await mixed.locator("td.marked").first().textContent(), "USD");
    assert.equal(await mixed.locator("tbody tr").count(), 5);
    const choice = mixed.locator("select");
    await choice.selectOption({ label: "Keep EUR only" });
    await mixed.locator('button:has-text("Repair")').click();
    await page.waitForSelector('h1:has-text("355 order lines")');
    assert.equal(await finding(page, "currencies in “currency”").count(), 0, "what was mended is told no more");
    await finding(page, "more cells").locator('button:has-text("Set these rows aside")').click();
    await page.waitForSelector('h1:has-text("351 order lines")');
    assert.equal(await page.locator(".repairs > li").count(), 2);
    // The first repair is taken back, the second stays.
    await page.click('.repairs > li:first-child button:has-text("Undo")');
    await page.waitForSelector('h1:has-text("396 order lines")');
    await page.click('.repairs button:has-text("Undo")');
    await page.waitForSelector('h1:has-text("400 order lines")');
    assert.equal(await page.locator(".repairs").count(), 0);
    assert.deepEqual([errors, await violations()], [[], []]);
  },

  "a question stays after its answer and can be answered anew": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await dropAll(page, [
      [
        "days.csv",
        table("id,order_date,amount", 60, (row) => `${row},0${1 + (row % 9)}/0${1 + (row % 7)}/2026,${row}`),
      ],
    ]);
    await page.waitForSelector("fieldset.question");
    for (const [choice, sample] of [
      ["month, day, year", "2026-09-06"],
      ["day, month, year", "2026-07-08"],
    ]) {
      await page.check(`fieldset.question label:has-text("${choice}") input`);
      await page.waitForSelector(`fieldset.question label:has-text("${choice} (your choice)")`);
      await idle(page);
      assert.equal(await page.inputValue("#reference"), sample);
      assert.equal(
        await page.locator(".repairs > li").count(),
        1,
        "an answer is a repair, and replaces the one before",
      );
    }
    await page.click('.repairs button:has-text("Undo")');
    await page.waitForSelector('fieldset.question label:has-text("(taken)")');
    assert.equal(await page.locator("fieldset.question").count(), 1);
  },

  "names without rows are opened as data where the person says so": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await dropAll(page, [["names.csv", "id,city,amount\n"]]);
    await page.click('[role=alert] button:has-text("The first row is data")');
    await page.waitForSelector('h1:has-text("1 customer")');
  },

  "customers and orders dropped together are joined": async ({ browser, address }) => {
    const { page, errors } = await both(browser, address);
    assert.match(await page.textContent("h1"), /^400 order lines/, "the orders lead, whichever came first");
    assert.equal(await plain(page.locator("#join-title")), "92.5 % of order lines find a customer; 30 do not");
    assert.match(await page.textContent(".join"), /20 customers of the list have no order/);
    await proceed(page);
    await step(page, "Clusters");
    await step(page, "Export");
    assert.ok((await page.textContent("main")).includes("gender"), "columns of the list are there after the fold");
    assert.deepEqual(errors, []);
  },

  "both of two files have their cards, findings and repairs": async ({ browser, address }) => {
    const { page, errors } = await both(browser, address);
    const files = page.locator(".files button");
    assert.deepEqual(await files.evaluateAll((all) => all.map((one) => one.getAttribute("aria-pressed"))), [
      "true",
      "false",
    ]);
    await files.filter({ hasText: "customers.csv" }).click();
    await page.waitForSelector('h1:has-text("120 customers")');
    assert.equal(await page.locator(".column-card").count(), 4);
    await page.waitForSelector('.column-card:has-text("city") .shares');
    await page.selectOption('select[aria-label="Meaning of gender"]', "psychographic");
    await idle(page);
    await page.waitForSelector('.column-card:has-text("gender"):has-text("as you said")');
    await finding(page, "“email” names people").locator('button:has-text("Remove the column")').click();
    await page.waitForSelector(".repairs > li");
    assert.equal(await page.locator(".column-card").count(), 3);
    // A role that is changed reads the file again, and the repair is made again.
    await page.selectOption('select[aria-label="Meaning of city"]', "region");
    await idle(page);
    await page.waitForSelector('.column-card:has-text("city"):has-text("as you said")');
    assert.equal(await page.locator(".repairs > li").count(), 1);
    assert.equal(await page.locator(".column-card").count(), 3);
    await files.filter({ hasText: "orders.csv" }).click();
    await page.waitForSelector('h1:has-text("400 order lines")');
    assert.equal(await page.locator(".repairs").count(), 0, "repairs belong to one file");
    assert.equal(await plain(page.locator("#join-title")), "92.5 % of order lines find a customer; 30 do not");
    await page.click("text=Show what is left over");
    await proceed(page);
    await step(page, "Export");
    const text = await page.textContent("main");
    assert.ok(text.includes("gender") && !text.includes("email"), "what was repaired is what is joined");
    assert.deepEqual(errors, []);
  },

  "the beginning of a long file is shown while the rest is read, and Cancel brings back what was there": async ({
    browser,
    address,
  }) => {
    const { page } = await visit(browser, address);
    await dropAll(page, [["orders.csv", ORDERS]]);
    await page.waitForSelector('h1:has-text("400 order lines")');
    // Looked at and stopped at once, inside the page: on a busy machine the file could be read before a click comes.
    const shown = page.evaluate(
      () =>
        new Promise((settle) => {
          const watching = new MutationObserver(() => {
            if (!document.querySelector("main h1")?.textContent.includes("long.csv: about 1,")) return;
            watching.disconnect();
            settle(document.querySelectorAll(".cells tbody tr").length);
            [...document.querySelectorAll("main button")].find((one) => one.textContent.includes("Cancel")).click();
          });
          watching.observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
    );
    await page.evaluate(() => {
      const rows = Array.from(
        { length: 1_500_000 },
        (_, row) => `o${row},c${row % 90_000},2026-01-0${1 + (row % 9)},${row % 97}.5`,
      );
      const transfer = new DataTransfer();
      transfer.items.add(new File([`order_id,customer,date,amount\n${rows.join("\n")}\n`], "long.csv"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
    });
    assert.equal(await shown, 50, "rows of the beginning");
    await page.waitForSelector('h1:has-text("400 order lines")');
    await idle(page);
    assert.equal(await page.locator(".column-card").count(), 6);
  },
});
