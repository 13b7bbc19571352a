// The rule as a tree and as text: one rule, counted row by row, built without a mouse, drawn from overlaps.
import assert from "node:assert/strict";
import { counted, drop, first, idle, proceed, tabTo, visit } from "./visit.mjs";

const towns = ["Ulm", "Bonn", "ulm", ""];
/** Customers as they stand in the file of these tests; an empty text is a missing value. */
const customers = Array.from({ length: 400 }, (_, index) => ({
  id: `k${index}`,
  age: index % 7 === 0 ? "" : String(18 + ((index * 37) % 60)),
  town: towns[(index * 11) % 4],
  spend: String((index * 13) % 300),
  vip: index % 5 === 0 ? "yes" : "no",
}));
const file = ["id,age,town,spend,vip", ...customers.map((one) => Object.values(one).join(","))].join("\n");

/** To the Segments screen with those customers. */
async function ownFile(browser, address, options) {
  const visited = await visit(browser, address, options);
  await drop(visited.page, "customers.csv", file);
  await visited.page.waitForSelector('h1:has-text("400 customers")');
  await proceed(visited.page);
  await visited.page.waitForSelector(".rule-text");
  return visited;
}

const total = async (page) => first(await page.textContent(".figure-number"));

async function write(page, text) {
  await page.fill(".rule-text", text);
  await page.keyboard.press("Escape");
  await counted(page);
  await page.waitForFunction(() => document.querySelectorAll(".row-count.old").length === 0);
}

/** Each row with its two figures, in reading order. */
const rowsOf = (page) =>
  page.locator(".rule-row").evaluateAll((rows) =>
    rows.map((row) => {
      const figure = (kind) => row.querySelector(`.row-count.${kind} > :last-child`).textContent.replaceAll(",", "");
      return { alone: figure("alone"), left: figure("left") };
    }),
  );

export default () => ({
  "alone and left are the counts of the file itself, also where values are missing": async ({ browser, address }) => {
    const { page, errors } = await ownFile(browser, address);
    await write(page, "spend >= 100 and (age < 40 or vip = true) and town = 'ulm' ignoring case and not (spend > 250)");
    const tests = {
      spend: (one) => Number(one.spend) >= 100,
      young: (one) => one.age !== "" && Number(one.age) < 40,
      vip: (one) => one.vip === "yes",
      town: (one) => one.town.toLowerCase() === "ulm",
      most: (one) => Number(one.spend) > 250,
    };
    const many = (...all) => String(customers.filter((one) => all.every((test) => test(one))).length);
    const either = (one) => tests.young(one) || tests.vip(one);
    const cheap = (one) => !tests.most(one);
    const { spend, young, vip, town, most } = tests;
    assert.deepEqual(await rowsOf(page), [
      { alone: many(spend), left: many(spend) },
      { alone: many(young), left: "–" },
      { alone: many(vip), left: "–" },
      { alone: many(town), left: many(spend, either, town) },
      { alone: many(most), left: many(most) },
    ]);
    assert.equal(await total(page), Number(many(spend, either, town, cheap)));
    const groups = await page.locator(".group .group > .group-head .row-count.left").allInnerTexts();
    assert.deepEqual(
      groups.map((text) => text.match(/\d+$/)[0]),
      [many(spend, either), many(spend, either, town, cheap)],
    );
    assert.deepEqual(errors, []);
  },

  "a nested rule is built without a mouse": async ({ browser, address }) => {
    const { page } = await ownFile(browser, address);
    await tabTo(page, /^Condition$/);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.getAttribute("aria-label") === "Column");
    await page.keyboard.type("spend");
    await tabTo(page, /^Question about spend/);
    await tabTo(page, /^Value for spend/);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("100");
    await tabTo(page, /^Group$/);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.closest(".group .group") !== null);
    await page.keyboard.type("vip");
    await page.waitForFunction(() => document.activeElement.value === "vip");
    // The group’s own button comes before the one of the rule.
    await tabTo(page, /^Condition$/);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.closest("[data-path='1.1']") !== null);
    await page.keyboard.type("town");
    await page.waitForFunction(() => document.activeElement.value === "town");
    await counted(page);
    const text = await page.inputValue(".rule-text");
    assert.match(text, /^spend >= 100 and \(vip = true or town = '\w+' ignoring case\)$/);
    // The menu moves the row out of the group, up, and its focus goes along.
    await tabTo(page, /^More for this row/);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.closest("[data-path='1.0']") !== null);
    await counted(page);
    assert.match(
      await page.inputValue(".rule-text"),
      /^spend >= 100 and \(town = '\w+' ignoring case or vip = true\)$/,
    );
    await page.keyboard.press("Control+z");
    await page.waitForFunction((text) => document.querySelector(".rule-text").value === text, text);
    await tabTo(page, /^Save segment/);
    await tabTo(page, /^Save segment/, "Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".segment-list .size");
    await idle(page);
    const [town] = text.match(/'\w+'/);
    const expected = customers.filter(
      (one) => Number(one.spend) >= 100 && (one.vip === "yes" || `'${one.town.toLowerCase()}'` === town.toLowerCase()),
    ).length;
    assert.equal(first(await page.textContent(".segment-list .size")), expected);
  },

  "text and tree stay one rule": async ({ browser, address }) => {
    const { page } = await ownFile(browser, address);
    await write(page, "age between 20 and 30 or length(town) > 3");
    assert.equal(await page.locator(".rule-row").count(), 2);
    assert.equal(await page.inputValue(".group-head select"), "any");
    assert.equal(await page.inputValue(".text-row input"), "length(town) > 3", "what has no widgets is a line of text");
    await page.fill('input[aria-label="Value for age, to"]', "50");
    await page.waitForFunction(() => document.querySelector(".rule-text").value.includes("between 20 and 50"));
    await page.selectOption(".group-head select", "none");
    await page.waitForFunction(
      () => document.querySelector(".rule-text").value === "not (age between 20 and 50 or length(town) > 3)",
    );
    await page.fill(".text-row input", "spend > 10");
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => document.querySelector(".rule-text").value === "not (age between 20 and 50 or spend > 10)",
    );
    await counted(page);
    const expected = customers.filter(
      (one) => one.age !== "" && !(Number(one.age) >= 20 && Number(one.age) <= 50) && !(Number(one.spend) > 10),
    ).length;
    assert.equal(await total(page), expected);
    for (let steps = 0; steps < 4; steps++) await page.click('button[aria-label="Undo"]');
    await page.waitForFunction(() => document.querySelector(".rule-text").value === "");
    assert.equal(await page.locator(".rule-row").count(), 0);
    for (let steps = 0; steps < 4; steps++) await page.click('button[aria-label="Redo"]');
    await page.waitForFunction(
      () => document.querySelector(".rule-text").value === "not (age between 20 and 50 or spend > 10)",
    );
    await counted(page);
    assert.equal(await total(page), expected);
  },

  "a muted row is left out and comes back": async ({ browser, address }) => {
    const { page } = await ownFile(browser, address);
    await write(page, "spend >= 100 and vip = true");
    const both = await total(page);
    await page.click(".row-menu >> nth=1");
    await page.click('[role=menuitem]:has-text("Mute")');
    await page.waitForFunction(() => document.querySelector(".rule-text").value === "spend >= 100");
    await counted(page);
    assert.equal(await total(page), customers.filter((one) => Number(one.spend) >= 100).length);
    await page.fill(".rule-text", "spend >= 150");
    await page.keyboard.press("Escape");
    await counted(page);
    assert.equal(await page.locator(".rule-row.muted").count(), 1, "typing does not lose it");
    await page.click(".rule-row.muted .row-menu");
    await page.click('[role=menuitem]:has-text("Unmute")');
    await page.waitForFunction(() => document.querySelector(".rule-text").value === "spend >= 150 and vip = true");
    await counted(page);
    assert.ok((await total(page)) < both);
  },

  "what is typed as soon as a segment is kept stays": async ({ browser, address }) => {
    const { page } = await ownFile(browser, address);
    await write(page, "spend >= 100");
    await page.fill(".name-field", "Rich");
    const typed = page.evaluate(
      () =>
        new Promise((settle) => {
          const watching = new MutationObserver(() => {
            if (!document.querySelector('button[aria-label="Edit Rich"]')) return;
            watching.disconnect();
            const text = document.querySelector(".rule-text");
            text.value = "vip = true";
            text.dispatchEvent(new Event("input", { bubbles: true }));
            settle();
          });
          watching.observe(document.body, { subtree: true, childList: true, attributes: true });
        }),
    );
    await page.click("text=Save segment");
    await typed;
    await counted(page);
    assert.equal(await page.inputValue(".rule-text"), "vip = true");
    assert.equal(await total(page), customers.filter((one) => one.vip === "yes").length);
    assert.equal(await page.inputValue(".name-field"), "", "it is another segment");
  },

  "missing values: each choice says whom it moves, and moves them": async ({ browser, address }) => {
    const { page } = await ownFile(browser, address);
    await write(page, "age < 40 and vip = true");
    const before = await total(page);
    const gap = customers.filter((one) => one.age === "").length;
    const moved = customers.filter((one) => one.age === "" && one.vip === "yes").length;
    const chip = page.locator(".chip.missing");
    assert.match(await chip.textContent(), new RegExp(`left open ${gap}`));
    await chip.click();
    const match = page.locator('[role=menuitemradio]:has-text("a match")');
    await page.waitForSelector(`[role=menuitemradio]:has-text("${moved} more in")`);
    await match.click();
    await page.waitForFunction(() => document.querySelector(".rule-text").value.includes("treat missing as true"));
    await counted(page);
    assert.equal(await total(page), before + moved);
    assert.match(await chip.textContent(), new RegExp(`a match ${gap}`));
  },

  "an unfinished rule keeps the last counts, greyed, and a suggestion mends it": async ({ browser, address }) => {
    const { page } = await ownFile(browser, address);
    await write(page, "spend >= 100");
    const known = await page.textContent(".figure-number");
    await page.fill(".rule-text", "spend >= 100 and twon = 'Ulm'");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".rule-counts.old >> text=as of your last valid rule");
    assert.equal(await page.textContent(".figure-number"), known);
    assert.equal(await page.textContent(".rule-back mark"), "twon");
    assert.ok((await page.locator(".row-count.old").count()) > 0);
    await page.click('#rule-errors button:has-text("Use town")');
    await counted(page);
    assert.equal(await page.inputValue(".rule-text"), "spend >= 100 and town = 'Ulm'");
    assert.equal(await page.locator(".rule-row").count(), 2);
  },

  "the text offers columns, operators and values, by keyboard": async ({ browser, address }) => {
    const { page } = await ownFile(browser, address);
    await page.focus(".rule-text");
    await page.keyboard.type("to");
    await page.waitForSelector('[role=option][aria-selected=true]:has-text("town")');
    assert.ok(await page.getAttribute(".rule-text", "aria-activedescendant"));
    await page.keyboard.press("Tab");
    await page.waitForSelector('[role=option]:has-text("contains")');
    await page.keyboard.press("Escape");
    await page.keyboard.type("= ");
    await page.keyboard.press("Control+Space");
    await page.waitForSelector("[role=option]:has-text(\"'Bonn'\")");
    await page.keyboard.type("'Bo");
    await page.waitForSelector("[role=option]:has-text(\"'Bonn'\")");
    await page.keyboard.press("Enter");
    await counted(page);
    assert.equal((await page.inputValue(".rule-text")).trim(), "town = 'Bonn'");
    assert.equal(await total(page), customers.filter((one) => one.town === "Bonn").length);
  },

  "why a customer is in the rule": async ({ browser, address }) => {
    const { page } = await ownFile(browser, address);
    await write(page, "spend >= 100 and (age < 40 or vip = true)");
    await page.click('.live button:has-text("Why?") >> nth=0');
    await page.waitForSelector(".why");
    const verdicts = await page.locator(".why .why-part").allInnerTexts();
    assert.match(verdicts[0], /passed\s+all of/);
    assert.match(verdicts[1], /passed\s+spend >= 100/);
    assert.equal(verdicts.length, 5);
  },

  "undo twenty steps, redo twenty steps": async ({ browser, address }) => {
    const { page } = await ownFile(browser, address);
    await write(page, "spend >= 1");
    const texts = [await page.inputValue(".rule-text")];
    for (let value = 2; value <= 21; value++) {
      await page.fill('input[aria-label="Value for spend"]', String(value));
      await page.waitForFunction((value) => document.querySelector(".rule-text").value === `spend >= ${value}`, value);
      texts.push(`spend >= ${value}`);
    }
    await page.focus('input[aria-label="Value for spend"]');
    for (let steps = 0; steps < 20; steps++) await page.keyboard.press("Control+z");
    await page.waitForFunction((text) => document.querySelector(".rule-text").value === text, texts[0]);
    for (let steps = 0; steps < 20; steps++) await page.keyboard.press("Control+y");
    await page.waitForFunction((text) => document.querySelector(".rule-text").value === text, texts[20]);
  },

  "a click in the overlap makes a rule of it, with as many customers": async ({ browser, address }) => {
    const { page } = await ownFile(browser, address);
    const rules = [
      ["Rich", "spend >= 150"],
      ["Loyal", "vip = true"],
      ["Young", "age < 40"],
    ];
    for (const [name, rule] of rules) {
      await write(page, rule);
      await page.fill(".name-field", name);
      await page.click("text=Save segment");
      await page.waitForSelector(`button[aria-label="Edit ${name}"]`);
      await idle(page);
    }
    const tests = {
      Rich: (one) => Number(one.spend) >= 150,
      Loyal: (one) => one.vip === "yes",
      Young: (one) => one.age !== "" && Number(one.age) < 40,
    };
    // By keyboard: the first mark is read, then made a segment.
    await page.focus(".figure [role=img]");
    await page.keyboard.press("ArrowRight");
    const said = await page.textContent(".figure .readout");
    await page.click('.figure button:has-text("Make this a segment")');
    await counted(page);
    assert.equal(await total(page), first(said.match(/Customers: ([\d,]+)/)[1]));
    // By mouse: both of two, and not the third.
    const marks = await page.locator(".mark-column").count();
    let seen = 0;
    for (let mark = 0; mark < marks; mark++) {
      await page
        .locator(".mark-column")
        .nth(mark)
        .locator("rect")
        .first()
        .click({ position: { x: 4, y: 4 } });
      await counted(page);
      const text = await page.inputValue(".rule-text");
      const inside = (name) => text.includes(`in segment '${name}'`) && !text.includes(`not in segment '${name}'`);
      const expected = customers.filter((one) =>
        Object.entries(tests).every(([name, test]) => test(one) === inside(name)),
      ).length;
      assert.equal(await total(page), expected, text);
      seen += expected;
    }
    const none = customers.filter((one) => !Object.values(tests).some((test) => test(one))).length;
    assert.equal(seen + none, customers.length, "the combinations and nobody’s make everyone");
    await page.click('.matrix button[aria-label^="Rich and Loyal"]');
    await counted(page);
    assert.equal(await page.inputValue(".rule-text"), "in segment 'Rich' and in segment 'Loyal'");
    assert.equal(await total(page), customers.filter((one) => tests.Rich(one) && tests.Loyal(one)).length);
    await page.click('.segment-list button:has-text("In no segment")');
    await page.waitForFunction(() => document.querySelector(".rule-text").value.startsWith("not"));
    await counted(page);
    assert.equal(await total(page), none);
  },

  "tiers: each customer once, and everyone else": async ({ browser, address }) => {
    const { page } = await ownFile(browser, address);
    for (const [name, rule] of [
      ["Rich", "spend >= 150"],
      ["Loyal", "vip = true"],
    ]) {
      await write(page, rule);
      await page.fill(".name-field", name);
      await page.click("text=Save segment");
      await page.waitForSelector(`button[aria-label="Edit ${name}"]`);
      await idle(page);
    }
    await page.click("text=Tiers: one group each");
    await page.click('button[aria-label="Loyal earlier"]');
    await page.click("text=Make tiers");
    await page.waitForSelector(".tier-sizes");
    const sizes = await page.locator("section[aria-label=Tiers] .number").allInnerTexts();
    const loyal = customers.filter((one) => one.vip === "yes").length;
    const rich = customers.filter((one) => one.vip !== "yes" && Number(one.spend) >= 150).length;
    const rest = customers.length - loyal - rich;
    assert.deepEqual(
      sizes.map((text) => first(text)),
      [loyal, rich, rest],
    );
    await write(page, "Tiers = 'Everyone else'");
    assert.equal(await total(page), rest);
  },

  "orders are asked in one line, and counted as the file has them": async ({ browser, address }) => {
    const { page, errors } = await visit(browser, address);
    const lines = Array.from({ length: 900 }, (_, index) => ({
      order: `o${index}`,
      customer: `k${(index * index * 7) % 160}`,
      day: `2026-0${1 + (index % 6)}-${String(1 + ((index * 5) % 28)).padStart(2, "0")}`,
      amount: String(1 + ((index * 17) % 90)),
      category: ["Coffee", "Tea", "coffee", "Cups"][(index * 3 + (index >> 3)) % 4],
    }));
    const text = [
      "order_id,customer_id,order_date,amount,category",
      ...lines.map((one) => Object.values(one).join(",")),
    ].join("\n");
    await drop(page, "orders.csv", text);
    await page.waitForSelector('h1:has-text("900 order")');
    await proceed(page);
    await page.click('nav[aria-label="Steps"] button:has-text("Segments")');
    await page.waitForSelector(".rule-text");
    await page.click('.builder button:has-text("Orders")');
    await counted(page);
    assert.equal(await page.inputValue(".rule-text"), "count(orders in last 90 days) >= 2");
    await page.click('button:has-text("which orders?")');
    await page.waitForFunction(() => /category/.test(document.querySelector(".rule-text").value));
    await page.fill('input[aria-label="Value for category"]', "coffee");
    await page.fill('input[aria-label="When, how many"]', "60");
    const rule = "count(orders where category = 'coffee' ignoring case in last 60 days) >= 2";
    await page.waitForFunction((rule) => document.querySelector(".rule-text").value === rule, rule);
    await counted(page);
    const last = lines
      .map((one) => one.day)
      .sort()
      .at(-1);
    const from = new Date(Date.parse(last) - 59 * 86_400_000).toISOString().slice(0, 10);
    const of = new Map();
    for (const one of lines)
      of.set(
        one.customer,
        (of.get(one.customer) ?? 0) + Number(one.category.toLowerCase() === "coffee" && one.day >= from),
      );
    assert.equal(await total(page), [...of.values()].filter((n) => n >= 2).length);
    assert.match(
      await page.textContent(".sentence"),
      /who ordered at least 2 times in the last 60 days where category is “coffee”/,
    );
    await page.selectOption('select[aria-label="What is counted of orders"]', "sum");
    await page.waitForFunction(() => document.querySelector(".rule-text").value.startsWith("sum(amount of orders"));
    await counted(page);
    assert.deepEqual(errors, []);
  },

  "a template and a rule from elsewhere are opened, and written as SQL": async ({ browser, address }) => {
    const { page, errors } = await ownFile(browser, address);
    await page.click(".templates summary");
    await page.waitForSelector(".templates .examples li");
    await idle(page);
    const n = first(await page.textContent(".templates .examples .quiet"));
    await page.click('.templates button[aria-label^="Open"]');
    await counted(page);
    assert.equal(await total(page), n);
    await page.click('button:has-text("Clear")');
    await page.click(".import summary");
    await page.fill(".import textarea", '{"and": [{">=": [{"var": "age"}, 30]}, {"nonsense": [1]}]}');
    await page.click("text=Read it");
    await page.waitForSelector(".import .note:has-text('nonsense')");
    await page.click("text=Use this rule");
    await counted(page);
    assert.equal(await total(page), customers.filter((one) => one.age !== "" && Number(one.age) >= 30).length);
    await page.click(".sql summary");
    await page.selectOption('select[aria-label="Dialect"]', "duckdb");
    await page.click("text=Write SQL");
    await page.waitForSelector(".sql-text");
    assert.match(await page.inputValue(".sql-text"), /SELECT[\s\S]+FROM[\s\S]+age/i);
    assert.deepEqual(errors, []);
  },

  "values by name, and customers left out everywhere": async ({ browser, address }) => {
    const { page, errors } = await ownFile(browser, address);
    await page.click("text=Values by name");
    const form = page.locator("details:has-text('Values by name') form");
    await form.locator("input").first().fill("least");
    await form.locator("input").nth(1).fill("100");
    await page.click("text=Add a value");
    await page.waitForSelector("text=:least");
    await write(page, "spend >= :least");
    const many = (least) => customers.filter((one) => Number(one.spend) >= least).length;
    assert.equal(await total(page), many(100));
    await page.fill(".name-field", "Spenders");
    await page.click("text=Save segment");
    await page.waitForSelector('button[aria-label="Edit Spenders"]');
    await page.locator(".parameter input").fill("200");
    await page.locator(".parameter input").blur();
    await page.waitForFunction(
      (n) => document.querySelector(".segment-list .size").textContent === String(n),
      many(200),
    );
    await write(page, "vip = true");
    await page.click("text=Left out everywhere");
    await page.click("text=Leave out this rule’s customers");
    await page.waitForSelector('h2:has-text("Left out everywhere: 80")');
    await write(page, "spend >= 200");
    const out = customers.filter((one) => Number(one.spend) >= 200 && one.vip === "yes").length;
    await page.waitForSelector(`.live .note:has-text("${out} customers of the rule")`);
    await page.click("text=Leave nobody out");
    await page.waitForSelector(".live .note", { state: "detached" });
    assert.deepEqual(errors, []);
  },
});
