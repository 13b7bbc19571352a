// How many tests passed, failed and were skipped, by a runner's own words?

/** What a runner that printed no count is worth: one failure, so that silence never passes. */
const silent = (code) => ({ passed: 0, failed: 1, skipped: 0, note: `printed no count (exit code ${code})` });

const sum = (matches, group) => matches.reduce((total, match) => total + Number(match[group] ?? 0), 0);

/** A runner's exit code must agree with its counts: a bad exit without a failed test is one failure. */
function agree(code, counts) {
  if (code !== 0 && counts.failed === 0) return { ...counts, failed: 1, note: `ended with exit code ${code}` };
  return counts;
}

/** Cases that a test left out by itself, said as a line `skipped: N (why)`. */
const saidSkipped = (output) => sum([...output.matchAll(/^\s*skipped: (\d+)\b/gm)], 1);

/** cargo test: one `test result:` line for each program. */
export function cargo(code, output) {
  const lines = [...output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm)];
  if (lines.length === 0) return silent(code);
  const skipped = sum(lines, 3) + saidSkipped(output);
  return agree(code, { passed: sum(lines, 1), failed: sum(lines, 2), skipped });
}

/** node --test: `# pass 3` or `ℹ pass 3`. */
export function node(code, output) {
  const of = (word) => [...output.matchAll(new RegExp(`^(?:#|ℹ) ${word} (\\d+)`, "gm"))];
  if (of("pass").length === 0) return silent(code);
  const skipped = sum(of("skipped"), 1) + sum(of("todo"), 1) + saidSkipped(output);
  return agree(code, { passed: sum(of("pass"), 1), failed: sum(of("fail"), 1) + sum(of("cancelled"), 1), skipped });
}

/** vitest: `Tests  1 failed | 12 passed | 2 skipped (15)`. */
export function vitest(code, output) {
  const line = output.match(/^\s*Tests\s+(.*)$/m)?.[1];
  if (line === undefined || !/\d+ (passed|failed)/.test(line)) return silent(code);
  const of = (word) => Number(line.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0);
  const skipped = of("skipped") + of("todo") + saidSkipped(output);
  return agree(code, { passed: of("passed"), failed: of("failed"), skipped });
}

/** Our own runners: `3 passed, 0 failed, 1 skipped` as the last such line. */
export function plain(code, output) {
  const line = [...output.matchAll(/^(?:\S+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  if (!line) return silent(code);
  return agree(code, { passed: Number(line[1]), failed: Number(line[2]), skipped: Number(line[3] ?? 0) });
}

/** A check without counts of its own: one test. */
export function check(code) {
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** What a runner says of tests that failed, if only at the first attempt, with the lines set in below: for the end of a long log, where people look first. */
export function failures(output) {
  const told = output.matchAll(
    /^(?:(?:failed|again) +\S|✖ |not ok | ?FAIL +|test .* FAILED$).*(?:\n[ \t]{2,}\S.*){0,8}/gm,
  );
  return [...told].map(([lines]) => lines).slice(0, 20);
}
