// RFM as a person sets it, and the screen of value: what customers will bring.
import assert from "node:assert/strict";
import { axe, look } from "./screens.mjs";
import { counted, downloaded, drop, first, idle, openSample, proceed, step, table, until, visit } from "./visit.mjs";

/** The sample, folded, on the screen of RFM with its edges. */
async function begin(browser, address, options) {
  const visited = await visit(browser, address, options);
  await openSample(visited.page);
  await proceed(visited.page);
  await visited.page.waitForSelector(".edge >> nth=11");
  await idle(visited.page);
  return visited;
}

/** Everything that the grid and the groups say. */
const shown = (page) =>
  page.evaluate(() => ({
    grid: document.querySelector(".figure .chart svg").textContent,
    groups: document.querySelector("table.groups").textContent,
    edges: [...document.querySelectorAll("fieldset.edges input")].map((field) => field.value),
  }));

async function exported(page) {
  await step(page, "Export");
  const { text } = await downloaded(page, () => page.click('button:has-text("Download")'));
  await step(page, "RFM");
  await page.waitForSelector(".edge");
  return text;
}

const field = (page, name) => page.locator(`input[aria-label="${name}"]`);

/** The screen of value with its first estimate. */
async function estimated(browser, address, options) {
  const visited = await begin(browser, address, options);
  await step(visited.page, "Value");
  await visited.page.waitForSelector(".value-setup");
  await idle(visited.page);
  return visited;
}

export default () => ({
  "an edge moved by key and by number gives the same grid, groups and export": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    const name = "Frequency: edge between F2 and F3";
    const [before, file] = [await shown(page), await exported(page)];
    await page.focus('[role=slider][aria-label="Edge between F2 and F3"]');
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(
      ([name, was]) => document.querySelector(`input[aria-label="${name}"]`).value !== was,
      [name, before.edges[5]],
    );
    await idle(page);
    const [byKey, keyed] = [await shown(page), await exported(page)];
    assert.notEqual(byKey.grid, before.grid);
    assert.notEqual(keyed, file);
    await page.click('fieldset.edges button:has-text("back to the edges")');
    await page.waitForSelector('fieldset.edges button:has-text("back to the edges")', { state: "detached" });
    await idle(page);
    assert.deepEqual(await shown(page), before);
    await field(page, name).fill(byKey.edges[5]);
    await field(page, name).press("Enter");
    await page.waitForSelector('fieldset.edges button:has-text("back to the edges")');
    await idle(page);
    assert.deepEqual(await shown(page), byKey);
    assert.equal(await exported(page), keyed);
    assert.deepEqual(errors, []);
  },

  "an edge is dragged to a value that a customer has": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    const name = "Recency: edge between R4 and R3";
    const was = await field(page, name).inputValue();
    const knob = page.locator('[role=slider][aria-label="Edge between R4 and R3"] .knob');
    await knob.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await knob.boundingBox();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 40, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(
      ([name, was]) => document.querySelector(`input[aria-label="${name}"]`).value !== was,
      [name, was],
    );
    const now = Number(await field(page, name).inputValue());
    assert.ok(now > Number(was) && Number.isInteger(now), `${was} → ${now}`);
    assert.deepEqual(errors, []);
  },

  "an edge that would pass its neighbours is refused, and nothing changes": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    const before = await shown(page);
    await field(page, "Frequency: edge between F2 and F3").fill("0.5");
    await page.keyboard.press("Tab");
    const message = () => field(page, "Frequency: edge between F2 and F3").evaluate((one) => one.validationMessage);
    await until(async () => assert.match(await message(), /must not pass/));
    await idle(page);
    const { grid, groups } = await shown(page);
    assert.deepEqual([grid, groups], [before.grid, before.groups]);
    assert.deepEqual(errors, []);
  },

  "scale, bands, nesting and groups are set; every customer stays in one group": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    await page.click(".rfm-setup summary");
    const groups = () =>
      page.$$eval("table.groups tbody tr", (rows) =>
        rows.map((row) => [row.querySelector("th").textContent, row.querySelector("td").firstChild.textContent]),
      );
    const people = (rows) => rows.reduce((sum, [, size]) => sum + first(size), 0);
    for (const [label, value, count] of [
      ["Groups", "groups-6", 6],
      ["Groups", "segments-10", 10],
      ["Scores from 1 to", "3", 10],
      ["Bands", "kmeans", 10],
    ]) {
      const before = JSON.stringify(await groups());
      await page.locator(".rfm-setup label", { hasText: label }).locator("select").selectOption(value);
      await page.waitForFunction(
        (before) =>
          JSON.stringify(
            [...document.querySelectorAll("table.groups tbody tr")].map((row) => [
              row.querySelector("th").textContent,
              row.querySelector("td").firstChild.textContent,
            ]),
          ) !== before,
        before,
      );
      await idle(page);
      const now = await groups();
      assert.ok(now.length >= count, `${label} ${value}: ${now.length} groups`);
      assert.equal(people(now), 8000, `${label} ${value}`);
    }
    await page.click(".rfm-setup .check input");
    await page.waitForSelector("text=are found inside each band of recency");
    await idle(page);
    assert.equal(people(await groups()), 8000);
    assert.deepEqual(errors, []);
  },

  "inside nested bands edges of orders and of money are moved, too": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    await page.click(".rfm-setup > summary");
    await page.click(".rfm-setup .check input");
    await page.waitForSelector("text=are found inside each band of recency");
    await idle(page);
    const choose = async (label, value) => {
      await page.locator("label", { hasText: label }).locator("select").selectOption(value);
      await idle(page);
    };
    await choose("Orders inside the band of recency", "3");
    await choose("and money inside that of orders", "5");
    const size = (label) => page.locator("fieldset.edges ~ p", { hasText: label }).textContent();
    const people = async () =>
      page.$$eval("table.groups tbody tr td:nth-of-type(1)", (cells) =>
        cells.reduce((sum, cell) => sum + Number(cell.firstChild.textContent.replaceAll(",", "")), 0),
      );
    const up = async (name, knob) => {
      const was = Number(await field(page, name).inputValue());
      await page.focus(`[role=slider][aria-label="Edge between ${knob}"]`);
      await page.keyboard.press("ArrowRight");
      await until(async () => assert.ok(Number(await field(page, name).inputValue()) > was));
      await idle(page);
      return was;
    };
    const orders = "Frequency in R3: edge between F4 and F5";
    const money = "Money in R3, F5: edge between M4 and M5";
    const [grid, before] = [(await shown(page)).grid, first((await size("in F5")).split(";")[1])];
    const was = await up(orders, "F4 and F5");
    assert.notEqual((await shown(page)).grid, grid);
    assert.ok(first((await size("in F5")).split(";")[1]) < before, "fewer are above an edge that went up");
    const moved = await field(page, orders).inputValue();
    await up(money, "M4 and M5");
    assert.equal(await field(page, orders).inputValue(), moved, "the edge around it stays");
    assert.equal(await people(), 8000);
    await page.locator("fieldset.edges", { hasText: "Money in R3" }).locator("button").click();
    await until(async () => assert.equal(Number(await field(page, orders).inputValue()), was));
    await idle(page);
    assert.equal((await shown(page)).grid, grid);
    assert.deepEqual(errors, []);
  },

  "with more bands than values, edges that meet can still be moved": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    await page.click(".rfm-setup > summary");
    await page.locator(".rfm-setup label", { hasText: "Scores from 1 to" }).locator("select").selectOption("10");
    await page.waitForSelector("text=Undo: score from 1 to 5");
    await idle(page);
    const name = "Frequency: edge between F9 and F10";
    const was = Number(await field(page, name).inputValue());
    await page.focus('[role=slider][aria-label="Edge between F9 and F10"]');
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(
      ([name, was]) => Number(document.querySelector(`input[aria-label="${name}"]`).value) > was,
      [name, was],
    );
    assert.deepEqual(errors, []);
  },

  "the treemap’s table has the groups’ numbers, and goes into a file": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    const figure = page.locator(".figure", { hasText: "Area: customers" });
    await figure.locator('button:has-text("Table")').click();
    const rows = await figure.locator("tbody tr").count();
    await figure.locator('button[aria-label^="Save"]').click();
    const { name, text } = await downloaded(page, () => page.click('[role=menuitem]:has-text("Numbers as CSV")'));
    assert.match(name, /\.csv$/);
    const lines = text.trimEnd().split("\r\n");
    assert.equal(lines[0], "Group,Customers,Share,Revenue share,Money a customer");
    assert.equal(lines.length - 1, rows);
    assert.deepEqual(errors, []);
  },

  "what is expected is said with model, span and discount, and can be set": async ({ browser, address }) => {
    const { page, errors, requests } = await estimated(browser, address);
    const before = await page.textContent("h1");
    assert.match(before, /expected in the next 12 months, [\d.]+\s% of it from the best tenth/);
    assert.match(await page.textContent(".screen > header p"), /fitted to 8,000 customers up to 2026-04-30/);
    const total = async () => {
      const figure = page.locator(".figure", { hasText: "most valuable first, in tenths" });
      await figure.locator('button:has-text("Table")').click();
      const sums = await figure.locator("tbody tr td:nth-child(3)").allTextContents();
      await figure.locator('button:has-text("Table")').click();
      return sums.reduce((sum, text) => sum + Number(text.replaceAll(",", "")), 0);
    };
    const year = await total();
    await page.click(".value-setup summary");
    await page.locator(".value-setup label", { hasText: "Ahead" }).locator("select").selectOption("90");
    await page.waitForSelector('h1:has-text("next 90 days")');
    await idle(page);
    assert.ok((await total()) < year / 2, "three months bring less than half a year");
    assert.deepEqual(errors, []);
    const known = new Set(requests);
    assert.equal(known.size, new Set(requests.filter((url) => url.startsWith(address))).size);
  },

  "a range becomes a segment with the count that was shown": async ({ browser, address }) => {
    const { page, errors } = await estimated(browser, address);
    const panel = page.locator("section", { has: page.locator("#range-title") });
    await panel.locator("select").selectOption("p_alive");
    await panel.locator("input >> nth=0").fill("0.8");
    await panel.locator('[role=status]:has-text("customers")').waitFor();
    await idle(page);
    const n = first(await panel.locator("[role=status]").textContent());
    assert.ok(n > 100 && n < 8000, String(n));
    await panel.locator('button:has-text("Make a segment")').click();
    await page.waitForSelector('main h1:has-text("1 segment")');
    await idle(page);
    assert.equal(first(await page.textContent(".segment-list .size")), n);
    await page.locator('.segment-list button:has-text("Chance to be still buying")').click();
    await counted(page);
    assert.equal(await page.inputValue(".rule-text"), "p_alive >= 0.8");
    assert.deepEqual(errors, []);
  },

  "a bar becomes a segment by keyboard": async ({ browser, address }) => {
    const { page, errors } = await estimated(browser, address);
    const figure = page.locator(".figure", { hasText: "so the axis is logarithmic" });
    await figure.locator(".chart").first().focus();
    for (let times = 0; times < 4; times++) await page.keyboard.press("ArrowRight");
    const said = await figure.locator(".readout").textContent();
    await figure.locator('button:has-text("Make it a segment")').click();
    await page.waitForSelector('main h1:has-text("1 segment")');
    await idle(page);
    const n = Number(said.match(/Customers: ([\d,]+)/)[1].replaceAll(",", ""));
    assert.equal(first(await page.textContent(".segment-list .size")), n);
    assert.deepEqual(errors, []);
  },

  "the model is checked against days held back, and the estimate stays": async ({ browser, address }) => {
    const { page, errors } = await estimated(browser, address);
    const before = await page.textContent("h1");
    await page.click("text=Check the model");
    await page.waitForSelector('h2:has-text("orders were expected")');
    await idle(page);
    const figure = page.locator(".figure", { hasText: "orders were expected" });
    const [expected, , came] = (await figure.locator("h2").textContent()).match(/\d[\d,]*/g).map((text) => first(text));
    await figure.locator('button:has-text("Table")').click();
    const rows = await figure
      .locator("tbody tr")
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll("td")].map((cell) => Number(cell.textContent.replaceAll(",", "")))),
      );
    const sum = (at) => rows.reduce((sum, row) => sum + row[0] * row[at], 0);
    assert.ok(Math.abs(sum(1) / came - 1) < 0.01, `${sum(1)} of ${came}`);
    assert.ok(Math.abs(sum(2) / expected - 1) < 0.01, `${sum(2)} of ${expected}`);
    assert.equal(await page.textContent("h1"), before);
    assert.deepEqual(errors, []);
  },

  "how money is shared out is said, and the marker moves by keyboard": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    const figure = page.locator(".figure", { hasText: "Gini" });
    await figure.waitFor();
    await idle(page);
    const slider = figure.locator("input[type=range]");
    const said = async () => (await figure.locator(".slider").textContent()).match(/[\d.]+/g).map(Number);
    assert.equal((await said())[0], 10);
    const share = (await figure.locator("h2").textContent()).match(/bring ([\d.]+)/)[1];
    assert.ok(Math.abs((await said()).at(-1) - Number(share)) < 0.2, `${await said()} beside ${share}`);
    await slider.focus();
    for (let times = 0; times < 10; times++) await page.keyboard.press("ArrowRight");
    await until(async () => assert.equal((await said())[0], 20));
    await figure.locator('button:has-text("Table")').click();
    const shares = await figure.locator("tbody tr td:nth-child(4)").allTextContents();
    const sum = shares.reduce((sum, text) => sum + Number.parseFloat(text), 0);
    assert.ok(Math.abs(sum - 100) < 0.6, `tenths make ${sum} %`);
    assert.deepEqual(errors, []);
  },

  "groups get one’s own names and rules, and lie beside another list": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    await page.click(".rfm-setup > summary");
    await page.click(".own-groups > summary");
    const name = page.locator('input[aria-label="Name of group 1"]');
    await name.waitFor();
    assert.equal(await name.inputValue(), "Champions");
    await name.fill("Best friends");
    await page.fill('input[aria-label="Rule of group 1"]', "recency_score = 5 and fm_score = 5");
    await page.click("text=Use these groups");
    await page.waitForSelector('table.groups th:has-text("Best friends")');
    await page
      .locator("section", { has: page.locator("#agreement-title") })
      .locator("select")
      .selectOption("groups-6");
    await page.waitForSelector("#agreement-title:has-text('agreement')");
    await idle(page);
    const table = page.locator("section", { has: page.locator("#agreement-title") }).locator("tbody tr");
    const own = await table.first().locator("td").last().textContent();
    const groups = await page.locator("table.groups tbody tr", { hasText: "Best friends" }).locator("td").first();
    assert.equal(first(own), first(await groups.evaluate((cell) => cell.firstChild.textContent)));
    await page.fill('input[aria-label="Rule of group 1"]', "recency_scor = 5");
    await page.click("text=Use these groups");
    await page.waitForSelector('[role=alert]:has-text("recency_scor")');
    await idle(page);
    assert.equal(await page.locator('table.groups th:has-text("Best friends")').count(), 1);
    assert.deepEqual(errors, []);
  },

  "a window counts the orders of some days only, and is said": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    assert.match(await page.textContent(".screen > header p"), /over the orders of all days/);
    await page.click(".rfm-setup > summary");
    await page.click('summary:has-text("What counts as an order")');
    await page.locator("label", { hasText: "Orders of" }).locator("select").selectOption("180");
    await page.waitForSelector('header p:has-text("orders of the last 180 days")');
    // What is asked for is said a moment before the screen is made anew.
    await idle(page);
    await page.waitForSelector("main >> text=/outside|window/i");
    const sizes = await page.$$eval("table.groups tbody tr td:nth-of-type(1)", (cells) =>
      cells.map((cell) => Number(cell.firstChild.textContent.replaceAll(",", ""))),
    );
    assert.equal(
      sizes.reduce((sum, n) => sum + n, 0),
      8000,
    );
    assert.deepEqual(errors, []);
  },

  "cohorts: customers, shares and money of the same triangle, and a file": async ({ browser, address }) => {
    const { page, errors } = await estimated(browser, address);
    await page.click('.parts button:has-text("Cohorts")');
    await page.waitForSelector("table.cohorts");
    await idle(page);
    const cells = () =>
      page.$$eval("table.cohorts tbody tr:not(.fixed)", (rows) =>
        rows.map((row) =>
          [...row.querySelectorAll("td")].map((cell) => Number.parseFloat(cell.textContent.replaceAll(",", ""))),
        ),
      );
    const shares = await cells();
    assert.ok(shares.every((row) => row[1] === 100));
    await page.locator("label", { hasText: "Show" }).locator("select").selectOption("n");
    await idle(page);
    const sizes = await cells();
    assert.equal(
      sizes.reduce((sum, row) => sum + row[1], 0),
      8000,
    );
    sizes.forEach((row, at) => {
      assert.ok(
        Math.abs((row[2] / row[1]) * 100 - shares[at][2]) <= 0.5 || row[2] === undefined || Number.isNaN(row[2]),
      );
    });
    const { text } = await downloaded(page, () => page.click('main button:has-text("CSV")'));
    assert.equal(text.trimEnd().split("\r\n").length - 1, sizes.length);
    await page.locator("label", { hasText: "Cohorts by" }).locator("select").selectOption("quarter");
    await page.waitForSelector('h1:has-text("in the quarter after")');
    assert.deepEqual(errors, []);
  },

  "stages hold everyone once, and one becomes a segment of its size": async ({ browser, address }) => {
    const { page, errors } = await estimated(browser, address);
    await page.click('.parts button:has-text("Life cycle")');
    await page.waitForSelector('table.groups:has-text("reactivated")');
    await idle(page);
    const sizes = await page.$$eval("table.groups tbody tr", (rows) =>
      rows.map((row) => Number(row.querySelector("td.number").firstChild.textContent.replaceAll(",", ""))),
    );
    assert.equal(
      sizes.reduce((sum, n) => sum + n, 0),
      8000,
    );
    await page.selectOption("main select", "days");
    await page.waitForSelector("text=At risk after (days)");
    await idle(page);
    await page.click('button[aria-label="Make lapsed a segment"]');
    await page.waitForSelector('main h1:has-text("1 segment")');
    await idle(page);
    assert.ok(first(await page.textContent(".segment-list .size")) > 0);
    assert.deepEqual(errors, []);
  },

  "churn is defined, measured on customers held back, and becomes a segment": async ({ browser, address }) => {
    const { page, errors } = await estimated(browser, address);
    await page.click('.parts button:has-text("Churn")');
    await page.click('main button.primary:has-text("Foretell")');
    await page.waitForSelector('h1:has-text("riskiest tenth")');
    await idle(page);
    assert.match(await page.textContent(".screen > header p"), /90 days/);
    const tenths = page.locator(".figure", { hasText: "AUC" });
    const auc = Number((await tenths.locator("h2").textContent()).match(/AUC is ([\d.]+)/)[1]);
    assert.ok(auc > 0.6 && auc <= 1, `AUC ${auc}`);
    await tenths.locator('button:has-text("Table")').click();
    const found = await tenths.locator("tbody tr td:last-child").allTextContents();
    assert.equal(found.length, 10);
    assert.equal(Number.parseFloat(found[9]), 100);
    assert.ok((await page.locator(".drivers li").count()) > 0);
    const spread = page.locator(".figure", { hasText: "A click on a bar" });
    await spread.locator(".chart").first().focus();
    await page.keyboard.press("ArrowRight");
    const said = await spread.locator(".readout").textContent();
    await spread.locator('button:has-text("Make it a segment")').click();
    await page.waitForSelector('main h1:has-text("1 segment")');
    await idle(page);
    const n = Number(said.match(/Customers: ([\d,]+)/)[1].replaceAll(",", ""));
    assert.equal(first(await page.textContent(".segment-list .size")), n);
    assert.deepEqual(errors, []);
  },

  "a value of a column is foretold, too": async ({ browser, address }) => {
    const { page, errors } = await estimated(browser, address);
    await page.click('.parts button:has-text("Churn")');
    const choices = page.locator('section[aria-label="What is foretold"] select');
    await choices.nth(0).selectOption("outcome");
    await choices.nth(1).selectOption("email_consent");
    await choices.nth(2).selectOption("true");
    await page.click('main button.primary:has-text("Foretell")');
    await page.waitForSelector('header p:has-text("email_consent")');
    await page.waitForSelector(".drivers");
    await idle(page);
    const widths = await page.$$eval(".drivers rect", (bars) => bars.map((bar) => Number(bar.getAttribute("width"))));
    assert.ok(widths.every((width) => width >= 0 && width <= 100));
    assert.deepEqual(errors, []);
  },

  "too few customers give no model but a reason, and risk by days": async ({ browser, address }) => {
    const two = (number) => String(number).padStart(2, "0");
    const row = (at) => `o${at},c${at % 40},2026-${two(1 + (at % 6))}-${two(1 + (at % 28))},${10 + at}`;
    const lines = Array.from({ length: 160 }, (_, at) => row(at));
    const { page, errors } = await visit(browser, address);
    await drop(page, "few.csv", ["order_id,customer_id,order_date,amount", ...lines].join("\n"));
    await page.waitForSelector('h1:has-text("160 order")');
    await proceed(page);
    await step(page, "Value");
    await page.click('.parts button:has-text("Churn")');
    await page.click('main button.primary:has-text("Foretell")');
    await page.waitForSelector('h1:has-text("Too little to learn from")');
    await idle(page);
    assert.match(await page.textContent(".note.warning"), /50|few/);
    assert.equal(await page.locator(".figure", { hasText: "AUC" }).count(), 0);
    assert.deepEqual(errors, []);
  },

  "customers without orders are told that value needs orders": async ({ browser, address }) => {
    const { page, errors } = await visit(browser, address);
    await drop(
      page,
      "people.csv",
      ["customer_id,age,city", ...Array.from({ length: 60 }, (_, at) => `c${at},${20 + (at % 50)},Ulm`)].join("\n"),
    );
    await page.waitForSelector('h1:has-text("60 customers")');
    await proceed(page);
    await step(page, "Value");
    await page.waitForSelector('h1:has-text("Value needs orders")');
    assert.deepEqual(errors, []);
  },

  "of customers without orders an outcome is foretold, becomes a segment and leaves as a column": async ({
    browser,
    address,
  }) => {
    const { page, errors } = await visit(browser, address);
    const left = (at) => ((at * at + 3 * at) % 10 < [2, 5, 8][at % 3] ? "yes" : "no");
    await drop(
      page,
      "people.csv",
      table(
        "customer_id,age,plan,left",
        600,
        (at) => `c${at},${20 + ((at * 7) % 50)},${["gold", "basic", "trial"][at % 3]},${left(at)}`,
      ),
    );
    await page.waitForSelector('h1:has-text("600 customers")');
    await proceed(page);
    await step(page, "Value");
    const found = [];
    await page.evaluate(axe);
    await look(page, "an outcome, not asked for yet", found);
    assert.match(await page.textContent("main"), /who comes back and where customers stand .* open a file of orders/);
    const choices = page.locator('section[aria-label="What is foretold"] select');
    await choices.nth(1).selectOption("left");
    await choices.nth(2).selectOption("true");
    await page.click('main button.primary:has-text("Foretell")');
    await page.waitForSelector(".drivers");
    await idle(page);
    assert.match(await page.textContent("#drivers-title"), /plan/);
    await look(page, "an outcome", found);
    assert.deepEqual(found, []);
    const spread = page.locator(".figure", { hasText: "A click on a bar" });
    await spread.locator(".chart").first().focus();
    let said = "";
    for (let presses = 0; presses < 20 && !/Customers: [1-9]/.test(said); presses++) {
      await page.keyboard.press("ArrowRight");
      said = await spread.locator(".readout").textContent();
    }
    await spread.locator('button:has-text("Make it a segment")').click();
    await page.waitForSelector('main h1:has-text("1 segment")');
    await idle(page);
    const n = first(said.match(/Customers: ([\d,]+)/)[1]);
    assert.equal(first(await page.textContent(".segment-list .size")), n);
    await step(page, "Export");
    const { text } = await downloaded(page, () => page.click('button:has-text("Download")'));
    const [header, ...rows] = text.trimEnd().split("\r\n");
    assert.deepEqual(header.split(",").slice(0, 5), ["customer_id", "age", "plan", "left", "left_propensity"]);
    assert.equal(rows.length, 600);
    assert.ok(rows.every((row) => Number(row.split(",")[4]) > 0 && Number(row.split(",")[4]) < 1));
    assert.equal(rows.filter((row) => row.endsWith("yes")).length, n, "the segment's column says the same");
    assert.deepEqual(errors, []);
  },

  "what was worked out is offered as columns of the file, and can be left out": async ({ browser, address }) => {
    const { page, errors } = await estimated(browser, address);
    const known = first((await page.textContent(".screen > header p")).match(/fitted to ([\d,]+)/)[1]);
    await page.click('.parts button:has-text("Life cycle")');
    await page.waitForSelector('table.groups:has-text("reactivated")');
    await step(page, "Export");
    const ticks = page.locator("fieldset", { has: page.locator('legend:text-is("Columns")') }).locator("label");
    const names = await ticks.filter({ hasText: "worked out" }).allTextContents();
    for (const name of ["lifetime_value", "p_alive", "expected_orders", "expected_spend", "next_order"])
      assert.ok(
        names.some((text) => text.includes(name)),
        name,
      );
    await ticks.filter({ hasText: "expected_spend" }).locator("input").uncheck();
    const { text } = await downloaded(page, () => page.click('button:has-text("Download")'));
    const [header, ...rows] = text
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(","));
    assert.equal(rows.length, 8000);
    assert.ok(!header.includes("expected_spend"));
    const column = (name) => rows.map((row) => row[header.indexOf(name)]);
    assert.equal(column("p_alive").filter((cell) => cell !== "").length, known);
    assert.ok(column("p_alive").every((cell) => Number(cell) >= 0 && Number(cell) <= 1));
    assert.ok(column("next_order").some((cell) => /^20\d\d-\d\d-\d\d$/.test(cell)));
    assert.ok(new Set(column("Stages")).size >= 4);
    assert.deepEqual(errors, []);
  },
});
