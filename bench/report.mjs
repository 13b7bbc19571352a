// Writes docs/benchmarks.md from the kept results. Figures are copied, never typed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median, ms } from "./figures.mjs";

const intro = `# Benchmarks

Written by \`npm run bench\`; do not edit. Each figure comes from one run in which the sides took turns on one machine; a ratio is
the median of the ratios of neighbours in time (ours ÷ theirs: below 1, we are faster). The first round is thrown away. Answers
are compared before times. Absolute times vary with the machine; the ratios are what to rely on.
`;

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const count = (number) => number.toLocaleString("en");
const mebibytes = (number) => `${number < 10 ? number.toFixed(1) : number.toFixed(0)} MiB`;
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(2)} GB`;

const setting = (result) => {
  const versions = Object.entries(result.versions ?? {}).filter(([, version]) => version);
  const list = [...versions, ["Chromium", result.chromium], ["Node", result.node]].map(
    ([name, version]) => `${name} ${version}`,
  );
  return `${result.date}, commit ${result.commit}. ${result.machine}. ${list.join(", ")}.\n\`npm run bench -- --case ${result.name}\``;
};

const sections = {
  kmeans: (result) => {
    const { cells, peers, silhouette, workers, iterations, most, main } = result;
    const ratios = (key) => cells.map((cell) => cell[key].ratio).sort((a, b) => a - b);
    const middle = (key) => median(ratios(key)).toFixed(3);
    return [
      `## ${result.title}`,
      setting(result),
      `${result.rounds} rounds. scikit-learn's time is that of \`fit\` on one thread (Lloyd, 32-bit values, no tolerance). Ours runs from the call of ` +
        "`study.cluster({ k, initial, maxIterations, restarts: 1 })` on the page to the worker's word that labels, centres and inertia stand " +
        "(columns are scaled and checked within that time); the whole call goes on to silhouette, stability and the comparison with data without groups.",
      `**${iterations} iterations: median ${middle("twenty")} of scikit-learn's time** (goal ≤ 0.38), worst cell ${ratios("twenty").at(-1).toFixed(3)} (goal ≤ 0.75). ` +
        `**To rest (at most ${most}): median ${middle("rest")}** (goal ≤ 0.38).`,
      table(
        [
          "rows × features, k",
          `${iterations} iterations: ours`,
          "scikit-learn",
          "ratio",
          "to rest: ours",
          "scikit-learn",
          "iterations (ours, theirs)",
          "ratio",
          "inertia ÷ theirs",
        ],
        cells.map(({ n, d, k, twenty, rest }) => [
          `${count(n)} × ${d}, ${k}`,
          ms(twenty.ours),
          ms(twenty.theirs),
          twenty.ratio.toFixed(3),
          ms(rest.ours),
          ms(rest.theirs),
          rest.iterations.join(", "),
          rest.ratio.toFixed(3),
          rest.inertia.toFixed(7),
        ]),
      ),
      `Others in the same browser (${main.replace("000000 ", ",000,000 ")}; smartcore takes no starts and chooses its own):`,
      table(
        ["against", "its time", "ratio", "goal", "our whole call", "its inertia ÷ ours"],
        peers.map(({ name, time, ratio, goal, whole, inertia }) => [
          name,
          ms(time),
          ratio.toFixed(3),
          goal ? `≤ ${goal}` : "–",
          whole.toFixed(3),
          inertia.toFixed(7),
        ]),
      ),
      `Exact silhouette of ${count(silhouette.n)} × ${silhouette.d}, ${silhouette.k} clusters: ${ms(silhouette.ours)} against scikit-learn's ${ms(silhouette.theirs)}, **ratio ${silhouette.ratio.toFixed(3)}** (goal ≤ 0.1). ` +
        `Two workers against one, ${count(workers.n)} × ${workers.d}, ${workers.k}, to rest: ${ms(workers.two)} against ${ms(workers.one)}, **ratio ${workers.ratio.toFixed(3)}** (goal ≤ 0.58), the same bits.`,
    ];
  },
  reading: (result) => [
    `## ${result.title}`,
    setting(result),
    `${result.about} ${result.rounds} rounds. Ours runs from the call of \`load(file)\` on the page to the worker's word that typed ` +
      "columns stand, types inferred and verified over all cells; a second thread brings the file's bytes; the whole call goes on to the findings about quality, which no peer computes. " +
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
  rfm: (result) => [
    `## ${result.title}`,
    setting(result),
    `${result.about} ${result.rounds} rounds. Ours runs from the call of \`orders.customers()\` on the page to the answer of \`study.rfm()\`: the order lines are a ` +
      "table in the engine's memory, as they are in DuckDB's, and the customers and scores stay there as a table; in DuckDB's the same columns.",
    `**${ms(result.ours)}** against DuckDB-WASM's ${ms(result.theirs)}: **ratio ${result.ratio.toFixed(3)}** (goal ≤ ${result.goal}).`,
  ],
  rules: (result) => [
    `## ${result.title}`,
    setting(result),
    `${result.about} ${result.rounds} rounds. Ours runs from the call of \`study.count(rule)\`, \`segment.update(rule)\`, or 100 of \`study.segment\` and ` +
      "`study.overlap()` on the page to the answer there; every study is fresh but for the edits. Peers give members only, and have their rows in memory.",
    table(
      ["", "median"],
      result.medians.map(({ name, time }) => [name, `${time.toFixed(1)} ms`]),
    ),
    table(
      ["against", "ratio", "goal"],
      result.ratios.map(({ peer, ratio, goal }) => [peer, ratio.toFixed(3), `≤ ${goal}`]),
    ),
    `An edit of one condition, new counts at every node: **${result.edits.number.toFixed(1)} ms** for a number, **${result.edits.text.toFixed(1)} ms** for the text (goal: ${result.edits.goal} ms).`,
  ],
  value: (result) => [
    `## ${result.title}`,
    setting(result),
    "BG/NBD, MBG/NBD, Pareto/NBD and Gamma-Gamma fitted to an order log, with standard errors, and every customer's figures with intervals. Ours is " +
      "the whole call of `study.value()` in one worker, from order lines in memory; lifetimes begins with the lines in pandas, and finds neither errors nor intervals.",
    table(
      ["customers", "ours", "goal", "longest without a word", "lifetimes (native)", "ratio"],
      result.rows.map(({ customers, ours, goal, longest, theirs, ratio }) => [
        count(customers),
        ms(ours),
        `≤ ${goal} s`,
        ms(longest),
        theirs === undefined ? "–" : ms(theirs),
        ratio === undefined ? "–" : ratio.toFixed(3),
      ]),
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
  sizes: (result) => [
    `## ${result.title}`,
    setting(result),
    "One run each, in Chromium, the package in its workers. Memory is that of wasm modules: of the engine that holds the table, whose " +
      "memory never shrinks, so that what it has in the end is its peak; and of all engines together, their peaks added up though the " +
      "others, which help with reading, are gone when it is over. Estimates are of the engine with the table, beyond what it has when empty.",
    `A generated CSV of ${gigabytes(result.file.bytes)} and ${count(result.file.rows)} rows of ${result.file.columns} columns, of which customer, date and amount are kept. ` +
      "The order ids are not in memory, so every row counts as an order, which is a finding.",
    table(
      ["stage", "time", "engine with the table", "all engines"],
      result.marks.map(({ stage, ms: time, memory, total }) => [stage, ms(time), mebibytes(memory), mebibytes(total)]),
    ),
    `Peak: **${mebibytes(result.total)}** (goal: ${mebibytes(result.goals.rfm)}). Largest piece of the file in one buffer: **${mebibytes(result.piece)}** ` +
      `(goal: ${mebibytes(result.goals.piece)}); the CSV that came out has ${megabytes(result.csv)}.`,
    "The estimate of a preview against the memory that loading then took (goal: within 25 %).",
    table(
      ["file", "size", "rows", "estimate", "taken", "estimate ÷ taken"],
      result.estimates.map(({ what, bytes, rows, estimate, memory, ratio }) => [
        what,
        megabytes(bytes),
        count(rows),
        mebibytes(estimate),
        mebibytes(memory),
        ratio.toFixed(2),
      ]),
    ),
    "Over a limit: the time until the typed error for the large file (goal: 2 s); the same engine then loads another file.",
    table(
      ["refused", "after"],
      result.limits.map(({ what, refused }) => [what, ms(refused)]),
    ),
    `Previews by a fresh engine, and once more by the same (goal: ${result.goals.preview} ms).`,
    table(
      ["file", "size", "first", "again"],
      result.previews.map(({ file, bytes, first, again }) => [file, megabytes(bytes), ms(first), ms(again)]),
    ),
    `A workbook of 1,048,576 × 10 cells (${megabytes(result.workbook.bytes)}): loaded in ${ms(result.workbook.ms)} with at most ${mebibytes(result.workbook.total)} in wasm modules; ` +
      `peak of the page's process **${mebibytes(result.workbook.peak)}** (goal: ${mebibytes(result.goals.workbook)}), by the system's own books. Its archive is read in one piece, of ${mebibytes(result.workbook.piece)}.`,
  ],
};

export function write(folder, path) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const results = files.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
  const written = existsSync(path) ? readFileSync(path, "utf8") : "";
  const parts = Object.keys(sections).flatMap((name) => {
    const result = results.find((one) => one.name === name);
    if (result) return sections[name](result);
    // What was measured in another checkout stands as it was written.
    return written
      .split(/^(?=## )/m)
      .filter((part) => part.includes(`--case ${name}\``))
      .map((part) => part.trim());
  });
  const text = `${[intro.trim(), ...parts].join("\n\n")}\n`;
  if (written === text) return;
  writeFileSync(path, text);
  console.log("wrote docs/benchmarks.md");
}
