/** Which columns look different now, in words first, with the index and what it would be by chance. */

import type { Changes, Drift } from "../../changes/shapes.ts";
import { dayInWords } from "../../changes/words.ts";
import { BinPairs } from "../../charts/BinPairs.tsx";
import { count, number, percent, plural } from "../../format.ts";
import { Figure, NumberTable } from "../Figure.tsx";

/** More than so many pictures would hide the strongest. */
const MOST = 6;

export function Drifts({ changes }: { changes: Changes }) {
  const ordered = [...changes.drift].sort((a, b) => b.psi - a.psi);
  const drifted = ordered.filter(({ level }) => level !== "stable");
  const shown = drifted.slice(0, MOST);
  const rest = ordered.filter((one) => !shown.includes(one));
  if (ordered.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="drift-title">
      <h2 id="drift-title">
        {drifted.length === 0
          ? `No column looks different: ${plural(ordered.length, "column")} compared`
          : `${count(drifted.length)} of ${plural(ordered.length, "column")} ${drifted.length === 1 ? "looks" : "look"} different now`}
      </h2>
      <div class="drifts">
        {shown.map((one) => (
          <DriftFigure key={one.column} drift={one} changes={changes} />
        ))}
      </div>
      {rest.length > 0 && (
        <details class="panel fold">
          <summary>
            {plural(rest.length, shown.length > 0 ? "other column" : "column")} with{" "}
            {rest.length === 1 ? "its" : "their"} index
          </summary>
          <NumberTable
            caption="Columns and how much they changed"
            numbers={{
              head: ["Column", "Index (PSI)", "By chance", "Customers"],
              rows: rest.map((one) => [bare(one.sentence), fixed(one.psi), fixed(one.expectedPsi), count(one.n)]),
            }}
          />
        </details>
      )}
    </section>
  );
}

/** The sentence without the index, which stands beside it. */
const bare = (sentence: string): string => sentence.replace(/ \(PSI [^)]*\)\.?$/, "");

/** “10 to below 24” → “10–24”: ranges as they stand below an axis. */
const ranged = (label: string): string =>
  label
    .replace(/^below /, "< ")
    .replace(" to below ", "–")
    .replace(/ and more$/, "+")
    .replace(/\d+\.\d{3,}/g, (digits) => number(Number(digits)));

const fixed = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : "–");

function DriftFigure({ drift, changes }: { drift: Drift; changes: Changes }) {
  const { column, kind, psi, expectedPsi, n, sentence, statistic, level } = drift;
  const bins = kind !== "category" ? drift.bins.map((bin) => ({ ...bin, label: ranged(bin.label) })) : drift.bins;
  const test =
    statistic && Number.isFinite(statistic.p)
      ? ` ${statistic.name === "ks" ? "KS" : "χ²"} ${number(statistic.value)}, p ${statistic.p < 0.001 ? "< 0.001" : statistic.p.toFixed(3)}.`
      : "";
  return (
    <Figure
      title={bare(sentence)}
      subtitle={`${column}; n = ${count(n)}. PSI ${fixed(psi)}, by chance about ${fixed(expectedPsi)}: ${level === "strong" ? "a strong change" : "some change"}.${test} Grey: ${dayInWords(changes.before.date)}; blue: ${dayInWords(changes.after.date)}.`}
      summary={`${column} before and after. ${bins.map(({ label, before, after }) => `${label}: ${percent(before)} then, ${percent(after)} now`).join("; ")}.`}
      numbers={{
        head: ["Values", "Then", "Now", "Part of the index"],
        rows: bins.map(({ label, before, after, psi }) => [label, percent(before), percent(after), fixed(psi)]),
      }}
    >
      <BinPairs bins={bins} />
    </Figure>
  );
}
