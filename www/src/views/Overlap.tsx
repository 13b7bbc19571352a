/** Who is in which segments at once: exact combinations, and every pair as a table. A click makes a rule of either. */
import { useId, useState } from "preact/hooks";
import type { Actions } from "../actions.ts";
import { UpSet } from "../charts/UpSet.tsx";
import { count, number, percent, plural } from "../format.ts";
import type { Overlap } from "../model.ts";
import { combination, combinationName } from "../rule/combination.ts";
import { known } from "../state.ts";
import { Figure } from "./Figure.tsx";
import { Scroller } from "./Scroller.tsx";

const MOST = 20;

interface Props {
  overlap: Overlap;
  colors: number[];
  customers: number;
  actions: Actions;
}

export function OverlapFigure({ overlap, colors, customers, actions }: Props) {
  const combinations = overlap.intersections.filter((one) => one.in.length > 0).sort((a, b) => b.count - a.count);
  const [shown, rest] = [combinations.slice(0, MOST), combinations.slice(MOST)];
  // What is not drawn: the smaller ones, and those that are too many to be listed at all.
  const more = rest.length + overlap.unlistedSets;
  const others = rest.reduce((sum, one) => sum + one.count, overlap.unlisted);
  const name = (members: number[]): string => members.map((index) => overlap.names[index]).join(" + ");
  const strongest = [...overlap.pairs].sort((a, b) => b.both - a.both)[0];
  const draft = (members: readonly number[], others: "out" | "any"): void =>
    actions.draftRule(combinationName(overlap.names, members, others), combination(known.value, members, others));
  const line = (label: string, n: number): [string, string, string] => [label, count(n), percent(n / customers)];
  return (
    <div class="columns even">
      <Figure
        title={
          strongest && strongest.both > 0
            ? `${overlap.names[strongest.a]} and ${overlap.names[strongest.b]} share ${plural(strongest.both, "customer")}`
            : "No customer is in two segments"
        }
        subtitle={`n = ${count(customers)}: each column is one exact combination; ${count(overlap.none)} are in no segment. A click makes a rule of it.`}
        summary={`Combinations of segments. ${combinations
          .slice(0, 4)
          .map((one) => `${name(one.in)}: ${one.count}`)
          .join("; ")}; in none: ${overlap.none}.`}
        numbers={{
          head: ["Combination", "Customers", "Share"],
          rows: [
            ...shown.map((one) => line(name(one.in), one.count)),
            ...(more > 0 ? [line(plural(more, "more combination"), others)] : []),
            line("In no segment", overlap.none),
          ],
        }}
        pick={{
          label: "Make this a segment",
          // “More combinations” are no rule; “in no segment” stands behind them.
          can: (index) => index < shown.length || index === shown.length + Math.min(1, more),
          run: (index) => draft(shown[index]?.in ?? [], "out"),
        }}
      >
        <UpSet names={overlap.names} counts={overlap.counts} colors={colors} combinations={shown} />
      </Figure>
      <Matrix overlap={overlap} draft={draft} />
    </div>
  );
}

type Measure = "count" | "share" | "jaccard" | "lift";
const MEASURES: Record<Measure, [words: string, note: string]> = {
  count: ["Customers", "Customers in both."],
  share: ["Share", "Share of the row’s segment that is also in the column’s."],
  jaccard: ["Jaccard", "Customers in both, of those in either: 1 where two segments are the same."],
  lift: ["Lift", "How much more often both than by chance: 1 where they have nothing to do with each other."],
};

function Matrix({
  overlap,
  draft,
}: {
  overlap: Overlap;
  draft(members: readonly number[], others: "out" | "any"): void;
}) {
  const [measure, setMeasure] = useState<Measure>("count");
  const id = useId();
  const { names, counts, pairs } = overlap;
  const pair = (a: number, b: number) =>
    pairs.find((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a));
  const cell = (a: number, b: number): { text: string; shade: number } => {
    const both = pair(a, b);
    const share = (both?.both ?? 0) / Math.max(1, counts[a] ?? 0);
    const shade = Math.ceil((measure === "jaccard" ? (both?.jaccard ?? 0) : share) * 3);
    const text = {
      count: count(both?.both ?? 0),
      share: percent(share),
      jaccard: (both?.jaccard ?? 0).toFixed(2),
      lift: number(both?.lift),
    }[measure];
    return { text, shade };
  };
  return (
    <section class="panel" aria-labelledby={id}>
      <div class="row">
        <h2 id={id} class="grow">
          Pairs
        </h2>
        <label>
          <span class="hidden">Measure of overlap</span>
          <select value={measure} onChange={(event) => setMeasure(event.currentTarget.value as Measure)}>
            {Object.entries(MEASURES).map(([name, [words]]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="quiet">{MEASURES[measure][1]} A click makes a rule of it.</p>
      <Scroller label="Overlap of pairs of segments">
        <table class="matrix">
          <caption class="hidden">Overlap of pairs of segments: {MEASURES[measure][0]}</caption>
          <thead>
            <tr>
              <th scope="col">Segment</th>
              {names.map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name, a) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {names.map((other, b) => {
                  if (a === b)
                    return (
                      <td key={other} class="number quiet">
                        {measure === "count" ? count(counts[a] ?? 0) : "–"}
                      </td>
                    );
                  const { text, shade } = cell(a, b);
                  return (
                    <td key={other} class={`number up-${shade}`}>
                      <button
                        type="button"
                        class="cell"
                        aria-label={`${name} and ${other}: ${text}. Make it a segment`}
                        onClick={() => draft([a, b], "any")}
                      >
                        {text}
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      {overlap.hints.length > 0 && (
        <ul class="bullets" aria-label="Segments that say much the same">
          {overlap.hints.map(({ a, b, kind }) => (
            <li key={`${a} ${b}`}>{HINTS[kind](names[a] ?? "", names[b] ?? "")}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

const HINTS: Record<Overlap["hints"][number]["kind"], (a: string, b: string) => string> = {
  identical: (a, b) => `“${a}” and “${b}” have the same customers: one of them is enough.`,
  inside: (a, b) => `Everyone in “${a}” is in “${b}”, too.`,
  overlapping: (a, b) => `“${a}” and “${b}” share more than 80\u00a0% of their customers: they are nearly one.`,
};
