// Sizes: how much memory large files take, whether the estimate before loading holds, and how soon a preview or a refusal comes.
import { rmSync, statSync } from "node:fs";
import { basename } from "node:path";
import { customers } from "./data.mjs";
import { ms } from "./figures.mjs";
import { archived, gzipped, orderColumns, orders, records, repeated, tables, workbook } from "./large.mjs";

const MiB = 2 ** 20;
const goals = { rfm: 1024, piece: 64, estimate: 0.25, limit: 2000, preview: 300, workbook: 700 };
const kept = { only: ["customer_id", "order_date", "amount"] };

export async function run({ browser, quick, log }) {
  const [many, half] = quick ? [200_000, 50_000] : [20_000_000, 1_000_000];
  const page = await browser.page("bench/page/sizes.js");
  const ask = async (path, question, more = {}) => {
    await page.setInputFiles("#file", path);
    return page.evaluate((o) => globalThis.ask(o), { question, ...more });
  };
  const wrong = [];
  const check = (holds, what) => holds || wrong.push(what);

  log("writing the files …");
  const large = await orders(many);
  const middle = await orders(half);
  const book = await workbook(quick ? 20_000 : 1_048_576);
  const forms = [
    large,
    await gzipped(middle),
    await archived(middle),
    await records(half, false),
    await records(half, true),
    book,
  ];

  const previews = [];
  for (const path of forms) {
    const { first, again } = await ask(path, "preview");
    previews.push({ file: basename(path), bytes: statSync(path).size, first, again });
    log(`preview of ${basename(path)}: ${ms(first)}, again ${ms(again)}`);
  }

  const limits = [];
  for (const [what, options] of [
    ["by the estimate", { limits: { memoryBytes: quick ? 2 ** 23 : 2 ** 28 } }],
    ["by the size", { limits: { bytes: 2 ** 20 } }],
  ]) {
    const { code, refused, alive } = await ask(large, "limit", { options });
    check(code === "limit-exceeded" && alive, `${what}: ${code}, ${alive ? "alive" : "dead"}`);
    limits.push({ what, refused });
    log(`refused ${what}: ${ms(refused)}`);
  }

  const estimates = [];
  const share = quick ? 0.05 : 1;
  const files = [
    [await customers(half), {}],
    [middle, {}],
    [middle, kept],
    [await tables.ids(800_000 * share), {}],
    [await tables.texts(300_000 * share), {}],
    [await tables.codes(600_000 * share), {}],
    [await tables.numbers(600_000 * share), {}],
    [await tables.moments(600_000 * share), {}],
    ...["telco_customer_churn", "bank_additional", "rfm_data_orders"].flatMap((name) => {
      const path = repeated(`${name}.csv`, quick ? 2 : 60);
      if (path === undefined) log(`skipped: 1 (${name}.csv is not there)`);
      return path === undefined ? [] : [[path, {}]];
    }),
  ];
  for (const [path, options] of files) {
    const { estimate, memory, rows } = await ask(path, "load", { options });
    const what = `${basename(path)}${options.only ? `, only ${options.only.join(", ")}` : ""}`;
    estimates.push({ what, bytes: statSync(path).size, rows, estimate, memory, ratio: estimate / memory });
    log(`${what}: estimate ${estimate.toFixed(0)} MiB, taken ${memory.toFixed(0)} MiB`);
  }

  const renderer = await browser.peak();
  const sheet = await ask(book, "load");
  const workbookPeak = renderer() / MiB;
  check(sheet.rows === (quick ? 20_000 : 1_048_576) - 1, `the workbook gives ${sheet.rows} rows`);
  log(`workbook: modules ${sheet.total.toFixed(0)} MiB, renderer ${workbookPeak.toFixed(0)} MiB, ${ms(sheet.ms)}`);

  const columns = ["order_id", "note"];
  const found = await ask(large, "orders", { options: kept, columns });
  for (const { stage, ms: time, memory } of found.marks) log(`${stage}: ${ms(time)}, ${memory.toFixed(0)} MiB`);
  // Order ids count up from the first row: what was read again must be those of the rows that were asked for.
  const [offset, length, id] = found.page;
  check(found.rows === many && length === 50 && id === String(400_000_000 + offset), `the page begins with ${id}`);
  check(found.csv.last.startsWith(`${400_000_000 + many - 1},`), `the CSV ends in ${found.csv.last}`);
  check(found.scored === found.customers, `${found.scored} of ${found.customers} customers have a score`);
  estimates.push({
    what: `${basename(large)}, only ${kept.only.join(", ")}`,
    bytes: statSync(large).size,
    rows: many,
    estimate: found.estimate,
    memory: found.marks[1].memory,
    ratio: found.estimate / found.marks[1].memory,
  });
  const bytes = statSync(large).size;
  await page.close();
  if (wrong.length) throw new Error(`wrong answer: ${wrong.join("; ")}`);
  if (!process.argv.includes("--keep")) rmSync(large);

  return {
    title: "Sizes",
    file: { bytes, rows: many, columns: orderColumns.length },
    goals,
    marks: found.marks,
    total: found.total,
    piece: found.piece,
    csv: found.csv.bytes,
    estimates,
    limits,
    previews,
    workbook: { bytes: statSync(book).size, ms: sheet.ms, total: sheet.total, peak: workbookPeak, piece: sheet.piece },
  };
}
