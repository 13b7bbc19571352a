// Throws bytes at the parsers until something breaks.
//
//   node scripts/fuzz.mjs [seconds] [target …]
//
// Builds fuzz/ with the coverage that libFuzzer steers by and runs each target (all of them unless named) for so many
// seconds, 60 unless said. A failing input stays in fuzz/artifacts; `cargo fuzz run TARGET` works there as well.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./run.mjs";

const folder = join(root, "fuzz");
const words = process.argv.slice(2);
const seconds = Number(words.find((word) => /^\d+$/.test(word)) ?? 60);
const named = words.filter((word) => !/^\d+$/.test(word));
const all = readdirSync(join(folder, "fuzz_targets")).map((file) => file.replace(/\.rs$/, ""));
const targets = named.length > 0 ? named : all;

// What cargo-fuzz asks of the compiler, without the parts that need a nightly one: safe code has no use for a sanitizer.
const flags = [
  "--cfg fuzzing",
  "-Cpasses=sancov-module",
  "-Cllvm-args=-sanitizer-coverage-level=4",
  "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
  "-Cllvm-args=-sanitizer-coverage-pc-table",
  "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/** Inputs to begin with: what is hard to find by chance. */
const seeds = [
  'id,name,amount\n1,"a ""b"" c",5\n2,\'x\',1.234,56\n',
  "Title\n\n# note\nid;day;x\n1;03/04/2026;1,5\n2;2026-04-05T10:00:00Z;2,5\n3;5 May 2026;3,5\nTotal;;7,5\n",
  'a\tb\n1\t"x\\"y"\n\n2\tz\n\nother\tq\n1\t2\n',
  " 1  2.5\r\n 2  3.5\r\n",
  "1 234,50 €",
  "(1,234.56)",
  "12/31/99 11:59 PM",
  '[{"id":1,"a":{"b":"x\\u00e9","c":[1,"y"]},"n":-1.5e3},{"id":null,"more":true}]',
  '{"page":1,"data":{"rows":[{"a":1},{"a":"2"}]}}\n',
  '{"a":["x","y"],"b":[1,2]}',
  '["name","age"]\n["Zoë",41]\n{"name":"x"}\n',
  "count(orders where c = 'x' and (a + 1) * 2 > 3 in last 90 days) >= 3 treat missing as 0 or not b like 'x%' ignoring case",
  "sequence(orders then not orders where a in top 3 percent per b ties by c within 2 weeks with same b) and in segment 'V'",
  '{"not":true,"rules":[{"expression":{"call":"length","of":[{"column":"b"}]},"operator":"between","value":[1,2],"exclusive":true},"or",{"field":"f","operator":"anyOf","value":["x"]}]}',
  // Parts of workbooks; the first letter says which.
  'a<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c><c t="e"><v>#N/A</v></c></row></sheetData>',
  'b<sst uniqueCount="2"><si><t>name</t></si><si><r><t>a</t></r><rPh><t>b</t></rPh></si></sst>',
  'c<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[h]:mm"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs></styleSheet>',
  'e<d:document-content><table:table table:name="S"><table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/></text:p></table:table-cell></table:table-row></table:table></d:document-content>',
];

async function fuzz(target) {
  const corpus = join(folder, "corpus", target);
  const artifacts = join(folder, "artifacts", target);
  mkdirSync(corpus, { recursive: true });
  mkdirSync(artifacts, { recursive: true });
  seeds.forEach((seed, at) => {
    writeFileSync(join(corpus, `seed-${at}`), seed);
  });
  const limits = ["-timeout=5", "-rss_limit_mb=512", "-max_len=4096"];
  const program = join(folder, "target", host, "release", target);
  const until = performance.now() + seconds * 1000;
  let tries = 0;
  for (;;) {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (left <= 0) return { target, tries, sound: tries > 0 };
    const wanted = [corpus, `-artifact_prefix=${artifacts}/`, "-print_final_stats=1", `-max_total_time=${left}`];
    const { code, output } = await run(program, [...wanted, ...limits]);
    tries += Number(output.match(/number_of_executed_units: (\d+)/)?.[1] ?? 0);
    if (code === 0) return { target, tries, sound: tries > 0 };
    // The clock goes on while others have the processor: what took too long is tried again, alone.
    const slow = output.match(/Test unit written to (\S*\/timeout-\S+)/)?.[1];
    if (slow === undefined || (await run(program, [slow, ...limits], { quiet: true })).code !== 0)
      return { target, tries, sound: false };
    rmSync(slow);
    console.log(`${target}: an input was slow only because the machine was busy; going on`);
  }
}

// The host is named so that the flags are kept from build scripts.
const host = (await run("rustc", ["-vV"], { quiet: true })).output.match(/^host: (.+)$/m)?.[1] ?? "";
const built = await run(
  "cargo",
  ["build", "--release", "--target", host, "--manifest-path", join(folder, "Cargo.toml")],
  {
    env: { RUSTFLAGS: flags.join(" "), CARGO_TARGET_DIR: join(folder, "target") },
  },
);
if (built.code !== 0) process.exit(built.code);
const results = [];
for (const target of targets) results.push(await fuzz(target));
for (const { target, tries, sound } of results)
  console.log(`${target.padEnd(8)} ${tries} inputs ${sound ? "" : "BROKEN"}`);
const failed = results.filter((result) => !result.sound).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
