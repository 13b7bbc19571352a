// The screen of clusters: what counts as alike, numbers of clusters as they are tried, and what is found as segments.
import assert from "node:assert/strict";
import { downloaded, drop, first, idle, NARROW, openSample, proceed, step, visit } from "./visit.mjs";

/** The sample on the screen of clusters. */
async function begin(browser, address, options) {
  const visited = await visit(browser, address, options);
  await openSample(visited.page);
  await proceed(visited.page);
  await step(visited.page, "Clusters");
  await visited.page.waitForSelector(".feature.on .shape");
  return visited;
}

async function look(page) {
  await page.click('main button.primary:has-text("Look")');
  await page.waitForSelector(".cluster-cards");
  await idle(page);
}

/** Customers in the file of one group, counted in what is downloaded. */
async function exported(page, name) {
  await step(page, "Export");
  await page.locator("label.choice", { hasText: "Members only" }).locator("input").check();
  const groups = page.locator("fieldset", { has: page.locator('legend:has-text("Segments and groups")') });
  for (const label of await groups.locator("label").all())
    await label.locator("input").setChecked((await label.textContent()).trim() === name);
  const { text } = await downloaded(page, () => page.click('button:has-text("Download")'));
  return text.trimEnd().split("\n").length - 1;
}

/** Numbers from 0 to 1 by chance, the same every time. */
function chance(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sums of twelve draws lie like a bell of width 1 around 6. */
const near = (draw) => Array.from({ length: 12 }, draw).reduce((sum, one) => sum + one, 0);

/** Rows of numbers with no groups in them. */
function bell(rows) {
  const draw = chance(7);
  const value = () => near(draw).toFixed(3);
  const lines = Array.from({ length: rows }, (_, row) => `c${row},${value()},${value()},${value()}`);
  return ["customer_id,age,visits,basket", ...lines].join("\n");
}

/** Three kinds of customers that differ in two numbers and in three answers. */
function kinds(rows) {
  const draw = chance(11);
  const lines = Array.from({ length: rows }, (_, row) => {
    const kind = Math.floor(draw() * 3);
    const [age, spend] = [20 + 20 * kind, [60, 20, 90][kind]].map((middle) => (middle + near(draw)).toFixed(2));
    const answer = () => (draw() < 0.85 ? "abc"[kind] : "abc"[Math.floor(draw() * 3)]);
    return `c${row},${age},${spend},${answer()},${answer()},${answer()}`;
  });
  return ["customer_id,age,spend,first,second,third", ...lines].join("\n");
}

export default () => ({
  "a skewed column shows both shapes, and another scale another shape": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    const money = page.locator(".feature", { hasText: "monetary" });
    await money.locator(".shape >> nth=1").waitFor();
    assert.match(await money.textContent(), /skew/);
    const before = await money.locator(".shape >> nth=1 >> svg").innerHTML();
    await money.locator("select").selectOption("quantile");
    await page.waitForFunction(
      (before) =>
        [...document.querySelectorAll(".feature")]
          .find((one) => one.textContent.includes("monetary"))
          ?.querySelectorAll(".shape svg")[1]?.innerHTML !== before,
      before,
    );
    const country = page.locator(".feature", { hasText: "country" });
    await country.locator("input").check();
    await page.waitForSelector("text=Method: k-prototypes");
    await country.locator("input").uncheck();
    await page.waitForSelector("text=Method: k-means");
    for (const box of await page.$$(".feature.on input[type=checkbox]")) await box.uncheck();
    await page.waitForSelector('button:has-text("Look for clusters"):disabled');
    assert.deepEqual(errors, []);
  },

  "numbers of clusters appear as they are tried": async ({ browser, address }) => {
    const { page } = await begin(browser, address);
    // How many numbers the picture showed, each time it changed.
    const seen = page.evaluate(
      () =>
        new Promise((settle) => {
          const seen = new Set();
          const watching = new MutationObserver(() => {
            const title = [...document.querySelectorAll("main h2")].find((one) =>
              /of clusters tried/.test(one.textContent),
            );
            if (title) seen.add(title.textContent);
            if (!document.querySelector(".cluster-cards")) return;
            watching.disconnect();
            settle([...seen]);
          });
          watching.observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
    );
    await look(page);
    const tried = (await seen).map((text) => first(text));
    assert.ok(tried.length >= 3, `${tried.length} states seen`);
    assert.deepEqual(
      tried,
      [...tried].sort((a, b) => a - b),
    );
    assert.match(await page.textContent("h1"), /clusters/);
  },

  "what was finished before Cancel is kept and can be taken": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    await page.evaluate(() => {
      const watching = new MutationObserver(() => {
        const titles = [...document.querySelectorAll("main h2")];
        if (!titles.some((one) => /of clusters tried/.test(one.textContent))) return;
        watching.disconnect();
        document.querySelector("footer button").click();
      });
      watching.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    await page.click("text=Look for clusters");
    await page.waitForSelector('h2:has-text("Stopped after")');
    await idle(page);
    assert.equal(await page.locator(".cluster-cards").count(), 0);
    const kept = first(await page.textContent('h2:has-text("Stopped after")'));
    await page.click('.figure:has-text("Stopped after") button:has-text("Table")');
    assert.equal(await page.locator('.figure:has-text("Stopped after") tbody tr').count(), kept);
    const take = page.locator('button:has-text("Make these")');
    const k = first(await take.textContent());
    await take.click();
    await page.waitForSelector(".cluster-cards");
    await idle(page);
    assert.equal(await page.locator(".cluster-cards > li").count(), k);
    assert.deepEqual(errors, []);
  },

  "customers marked off by keyboard become a segment with as many in the file": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    await look(page);
    await page.focus('summary:has-text("Mark off by numbers")');
    await page.keyboard.press("Enter");
    await page.focus('input[aria-label="Across, from"]');
    await page.keyboard.press("Control+A");
    await page.keyboard.type("0.5");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".lassoed code");
    await idle(page);
    const numbers = await page.locator(".lassoed strong").allTextContents();
    const [marked, taken] = numbers.map(first);
    assert.ok(marked > 0 && taken > 0);
    await page.focus('button:has-text("Make a segment")');
    await page.keyboard.press("Enter");
    await page.waitForSelector('.segment-list:has-text("From the map")');
    await idle(page);
    assert.match(await page.textContent(".segment-list"), new RegExp(taken.toLocaleString("en")));
    assert.equal(await exported(page, "From the map"), taken);
    assert.deepEqual(errors, []);
  },

  "a line drawn with the mouse marks customers off": async ({ browser, address }) => {
    const { page } = await begin(browser, address);
    await look(page);
    const map = page.locator("svg.lasso");
    await map.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await map.boundingBox();
    await page.mouse.move(x + width * 0.1, y + height * 0.1);
    await page.mouse.down();
    for (const [across, down] of [
      [0.9, 0.1],
      [0.9, 0.6],
      [0.1, 0.6],
      [0.1, 0.2],
    ])
      await page.mouse.move(x + width * across, y + height * down, { steps: 6 });
    await page.mouse.up();
    await page.waitForSelector(".lassoed code");
    assert.ok(first(await page.textContent(".lassoed")) > 0);
    await page.click("text=Clear the mark");
    await page.waitForSelector(".lassoed", { state: "detached" });
    assert.equal(await page.locator(".outline").count(), 0);
  },

  "a cluster becomes a segment of exactly its members, under the name it was given": async ({ browser, address }) => {
    const { page, errors } = await begin(browser, address);
    await look(page);
    const card = page.locator(".cluster-cards > li >> nth=1");
    const members = first(await card.locator("p").first().textContent());
    await card.locator("textarea").fill("Regulars of ours");
    await card.locator("textarea").press("Enter");
    await idle(page);
    await card.locator('button:has-text("Use as segment")').click();
    await page.waitForSelector('.segment-list:has-text("Regulars of ours")');
    assert.equal(await exported(page, "Regulars of ours"), members);
    await step(page, "Clusters");
    assert.match(await page.textContent(".columns.even"), /Regulars of ours|silhouette/);
    assert.deepEqual(errors, []);
  },

  "a leaf of the tree becomes a segment by keyboard": async ({ browser, address }) => {
    const { page } = await begin(browser, address);
    await look(page);
    const figure = page.locator(".figure", { has: page.locator("svg.tree") });
    await figure.locator("[role=img]").focus();
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("ArrowRight");
      if ((await figure.locator('button:has-text("Use as segment")').count()) > 0) break;
    }
    const n = (await figure.locator(".readout").textContent()).match(/Customers: ([\d,]+)/)[1];
    await figure.locator('button:has-text("Use as segment")').click();
    await page.waitForSelector(".segment-list li");
    await idle(page);
    assert.match(await page.textContent(".segment-list"), new RegExp(n));
  },

  "it is said why a customer is here and not next door": async ({ browser, address }) => {
    const { page } = await begin(browser, address);
    await look(page);
    await page.click('.card >> nth=0 >> button:has-text("Customers")');
    await page.waitForSelector(".faces tbody tr");
    assert.match(await page.textContent(".faces"), /typical[\s\S]*borderline/);
    await page.click('.faces button:has-text("Why?") >> nth=0');
    await page.waitForSelector(".nearness");
    assert.match(await page.textContent(".nearness"), /Next door: “.+”, margin [\d.]+/);
  },

  "every method finds the planted kinds, says which it is, and draws what is its own": async ({ browser, address }) => {
    const { page, errors } = await visit(browser, address);
    await drop(page, "kinds.csv", kinds(300));
    await page.waitForSelector('h1:has-text("300 customers")');
    await proceed(page);
    await step(page, "Clusters");
    const tick = async (...names) => {
      for (const feature of await page.locator(".feature").all()) {
        const name = await feature.locator("strong").textContent();
        await feature.locator("input[type=checkbox]").setChecked(names.includes(name));
      }
    };
    const answers = ["first", "second", "third"];
    for (const [method, ...columns] of [
      ["k-means", "age", "spend"],
      ["k-prototypes", "age", "spend", ...answers],
      ["Gaussian mixture", "age", "spend"],
      ["Latent classes", ...answers],
      ["HDBSCAN", "age", "spend"],
      ["Ward", "age", "spend"],
    ]) {
      if (!(await page.locator(".cluster-setup").evaluate((one) => one.open)))
        await page.click(".cluster-setup > summary");
      await tick(...columns);
      const fold = page.locator("details", { has: page.locator(".methods") }).last();
      if (!(await fold.evaluate((one) => one.open))) await fold.locator("summary").click();
      await page.locator(".methods label", { hasText: method }).locator("input").check();
      const number = page.locator('label:has-text("Number of clusters") select');
      if (await number.isEnabled()) await number.selectOption("3");
      await page.click('main button.primary:has-text("Look")');
      await page.waitForFunction(
        (names) => document.querySelector(".cluster-setup h2").textContent === `Alike in: ${names}`,
        columns.join(", "),
      );
      await idle(page);
      assert.equal(await page.locator(".note.problem").count(), 0, method);
      assert.equal(await page.locator(".cluster-cards > li").count(), 3, method);
      assert.equal(await page.locator('h2:has-text("To go from 3 to 2")').count(), method === "Ward" ? 1 : 0, method);
    }
    assert.deepEqual(errors, []);
  },

  "the model leaves as JSON, ONNX and PMML": async ({ browser, address }) => {
    const { page } = await begin(browser, address);
    await look(page);
    const k = await page.locator(".cluster-cards > li").count();
    const files = {};
    for (const format of ["JSON", "ONNX", "PMML"]) {
      const { name, text } = await downloaded(page, () => page.click(`button:has-text("${format} of the model")`));
      assert.match(name, new RegExp(`-clusters\\.${format.toLowerCase()}$`));
      files[format] = text;
    }
    assert.equal(JSON.parse(files.JSON).labels.length, k);
    assert.match(files.PMML, /<PMML/);
    assert.ok(files.ONNX.length > 200);
    assert.doesNotMatch(files.JSON, /C0\d{4}/, "no customer's id");
  },

  "every picture has a name, its numbers as a table, and marks to read one by one": async ({ browser, address }) => {
    const { page } = await begin(browser, address, { viewport: NARROW });
    await look(page);
    const figures = await page.locator(".figure").all();
    assert.equal(figures.length, 5, "choice, silhouettes, map, snake, tree");
    for (const figure of figures) {
      const title = await figure.locator("h2").textContent();
      assert.ok((await figure.locator("[role=img]").getAttribute("aria-label")).length > 30, title);
      assert.match(await figure.locator("header p").textContent(), /\d/, `${title}: n`);
      await figure.locator("[role=img]").focus();
      await page.keyboard.press("ArrowRight");
      assert.ok((await figure.locator(".readout").textContent()).length > 10, title);
      await figure.locator('button:has-text("Table")').click();
      assert.ok((await figure.locator("tbody tr").count()) >= 2, title);
    }
  },

  "the same seed gives the same clusters": async ({ browser, address }) => {
    const { page } = await begin(browser, address);
    await look(page);
    const cards = await page.textContent(".cluster-cards");
    await page.click(".cluster-setup summary >> nth=0");
    await page.click("text=Look again");
    await idle(page);
    assert.equal(await page.textContent(".cluster-cards"), cards);
  },

  "data without groups are told plainly": async ({ browser, address }) => {
    const { page } = await visit(browser, address);
    await drop(page, "bell.csv", bell(2000));
    await page.waitForSelector('h1:has-text("2,000 customers")');
    await proceed(page);
    await step(page, "Clusters");
    await look(page);
    assert.equal((await page.textContent("h1")).trim(), "No clear clusters in these features");
    assert.match(await page.textContent("main"), /Rules or RFM groups will explain more/);
    await page.click("text=Write a rule");
    await page.waitForSelector(".rule-text");
  },
});
