// The sixteen wrong inputs, dropped on the page: each says what, where, how many and what share, and the button that mends it can be undone.
import assert from "node:assert/strict";
import { drop, dropAll, idle, plain, proceed, step, table, visit } from "./visit.mjs";

const latin1 = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const two = (number) => String(number).padStart(2, "0");

const finding = (page, text) => page.locator(".report .findings:not(.repairs) > li", { hasText: text });
const heading = (page, text) => page.waitForSelector(`h1:has-text("${text}")`);

/** Drops a file and waits for the check screen. */
async function opened(browser, address, name, bytes, options) {
  const seen = await visit(browser, address, options);
  await drop(seen.page, name, bytes);
  await heading(seen.page, "is this what you see");
  await idle(seen.page);
  return seen;
}

/** Reads the file another way, as the person who knows better would. */
async function readAs(page, name, value) {
  await page.click(".reading summary");
  await page.selectOption(`.reading label:has-text("${name}") select`, value);
  await idle(page);
}

/** A finding has these figures; its rows can be looked at, the first of them being this one. */
async function told(page, text, figures, row) {
  const one = finding(page, text).first();
  await one.waitFor();
  assert.match(await plain(one), figures);
  if (row !== undefined) {
    await one.locator('button:has-text("Show rows")').click();
    assert.equal(await one.locator("tbody th").first().textContent(), row);
  }
  return one;
}

/** Mends it, the way chosen where there are several. */
async function mend(page, one, label) {
  if ((await one.locator("select").count()) > 0) {
    await one.locator("select").selectOption({ label });
    await one.locator('button:has-text("Repair")').click();
  } else await one.locator(`button:has-text("${label}")`).click();
  await page.waitForSelector(".repairs > li");
  await idle(page);
}

async function undo(page) {
  await page.click('.repairs button:has-text("Undo")');
  await page.waitForSelector(".repairs", { state: "detached" });
  await idle(page);
}

export default () => ({
  "an empty file: another is chosen": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await drop(page, "orders.csv", "");
    await page.waitForSelector("[role=alert]");
    assert.match(await page.textContent("[role=alert]"), /“orders\.csv” is empty \(0 bytes\)/);
    const choosing = page.waitForEvent("filechooser");
    await page.click('[role=alert] button:has-text("Choose another file")');
    await (await choosing).setFiles({
      name: "better.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(table("id,city", 9, (row) => `${row},Ulm`)),
    });
    await heading(page, "9 customers");
    assert.equal(await page.locator("[role=alert]").count(), 0);
  },

  "names without rows: the first row is data": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await drop(page, "names.csv", "id,city,amount\n");
    await page.waitForSelector("[role=alert]");
    assert.match(await page.textContent("[role=alert]"), /3 column names but no rows/);
    assert.ok(await page.isVisible('[role=alert] button:has-text("Choose another file")'));
    await page.click('[role=alert] button:has-text("The first row is data")');
    await heading(page, "1 customer");
  },

  "a wrong separator": async ({ browser, address }) => {
    const { page } = await opened(
      browser,
      address,
      "a.csv",
      table("id;city;amount", 40, (row) => `${row};Ulm;${row}.5`),
    );
    await readAs(page, "Values parted by", ",");
    const one = await told(page, "Everything landed in one column", /“;”: 2 in each row.*40 rows, 100\.0 %/, "1");
    await mend(page, one, "Use the semicolon");
    assert.equal(await page.locator(".column-card").count(), 3);
    await undo(page);
    assert.equal(await page.locator(".column-card").count(), 1);
  },

  "a wrong encoding": async ({ browser, address }) => {
    const text = table("id,name", 50, (row) => `${row},${row % 10 === 4 ? "M\xfcller" : "Meyer"}`);
    const { page } = await opened(browser, address, "a.csv", latin1(text));
    await readAs(page, "Encoding", "utf-8");
    const one = await told(page, "could not be decoded", /5 rows, 10\.0 %/, "5");
    await mend(page, one, "Read again as windows-1252");
    assert.match(await page.textContent(".repairs"), /5 rows have another value/);
    assert.equal(await finding(page, "could not be decoded").count(), 0);
    await undo(page);
    assert.equal(await finding(page, "could not be decoded").count(), 1);
  },

  "ragged rows": async ({ browser, address }) => {
    const text = table("id,address,amount", 100, (row) => `${row},Main St${row % 25 === 9 ? ", 4" : ""},${row}`);
    const { page } = await opened(browser, address, "a.csv", text);
    const one = await told(page, "more cells than there are columns", /4 rows, 4\.0 %/, "10");
    await mend(page, one, "Set these rows aside");
    await heading(page, "96 customers");
    await undo(page);
    await heading(page, "100 customers");
  },

  "dates that do not fit": async ({ browser, address }) => {
    const text = table(
      "id,order_date",
      100,
      (row) => `${row},${row === 76 ? "31/02/2026" : `${two(1 + (row % 28))}/03/2026`}`,
    );
    const { page } = await opened(browser, address, "a.csv", text);
    const one = await told(page, "no days that exist", /“31\/02\/2026” in row 77.*1 row, 1\.0 %.*RFM/, "77");
    await mend(page, one, "Leave out rows without a value");
    await heading(page, "99 customers");
    await undo(page);
    await mend(page, finding(page, "no days that exist").first(), "Read as month, day, year");
    assert.match(await plain(finding(page, "no days that exist").first()), /52 rows, 52\.0 %/);
    await undo(page);
  },

  "two decimal marks": async ({ browser, address }) => {
    const text = table("id;amount", 100, (row) => `${row};${row % 20 === 3 ? `${row},234.50` : `${row}.234,50`}`);
    const { page } = await opened(browser, address, "a.csv", text);
    const one = await told(page, "decimals with a comma (94", /with a point \(5.*5 rows, 5\.0 %/, "4");
    await mend(page, one, "Read with the point (1234.5)");
    assert.match(await plain(page.locator(".repairs")), /99 rows have another value.*99 changes/);
    await told(page, "decimals with a point (5", /94 rows, 94\.0 %/);
    await undo(page);
    await told(page, "decimals with a comma (94", /5 rows/);
  },

  "text among numbers": async ({ browser, address }) => {
    const text = table("id,amount", 100, (row) => `${row},${row % 25 === 8 ? "ask" : row * 1.5}`);
    const { page } = await opened(browser, address, "a.csv", text);
    const one = await told(page, "holds numbers, but", /“ask” in row 9.*4 rows, 4\.0 %/, "9");
    await mend(page, one, "Fill with 0");
    assert.match(await plain(page.locator(".repairs")), /4 missing values of “amount” are now “0”/);
    assert.equal(await finding(page, "holds numbers, but").count(), 0);
    await undo(page);
    await mend(page, finding(page, "holds numbers, but").first(), "Read as text");
    await undo(page);
  },

  "ids that come again": async ({ browser, address }) => {
    const text = table("customer_id,city", 100, (row) => `${row % 90},${row < 90 ? "Ulm" : "Bonn"}`);
    const { page } = await opened(browser, address, "a.csv", text);
    const one = await told(page, "repeats in 10 of 100 rows", /10 rows, 10\.0 %/, "91");
    await mend(page, one, "Yes, one row is one order");
    await heading(page, "100 order lines");
    await undo(page);
    await mend(page, finding(page, "repeats in 10 of 100 rows").first(), "Keep the last row of each");
    await heading(page, "90 customers");
    await undo(page);
    await heading(page, "100 customers");
  },

  "ids that a spreadsheet rounded": async ({ browser, address }) => {
    const text = table("customer_id,city", 50, (row) => `${row % 5 === 0 ? "4.90151E+12" : `49015${row}`},Ulm`);
    const { page } = await opened(browser, address, "a.csv", text);
    const one = await told(page, "a spreadsheet rounded them", /Export that column as text.*10 rows, 20\.0 %/, "1");
    await mend(page, one, "Treat as missing");
    assert.equal(await finding(page, "a spreadsheet rounded them").count(), 0);
    await undo(page);
    assert.equal(await finding(page, "a spreadsheet rounded them").count(), 1);
  },

  "several currencies": async ({ browser, address }) => {
    const text = table(
      "order_id,customer_id,order_date,amount,currency",
      100,
      (row) => `o${row},c${row % 30},2026-01-${two(1 + (row % 28))},${row},${row % 10 === 0 ? "USD" : "EUR"}`,
    );
    const { page } = await opened(browser, address, "a.csv", text);
    const one = await told(page, "2 currencies in “currency”", /EUR 90\.0 %, USD 10\.0 %.*10 rows, 10\.0 %/, "1");
    await mend(page, one, "Keep EUR only");
    await heading(page, "90 order lines");
    await undo(page);
    await heading(page, "100 order lines");
  },

  "too little spread for scores": async ({ browser, address }) => {
    const text = table(
      "order_id,customer_id,order_date,amount",
      110,
      (row) => `o${row},c${row % 100},2026-01-${two(1 + (row % 28))},${row}`,
    );
    const { page } = await opened(browser, address, "a.csv", text);
    await proceed(page);
    const note = page.locator(".note.warning", { hasText: "Scores need spread" });
    assert.match(await plain(note), /90 customers \(90\.0 %\).*2 levels of 5/);
    await note.locator('button:has-text("Score from 1 to 2 instead")').click();
    await page.waitForSelector("text=Scores go from 1 to 2");
    assert.equal(await note.count(), 0);
    await page.click('button:has-text("Undo: score from 1 to 5")');
    await note.waitFor();
  },

  "customers without clusters": async ({ browser, address }) => {
    let seed = 7;
    const next = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const text = table("a,b,c,d", 600, () => [next(), next(), next(), next()].join(","));
    const { page } = await opened(browser, address, "a.csv", text);
    await proceed(page);
    await step(page, "Clusters");
    await page.click("text=Look for clusters");
    await page.waitForSelector(".cluster-cards");
    assert.match(await page.textContent("main h1"), /No clear clusters|with doubt/);
    assert.match(await page.textContent("main header"), /\d/);
    if (/No clear/.test(await page.textContent("main h1"))) {
      await page.click('main .note button:has-text("Write a rule")');
      await heading(page, "Write a rule");
    }
  },

  "a file that needs too much memory is asked about before it is read": async ({ browser, address }) => {
    const init = () => Object.defineProperty(navigator, "deviceMemory", { value: 0.015 });
    const { page } = await visit(browser, address, { init });
    const text = table("id,city,note,amount", 60_000, (row) => `${row},Ulm${row},note ${row},${row}`);
    await drop(page, "big.csv", text);
    await page.waitForSelector("#memory-title");
    assert.match(await page.textContent("#memory-title"), /needs about [\d.]+ MB; this tab can use about 4\.0 MB/);
    assert.equal(await page.locator("footer progress").count(), 0, "nothing is read yet");
    assert.ok((await page.locator(".cells tbody tr").count()) >= 8, "the beginning is shown");
    const boxes = page.locator(".memory input");
    assert.equal(await boxes.count(), 4);
    for (let at = 0; at < 4; at++) await boxes.nth(at).setChecked(at === 0 || at === 3);
    assert.match(await plain(page.locator(".memory [role=status]")), /2 columns: about .* saved/);
    await page.click('button:has-text("Read with 2 columns")');
    await heading(page, "60,000 customers");
    assert.equal(await page.locator(".column-card").count(), 4);
    assert.equal(await page.locator(".column-card", { hasText: "not kept in memory" }).count(), 2);
    await proceed(page);
    await step(page, "File");
    await drop(page, "big.csv", text);
    await page.waitForSelector("#memory-title");
    await page.click('.memory button:has-text("Cancel")');
    await heading(page, "Cut your customer file");
  },

  "a workbook under a password": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    const head = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...new Uint8Array(512)];
    await drop(page, "kunden.xlsx", Buffer.concat([Buffer.from(head), Buffer.from("EncryptedPackage", "utf16le")]));
    await page.waitForSelector("[role=alert]");
    assert.match(await page.textContent("[role=alert]"), /password.*Remove it in your spreadsheet program/);
    assert.ok(await page.isVisible('[role=alert] button:has-text("Choose another file")'));
  },

  "an old project that expects another column": async ({ browser, address }) => {
    const rule = (field, operator, value) => ({ combinator: "and", rules: [{ field, operator, value }] });
    const project = {
      version: 1,
      columns: [{ name: "Umsatz", type: "number", role: "amount" }],
      groupings: [],
      repairs: ["revenue", "Umsatz"].map((column) => ({ code: "drop-missing", column })),
      segments: [
        { name: "Big", rule: rule("Umsatz", ">", 10) },
        { name: "Small", rule: rule("Umsatz", "<=", 10) },
        { name: "First", rule: rule("customer_id", "=", "0") },
      ],
    };
    const { page } = await visit(browser, address);
    await dropAll(page, [
      ["shop-recipe.json", JSON.stringify(project)],
      ["new.csv", table("customer_id,revenue", 30, (row) => `${row},${row}`)],
    ]);
    await heading(page, "30 customers");
    assert.match(await page.textContent("main"), /“shop-recipe\.json” holds 3 segments and groupings/);
    await page.click('main button.primary:has-text("Continue")');
    await page.waitForSelector("#project-title");
    assert.match(await plain(page.locator("#project-title")), /^2 of 3 parts \(66\.7 %\) of shop-recipe\.json wait/);
    const note = page.locator("section:has(#project-title)");
    assert.match(await note.textContent(), /expects the column “Umsatz”, which this file lacks\. Big, Small use it/);
    assert.equal(await note.locator("select").inputValue(), "revenue", "what means the same is offered first");
    await note.locator('button:has-text("Map “Umsatz”")').click();
    await page.waitForSelector("text=3 parts of shop-recipe.json made again");
    assert.match(await note.textContent(), /Repair drop-missing: not made on “Umsatz” of this file/);
    assert.ok(!/“revenue” of this file/.test(await note.textContent()), "what can be made on this file is made");
    assert.match(await page.textContent(".segment-list"), /Big\s*19/);
    await page.click('button:has-text("Undo: ask again")');
    await page.waitForSelector("text=wait for a column");
    await note.locator('button:has-text("Skip 2 parts")').click();
    await page.waitForSelector("text=Left out: Big, Small");
    assert.ok(!/Big/.test(await page.textContent(".segment-list")));
  },
});
