// npm run bench: peers and us, taking turns on this machine; writes docs/benchmarks.md.
//
//   npm run bench [-- --case kmeans|million|reading|rfm|rules|sizes|value|all] [--quick]
//
// The case sizes writes some gigabytes and removes the largest file afterwards, unless --keep says otherwise.
// --quick runs small data and few rounds to see that the bench works; it writes no document. Results of each case are kept
// in .cache/bench, so a broken run is taken up again case by case.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { bail, root, run, SetupError } from "./run.mjs";
import { chromium, engine, packages, rust } from "./setup.mjs";

const names = ["kmeans", "million", "reading", "rfm", "rules", "sizes", "value"];
const quick = process.argv.includes("--quick");
const peersOnly = process.argv.includes("--peers-only");

function wanted() {
  const at = process.argv.indexOf("--case");
  const name = at < 0 ? "all" : process.argv[at + 1];
  if (name !== "all" && !names.includes(name)) throw new SetupError(`--case takes ${names.join(", ")} or all.`);
  return name === "all" ? names : [name];
}

async function bench() {
  const cases = wanted();
  await packages();
  if (!peersOnly) {
    await rust();
    await engine();
  }
  process.env.CHROMIUM = await chromium();
  const { open } = await import("./browser.mjs");
  const { folder } = await import("../bench/data.mjs");
  const { folder: peers } = await import("../bench/peers.mjs");
  const { write } = await import("../bench/report.mjs");
  const results = join(root, ".cache", "bench", "results");
  mkdirSync(results, { recursive: true });
  for (const name of cases) {
    console.log(`\n──── ${name} ────`);
    const smartcore = join(root, ".cache", "bench", "smartcore");
    const browser = await open({ "/data/": folder, "/peers/": peers, "/smartcore/": smartcore });
    try {
      const { run: measure } = await import(`../bench/${name}.mjs`);
      const result = await measure({ browser, quick, log: (line) => console.log(line) });
      const commit = (await run("git", ["rev-parse", "--short", "HEAD"], { quiet: true })).output.trim();
      const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
      const context = {
        chromium: browser.version,
        node: process.version,
        machine,
        commit,
        date: new Date().toISOString().slice(0, 10),
      };
      const text = JSON.stringify({ name, quick, ...context, ...result }, null, 2);
      if (quick || peersOnly) console.log(text);
      else writeFileSync(join(results, `${name}.json`), text);
    } finally {
      await browser.close();
    }
  }
  if (!quick && !peersOnly) write(results, join(root, "docs", "benchmarks.md"));
}

bench().catch(bail);
