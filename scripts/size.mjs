// How heavy are the engine and the page, against their budgets? Ends with 1 when one is passed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { root } from "./run.mjs";

const read = (...path) => readFileSync(join(root, ...path));
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;
const under = (folder, ending) =>
  readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(ending))
    .sort();

/** What must arrive before the first screen works: the page, its scripts and styles, and what those import at once. */
function criticalPath(folder) {
  const html = read(folder, "index.html").toString();
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  const loads = tags.filter((tag) => /^<script/.test(tag) || /rel="?(?:stylesheet|modulepreload)/.test(tag));
  const queue = loads.flatMap((tag) => tag.match(/\b(?:src|href)="([^"]+)"/)?.[1] ?? []);
  const files = new Set(["index.html"]);
  while (queue.length) {
    const file = posix.normalize(queue.pop().replace(/^\.?\//, ""));
    if (files.has(file) || !existsSync(join(root, folder, file))) continue;
    files.add(file);
    if (!file.endsWith(".js")) continue;
    for (const match of read(folder, file)
      .toString()
      .matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+)"/g)) {
      queue.push(posix.join(dirname(file), match[1]));
    }
  }
  return [...files];
}

const engine = under("dist", ".wasm");
if (engine.join() !== "engine.wasm,exchange.wasm,workbook.wasm") {
  console.error(`the package must hold engine, exchange and workbook.wasm, dist/ holds: ${engine.join(", ")}`);
  process.exit(1);
}
const page = "www/dist";
const critical = criticalPath(page);
const scripts = under(page, ".js");
const total = (files) => files.reduce((sum, file) => sum + gzip(read(page, file)), 0);
console.log(`critical path: ${critical.join(", ")}`);

// The engine's goal of 180 kB is missed; its budget is close above what was reached, so that no growth goes unseen: 1 kB
// above, and 2 kB more since the folder in which it is built decides the order of functions (measured: 717.6 and 719.1 kB).
const ENGINE_GOAL = 180_000;
// So is that of the module for other languages: SQL, six formats, templates, and the reading and checking of rules.
const EXCHANGE_GOAL = 120_000;
const budgets = [
  ["engine, brotli", brotliCompressSync(read("dist", engine[0])).length, 733_000],
  ["exchange, brotli", brotliCompressSync(read("dist", engine[1])).length, 280_000],
  ["workbooks, brotli", brotliCompressSync(read("dist", engine[2])).length, 350_000],
  ["page's critical path, gzip", total(critical), 60_000],
  ["page's JavaScript, gzip", total(scripts), 260_000],
];
for (const [what, bytes, budget] of budgets) {
  const kilo = (n) => `${(n / 1000).toFixed(1)} kB`;
  console.log(`${bytes <= budget ? "within" : "OVER  "} ${what}: ${kilo(bytes)} of ${kilo(budget)}`);
  if (bytes > budget) process.exitCode = 1;
}
for (const [what, bytes, goal] of [
  ["engine", budgets[0][1], ENGINE_GOAL],
  ["exchange", budgets[1][1], EXCHANGE_GOAL],
]) {
  if (bytes > goal)
    console.log(`the ${what} misses its goal of ${goal / 1000} kB by ${((bytes - goal) / 1000).toFixed(1)} kB`);
}
