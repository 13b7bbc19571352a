// What has changed: against an earlier day, against last month's project, against another file; hints and control groups.
import assert from "node:assert/strict";
import { axe, look } from "./screens.mjs";
import {
  counted,
  downloaded,
  drop,
  dropAll,
  idle,
  longestTask,
  NARROW,
  openSample,
  proceed,
  step,
  visit,
  WIDE,
} from "./visit.mjs";

/** A number as the page writes it: thousands grouped, a true minus. */
const parsed = (text) => Number(text.replace(/[^\d−.]/g, "").replace("−", "-"));

/** The sample with two segments, on the screen of changes. */
async function begin(browser, address, options) {
  const visited = await visit(browser, address, options);
  const { page } = visited;
  await openSample(page);
  await proceed(page);
  await step(page, "Segments");
  for (let number = 0; number < 2; number++) {
    await page.click(".examples button >> nth=0");
    await page.waitForSelector(`button[aria-label^="Remove"] >> nth=${number}`);
    await idle(page);
  }
  await step(page, "Changes");
  return visited;
}

async function compare(page) {
  await page.click('button:text-is("Compare")');
  await page.waitForSelector("table.matrix");
  await idle(page);
}

/** The rows of the first table of numbers of a figure, once it is turned to. */
async function numbers(figure) {
  await figure.locator('button:text-is("Table")').click();
  const head = await figure.locator("thead th").allTextContents();
  const rows = [];
  for (const row of await figure.locator("tbody tr").all())
    rows.push(Object.fromEntries((await row.locator("th, td").allTextContents()).map((text, at) => [head[at], text])));
  await figure.locator('button:text-is("Table")').click();
  return rows;
}

const sizes = (page) => page.locator(".figure", { hasText: "Full bar: stayed" });
const flows = (page) => page.locator(".figure", { hasText: "on the left," });

/** Customers of a shop, `month` months on: some more, some others, some gone. */
function shop(month, { spent = "spent" } = {}) {
  const lines = [`customer_id,city,${spent},visits`];
  for (let id = month * 40; id < 900 + month * 60; id++) {
    const grown = id % 7 === 0 ? month * 90 : 0;
    lines.push(`c${id},${["Ulm", "Bonn", "Kiel"][id % 3]},${((id * 37) % 400) + grown},${(id % 11) + month}`);
  }
  return lines.join("\n");
}

/** A shop with a rule, and the project of it. */
async function saved(page) {
  await drop(page, "april.csv", shop(0));
  await page.waitForSelector('h1:has-text("900 customers")');
  await proceed(page);
  await step(page, "Segments");
  await page.fill(".name-field", "Big");
  await page.fill(".rule-text", "spent >= 300");
  await page.keyboard.press("Escape");
  await counted(page);
  await page.click('button:has-text("Save")');
  await page.waitForSelector('button[aria-label^="Remove"]');
  await idle(page);
  await step(page, "Clusters");
  await page.click("text=Look for clusters");
  await page.waitForSelector(".cluster-cards");
  await idle(page);
  await step(page, "Export");
  await page.locator("label.choice", { hasText: "Project for next month" }).locator("input").check();
  assert.match(await page.textContent("#inside-title ~ *"), /Definitions/);
  assert.match(await page.textContent("main"), /Not inside:\s*rows, names/);
  return downloaded(page, () => page.click('button:has-text("Download")'));
}

/** What the screen of changes says of a project and a file, after the mapping that is made in between. */
async function month2(browser, address, project, file, between) {
  const { page, errors } = await visit(browser, address);
  await dropAll(page, [
    ["april-project.json", project],
    ["may.csv", file],
  ]);
  await page.waitForSelector('h1:has-text("customers")');
  await proceed(page);
  await between?.(page);
  await page.waitForSelector("table.matrix");
  await idle(page);
  const told = {
    sizes: await numbers(sizes(page)),
    flows: await numbers(flows(page)),
    lines: await page.locator("#uncompared-title ~ ul li").allTextContents(),
  };
  assert.deepEqual(errors, []);
  return told;
}

export default () => ({
  "an earlier day: what stayed, left and entered sums to the sizes of both days": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    const longest = await longestTask(page, () => compare(page));
    assert.ok(longest <= 200, `the longest task of the comparison took ${longest.toFixed(0)} ms`);
    for (const row of await numbers(sizes(page))) {
      assert.equal(parsed(row.Stayed) + parsed(row.Left), parsed(row.Then), row.Segment);
      assert.equal(parsed(row.Stayed) + parsed(row.Entered), parsed(row.Now), row.Segment);
      assert.equal(parsed(row.Now) - parsed(row.Then), parsed(row.Change.replace("±", "")), row.Segment);
    }
    const head = await page.locator("table.matrix thead th").allTextContents();
    const gone = head.includes("Gone") ? 1 : 0;
    for (const row of await page.locator("table.matrix tbody tr:not(.fixed)").all()) {
      const cells = (await row.locator("td").allTextContents()).map(parsed);
      const moved = cells.slice(0, -1).reduce((sum, n) => sum + n, 0);
      assert.equal(moved, cells.at(-1), `${await row.locator("th").textContent()} sums to its size then`);
    }
    const labels = head.length - 2 - gone;
    const [before, after] = [new Map(), new Map()];
    for (const { From, To, Customers } of await numbers(flows(page))) {
      before.set(From, (before.get(From) ?? 0) + parsed(Customers));
      after.set(To, (after.get(To) ?? 0) + parsed(Customers));
    }
    const now = (await page.locator("table.matrix tbody tr.fixed").last().locator("td").allTextContents()).map(parsed);
    for (const [at, label] of head.slice(1, 1 + labels).entries()) {
      const row = page.locator("table.matrix tbody tr:not(.fixed)").nth(at);
      assert.equal(before.get(label) ?? 0, parsed(await row.locator("td").last().textContent()), label);
      assert.equal(after.get(label) ?? 0, now[at], label);
    }
    assert.deepEqual(errors, []);
  },

  "those who moved become a segment with as many customers as the cell says": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    await compare(page);
    const name = await page.locator("table.matrix button.cell").nth(1).getAttribute("aria-label");
    const n = parsed(name.split(" ")[0]);
    await page.locator("table.matrix button.cell").nth(1).click();
    await page.waitForSelector(".segment-list li:not(.fixed) >> nth=2");
    await idle(page);
    const made = await page.locator(".segment-list li:not(.fixed)").last().locator(".size").textContent();
    assert.equal(parsed(made), n);
    await step(page, "Changes");
    assert.match(await page.textContent("main"), /Compare again/);
    const entered = page.locator('button[aria-label*="who entered"]:not([disabled])').first();
    await page.click('summary:has-text("Make a segment of those")');
    const many = parsed(await entered.textContent());
    await entered.click();
    await page.waitForSelector('.segment-list button[aria-label^="Edit Entered"]');
    await idle(page);
    const size = await page.locator(".segment-list li", { hasText: "Entered" }).locator(".size").textContent();
    assert.equal(parsed(size), many);
    assert.deepEqual(errors, []);
  },

  "a figure goes into a file, as numbers and as a picture by itself": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address, { colorScheme: "dark" });
    await compare(page);
    const take = async (entry) => {
      await flows(page).locator('button[aria-haspopup="menu"]').click();
      return downloaded(page, () => page.click(`[role=menuitem]:has-text("${entry}")`));
    };
    const csv = await take("Numbers as CSV");
    const moves = csv.text.trimEnd().split("\r\n").slice(1);
    const shown = await numbers(flows(page));
    assert.deepEqual(
      moves.map((line) => Number(line.split(",").at(-2))),
      shown.map(({ Customers }) => parsed(Customers)),
    );
    const svg = await take("Picture as SVG");
    assert.match(svg.name, /^the-largest-move.*\.svg$/);
    assert.match(svg.text, /^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.match(svg.text, /<title>The largest move/);
    assert.match(svg.text, /fill="rgb\(0, 114, 178\)"/, "in the colours of the light theme");
    assert.ok(!/class=|var\(/.test(svg.text), "nothing of the page's style sheets is left in it");
    assert.deepEqual(errors, []);
  },

  "lines over months end at the sizes of now": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    await page.click("text=Draw twelve months");
    const figure = page.locator(".figure", { hasText: "Sizes as of" });
    await figure.waitFor();
    await idle(page);
    const rows = await numbers(figure);
    assert.ok(rows.length >= 6, `${rows.length} days`);
    await step(page, "Segments");
    for (const line of await page.locator(".segment-list li:not(.fixed)").all()) {
      const name = await line.locator("button.link").textContent();
      assert.equal(parsed(rows.at(-1)[name]), parsed(await line.locator(".size").textContent()), name);
    }
    assert.deepEqual(errors, []);
  },

  "last month's project on its own file changes nothing": async ({ browser, address }) => {
    const { page, errors } = await visit(browser, address);
    const { name, text } = await saved(page);
    assert.equal(name, "april-project.json");
    assert.ok(!/"c12"|Ulm,|c899/.test(text), "no customer's id stands in it");
    assert.deepEqual(errors, []);
    const told = await month2(browser, address, text, shop(0));
    for (const row of told.sizes) assert.equal(row.Change, "±0", row.Segment);
    for (const { From, To } of told.flows) assert.equal(From, To);
  },

  "clusters of a project are drawn as they lie on the new file": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    const { text } = await saved(page);
    await step(page, "Clusters");
    const k = await page.locator(".cluster-cards > li").count();
    const { page: next, errors } = await visit(browser, address);
    await dropAll(next, [
      ["april-project.json", text],
      ["may.csv", shop(1)],
    ]);
    await next.waitForSelector('h1:has-text("customers")');
    await proceed(next);
    await next.waitForSelector('h1:has-text("since")');
    await idle(next);
    const sizes = await next.locator("table.matrix tbody tr.fixed").last().locator("td").allTextContents();
    await step(next, "Clusters");
    await next.waitForSelector(`h1:has-text("${k} clusters, placed by the project’s model")`);
    const cards = await next.locator(".cluster-cards > li > p:first-of-type strong:first-child").allTextContents();
    assert.deepEqual(cards.map(parsed), sizes.slice(0, k).map(parsed), "as many as the comparison says");
    for (const what of ["Silhouette of each customer", "Principal components"])
      assert.equal(await next.locator(".figure", { hasText: what }).count(), 1, what);
    await next.click('.card >> nth=0 >> button:has-text("Customers")');
    await next.click('.faces button:has-text("Why?") >> nth=0');
    await next.waitForSelector(".nearness");
    const found = [];
    await next.evaluate(axe);
    await look(next, "clusters of a project", found);
    assert.deepEqual(found, []);
    // A new search takes their place.
    await next.click(".cluster-setup > summary");
    await next.click("text=Look again");
    await next.waitForSelector("h1:not(:has-text('placed'))");
    await idle(next);
    await step(next, "Export");
    const names = next.locator("fieldset", { has: next.locator('legend:has-text("Segments and groups")') });
    assert.equal(await names.locator("label", { hasText: "Clusters" }).count(), 1);
    assert.deepEqual(errors, []);
  },

  "orders are folded as in the project, with all that it says of them": async ({ browser, address }) => {
    const lines = Array.from({ length: 240 }, (_, at) => ({
      order: `o${at}`,
      customer: `c${at % 30}`,
      day: `2026-0${1 + (at % 6)}-${String(1 + (at % 28)).padStart(2, "0")}`,
      amount: 10 + (at % 17),
      fee: 1 + (at % 5),
      status: at % 11 === 3 ? "void" : "paid",
    }));
    const file = [
      "order_id,customer_id,order_date,amount,fee,status",
      ...lines.map((line) => Object.values(line).join(",")),
    ].join("\n");
    const rule = (field, operator, value) => ({ combinator: "and", rules: [{ field, operator, value }] });
    const project = {
      version: 1,
      columns: [],
      groupings: [],
      repairs: [],
      segments: [{ name: "Many", rule: rule("frequency", ">=", 2) }],
      fold: { window: { from: "2026-02-01", to: "2026-05-31" }, exclude: rule("status", "=", "void"), amount: "fee" },
    };
    const { page, errors } = await visit(browser, address);
    await dropAll(page, [
      ["old-recipe.json", JSON.stringify(project)],
      ["orders.csv", file],
    ]);
    await page.waitForSelector('h1:has-text("240 order lines")');
    await proceed(page);
    const money = async () => {
      await step(page, "Export");
      const { text } = await downloaded(page, () => page.click('button:has-text("Download")'));
      const [header, ...rows] = text.split("\r\n").map((line) => line.split(","));
      return rows.reduce((sum, row) => sum + Number(row[header.indexOf("monetary")] ?? 0), 0);
    };
    const sum = (of, ...tests) =>
      lines.filter((line) => tests.every((test) => test(line))).reduce((total, line) => total + line[of], 0);
    const inWindow = ({ day }) => day >= "2026-02-01" && day <= "2026-05-31";
    const paid = ({ status }) => status === "paid";
    assert.equal(await money(), sum("fee", inWindow, paid));
    await step(page, "RFM");
    await page.click(".rfm-setup > summary");
    await page.click('summary:has-text("What counts as an order")');
    const also = page.locator("p", { hasText: "As in the project:" });
    assert.match(
      await also.textContent(),
      /orders from 2026-02-01 on; orders up to 2026-05-31; without lines where status = 'void'; money read from “fee”/,
    );
    await step(page, "Segments");
    assert.doesNotMatch(await page.textContent("main"), /other orders count than here/);
    await step(page, "RFM");
    await page.click(".rfm-setup > summary");
    await page.click('summary:has-text("What counts as an order")');
    await also.locator("button").click();
    await also.waitFor({ state: "detached" });
    await idle(page);
    assert.equal(await money(), sum("amount"));
    await step(page, "Segments");
    assert.match(await page.textContent("main"), /How orders are folded.*other orders count than here/);
    assert.deepEqual(errors, []);
  },

  "next month: a renamed column is mapped, and all is as if it had not been renamed": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    const { text } = await saved(page);
    const same = await month2(browser, address, text, shop(1));
    const mapped = await month2(browser, address, text, shop(1, { spent: "umsatz" }), async (page) => {
      await page.waitForSelector("#project-title");
      const lack = page.locator("section:has(#project-title)");
      assert.match(await lack.textContent(), /expects the column “spent”, which this file lacks\..*Big/);
      await lack.locator("select").selectOption("umsatz");
      await lack.locator('button:has-text("Map “spent”")').click();
    });
    assert.deepEqual(mapped.sizes, same.sizes);
    assert.deepEqual(mapped.flows, same.flows);
    assert.ok(same.sizes.some(({ Left }) => parsed(Left) > 0));
    const { page: other } = await visit(browser, address);
    await dropAll(other, [
      ["april-project.json", text],
      ["may.csv", shop(1, { spent: "umsatz" })],
    ]);
    await other.waitForSelector('h1:has-text("customers")');
    await proceed(other);
    await other.click('button:has-text("Skip")');
    await other.waitForSelector('h1:has-text("since")');
    await idle(other);
    await step(other, "Segments");
    assert.match(await other.textContent("section:has(#project-title)"), /Left out: .*Big/);
  },

  "another file is read by the same definitions, and what it lacks is asked for": async ({ browser, address }) => {
    const { page, errors } = await visit(browser, address);
    await saved(page);
    await step(page, "Changes");
    await drop(page, "march.csv", shop(1, { spent: "umsatz" }));
    await page.waitForSelector("#waits-title");
    await page.locator("section:has(#waits-title)").locator('button:has-text("Skip")').click();
    await page.waitForSelector("#uncompared-title");
    assert.match(await page.textContent("section:has(#uncompared-title)"), /“spent” is not in this file/);
    await drop(page, "march.csv", shop(1));
    await page.waitForSelector("#uncompared-title", { state: "detached" });
    await page.waitForSelector("table.matrix");
    await idle(page);
    assert.deepEqual(errors, []);
  },

  "segments that say much the same are named, and a control group is a column of the file": async ({
    browser,
    address,
  }) => {
    const { page, errors } = await begin(browser, address);
    await step(page, "Segments");
    await page.locator("section:has(#review-title)").locator('button:text-is("Look")').click();
    await page.waitForSelector("#review-title:not(:text('Are these too many?'))");
    await step(page, "Export");
    await page.locator("section:has(#holdout-title)").locator('button:text-is("Draw")').click();
    await page.waitForSelector("#holdout-title:has-text('kept as a control group')");
    const control = parsed((await page.textContent("#holdout-title")).split(" ")[0]);
    const { text } = await downloaded(page, () => page.click('button:has-text("Download")'));
    const kept = text.split("\n").filter((line) => /(^|,)control(,|\r?$)/.test(line)).length;
    assert.equal(kept, control);
    assert.deepEqual(errors, []);
  },

  ...Object.fromEntries(
    [
      ["wide and light", { viewport: WIDE, colorScheme: "light" }],
      ["narrow and dark", { viewport: NARROW, colorScheme: "dark" }],
    ].map(([name, options]) => [
      `axe finds nothing on the screens of changes, ${name}`,
      async ({ browser, address }) => {
        const { page, errors } = await begin(browser, address, { bypassCSP: false, ...options });
        const found = [];
        await page.evaluate(axe);
        await look(page, "changes, none yet", found);
        await compare(page);
        await page.click("text=Draw twelve months");
        await page.waitForSelector('.figure:has-text("Sizes as of")');
        await idle(page);
        for (const summary of await page.$$("main details:not([open]) > summary")) await summary.click();
        await look(page, "changes", found);
        for (const button of await page.locator('.figure button:text-is("Table")').all()) await button.click();
        await look(page, "changes as tables", found);
        await step(page, "Export");
        await page.locator("label.choice", { hasText: "Project for next month" }).locator("input").check();
        await page.locator("section:has(#holdout-title)").locator('button:text-is("Draw")').click();
        await page.waitForSelector("#holdout-title:has-text('kept as a control group')");
        await look(page, "project and control group", found);
        assert.deepEqual([found, errors], [[], []]);
      },
    ]),
  ),
});
