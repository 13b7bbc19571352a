// Writes docs/benchmarks.md from the kept results. Figures are copied, never typed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ms } from "./figures.mjs";

const intro = `# Benchmarks

Written by \`npm run bench\`; do not edit. Each figure comes from one run in which the sides took turns on one machine; a ratio is
the median of the ratios of neighbours in time (ours ÷ theirs: below 1, we are faster). The first round is thrown away. Answers
are compared before times. Absolute times vary with the machine; the ratios are what to rely on.
`;

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const setting = (result) => {
  const versions = Object.entries(result.versions ?? {}).filter(([, version]) => version);
  const list = [...versions, ["Chromium", result.chromium], ["Node", result.node]].map(
    ([name, version]) => `${name} ${version}`,
  );
  return `${result.date}, commit ${result.commit}. ${result.machine}. ${list.join(", ")}.\n\`npm run bench -- --case ${result.name}\``;
};

const sections = {
  kmeans: (result) => [
    `## ${result.title}`,
    setting(result),
    `${result.rounds} rounds. scikit-learn's time is that of \`fit\`, ml-kmeans' that of its one function. Ours runs from the call of ` +
      "`study.cluster({ k, initial, maxIterations, restarts: 1 })` on the page to the worker's word that labels, centres and silhouette stand; " +
      "the whole call goes on to stability over bootstraps and the comparison with data without groups, which no peer computes.",
    table(
      ["", "median"],
      Object.entries(result.medians).map(([name, time]) => [name, ms(time)]),
    ),
    table(
      ["against", "ratio", "goal"],
      result.ratios.map(({ peer, ratio, goal }) => [peer, ratio.toFixed(3), goal ? `≤ ${goal}` : "–"]),
    ),
    table(
      ["answer", "iterations", "inertia ÷ scikit-learn's"],
      result.answers.map(({ name, iterations, ratio }) => [name, iterations, ratio.toFixed(7)]),
    ),
  ],
  reading: (result) => [
    `## ${result.title}`,
    setting(result),
    `${result.about} ${result.rounds} rounds. Ours runs from the call of \`load(file)\` on the page to the worker's word that typed ` +
      "columns stand, types inferred and verified over all cells; the whole call goes on to the findings about quality, which no peer computes. " +
      `Typed columns take ${result.alone.toFixed(2)} times as long as reading the File alone, in pieces of 4 MiB.`,
    table(
      ["", "median", "MB/s"],
      result.medians.map(({ name, time, speed }) => [name, ms(time), speed.toFixed(0)]),
    ),
    table(
      ["against", "ratio", "goal", "our whole call"],
      result.ratios.map(({ peer, ratio, goal, whole }) => [peer, ratio.toFixed(3), `≤ ${goal}`, whole.toFixed(3)]),
    ),
  ],
  million: (result) => [
    `## ${result.title}`,
    setting(result),
    result.about,
    table(
      ["stage", "time", "longest task on the main thread"],
      result.stages.map(({ stage, time, longest }) => [stage, ms(time), longest > 0 ? ms(longest) : "under 50 ms"]),
    ),
    `Longest task on the main thread: **${result.longest > 0 ? ms(result.longest) : "under 50 ms"}** (goal: under 200 ms), by the browser's own record of tasks over 50 ms.`,
    `Checked: ${result.checked.join("; ")}.`,
  ],
};

export function write(folder, path) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const results = files.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
  const parts = Object.keys(sections).flatMap((name) => {
    const result = results.find((one) => one.name === name);
    return result ? sections[name](result) : [];
  });
  const text = `${[intro.trim(), ...parts].join("\n\n")}\n`;
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  writeFileSync(path, text);
  console.log("wrote docs/benchmarks.md");
}
