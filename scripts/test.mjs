// npm test: sets up what is missing, runs every test and ends with one line over all runners.
//
//   npm test [-- --only rust,wasm,house,package,page,sql,models,drift,e2e,checks] [--install] [--checks]
//
// --install lets Debian packages be installed (Chromium); --checks adds formatting, lints, types, documents and sizes.
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { checks } from "./check.mjs";
import * as counts from "./count.mjs";
import { bail, must, root, run, SetupError } from "./run.mjs";
import { chromium, engine, packages, page, rust } from "./setup.mjs";

const stages = {
  rust: {
    set: () => rust(),
    run: () => run("cargo", ["test", "--no-fail-fast", "--", "--show-output"]),
    count: counts.cargo,
  },
  wasm: {
    set: () => rust({ targets: ["wasm32-wasip1"] }),
    run: wasi,
    count: counts.cargo,
  },
  house: {
    set: async () => {
      process.env.CHROMIUM = await chromium();
      await engine();
    },
    run: () => run(process.execPath, ["--test", ...nodeTests()]),
    count: counts.node,
  },
  package: {
    set: () => engine(),
    run: () => vitest("tests/package"),
    count: counts.vitest,
  },
  page: {
    set: () => engine(),
    run: () => vitest("www"),
    count: counts.vitest,
  },
  // The whole, with 500 rules an engine: node scripts/sql.mjs
  sql: {
    set: () => engine(),
    run: () => run(process.execPath, ["scripts/sql.mjs", "--rules", "40", ...installing()]),
    count: counts.plain,
  },
  // The whole, with 10,000 rows: node scripts/models.mjs
  models: {
    set: () => engine(),
    run: () => run(process.execPath, ["scripts/models.mjs", "--rows", "500", ...installing()]),
    count: counts.plain,
  },
  // The whole, with 60 sets: node scripts/drift.mjs
  drift: {
    set: () => engine(),
    run: () => run(process.execPath, ["scripts/drift.mjs", "--sets", "12", ...installing()]),
    count: counts.plain,
  },
  e2e: {
    set: async () => {
      process.env.CHROMIUM = await chromium();
      await page();
    },
    run: () => run(process.execPath, ["tests/e2e/run.mjs"]),
    count: counts.plain,
  },
};

/** Runs the Rust tests in wasm. A program there has one thread, so that its tests are dealt to as many runs as there are cores. */
async function wasi() {
  console.log("left out in wasm: tests/architecture.rs (about the sources, not the program)");
  const target = ["--target", "wasm32-wasip1", "--message-format=json-render-diagnostics"];
  const packages = ["--package=marquetry", "--package=marquetry-math"];
  const args = ["test", "--no-run", ...packages, ...target, "--lib", "--test", "engine"];
  // Messages there name no lines but those of a panic, which do without.
  const env = { CARGO_PROFILE_DEV_DEBUG: "none" };
  const built = await must("compiling the tests to wasm", "cargo", args, { quiet: true, env });
  const programs = built.output.split("\n").flatMap((line) => line.match(/"executable":"([^"]+)"/)?.[1] ?? []);
  const start = (program, ...rest) =>
    run(process.execPath, ["--no-warnings", join(root, "scripts", "wasi.mjs"), program, ...rest], { quiet: true });
  const hands = [];
  for (const program of programs) {
    const { output } = await start(program, "--list", "--format", "terse");
    const names = output.split("\n").flatMap((line) => line.match(/^(\S+): test$/)?.[1] ?? []);
    const count = Math.min(names.length, 4 * availableParallelism());
    const dealt = Array.from({ length: count }, (_, hand) => names.filter((_, at) => at % count === hand));
    hands.push(...dealt.map((tests, hand) => ({ name: `${basename(program)} ${hand + 1}/${count}`, program, tests })));
  }
  const results = [];
  const worker = async () => {
    for (let hand = hands.shift(); hand; hand = hands.shift()) {
      const result = await start(hand.program, "--show-output", "--exact", ...hand.tests);
      console.log(`\n${hand.name}: ${result.seconds.toFixed(1)} s\n${result.output}`);
      results.push(
        result.code === 0 ? result : { ...result, output: `${result.output}\nnot ok ${hand.name}: ${result.code}` },
      );
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return { code: Math.max(...results.map(({ code }) => code)), output: results.map(({ output }) => output).join("\n") };
}

const vitest = (folder) => run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--root", folder]);

const installing = () => (process.argv.includes("--install") ? ["--install"] : []);

/** Tests of the repository itself, run by node's own test runner. */
function nodeTests() {
  return readdirSync(join(root, "tests"))
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => join("tests", name));
}

function wanted() {
  const at = process.argv.indexOf("--only");
  const all = [...Object.keys(stages), "checks"];
  if (at < 0) return process.argv.includes("--checks") ? ["checks", ...Object.keys(stages)] : Object.keys(stages);
  const names = (process.argv[at + 1] ?? "").split(",");
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length) throw new SetupError(`--only takes ${all.join(", ")}; not “${unknown.join(", ")}”.`);
  return names;
}

/** Runs one stage to its counts. What cannot be set up is a failure with its reason, and the others still run. */
async function stage(name, { set, run, count }) {
  console.log(`\n──── ${name} ────`);
  const began = performance.now();
  let found;
  try {
    await set();
    const { code, output } = await run();
    const plain = stripVTControlCharacters(output);
    found = count(code, plain);
    found.failures = counts.failures(plain);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    found = { passed: 0, failed: 1, skipped: 0, note: error.message };
  }
  return { name, ...found, seconds: (performance.now() - began) / 1000 };
}

async function test() {
  const names = wanted();
  await packages();
  const results = [];
  for (const name of names) {
    if (name === "checks")
      for (const check of checks) results.push(await stage(check.name, { count: counts.check, ...check }));
    else results.push(await stage(name, stages[name]));
  }
  for (const { name, failures = [] } of results) for (const lines of failures) console.log(`\n${name}: ${lines}`);
  console.log("\n──── summary ────");
  for (const { name, passed, failed, skipped, seconds, note } of results) {
    const line = `${name.padEnd(16)} ${String(passed).padStart(5)} ok ${String(failed).padStart(4)} bad ${String(skipped).padStart(4)} left out`;
    console.log(`${line} ${seconds.toFixed(1).padStart(7)} s${note ? `   ${note}` : ""}`);
  }
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  console.log(`${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`);
  process.exitCode = total("failed") > 0 || total("passed") === 0 ? 1 : 0;
}

test().catch(bail);
