import { UpSet } from "../charts/UpSet.tsx";
import { count, percent, plural } from "../format.ts";
import type { Overlap } from "../model.ts";
import { Figure, NumberTable } from "./Figure.tsx";

/** Who is in which segments at once: exact combinations, and every pair as a table. */
export function OverlapFigure({
  overlap,
  colors,
  customers,
}: {
  overlap: Overlap;
  colors: number[];
  customers: number;
}) {
  const combinations = overlap.intersections.filter((one) => one.in.length > 0).sort((a, b) => b.count - a.count);
  const name = (members: number[]): string => members.map((index) => overlap.names[index]).join(" + ");
  const strongest = [...overlap.pairs].sort((a, b) => b.both - a.both)[0];
  return (
    <div class="columns even">
      <Figure
        title={
          strongest && strongest.both > 0
            ? `${overlap.names[strongest.a]} and ${overlap.names[strongest.b]} share ${plural(strongest.both, "customer")}`
            : "No customer is in two segments"
        }
        subtitle={`n = ${count(customers)}: each column is one exact combination; ${count(overlap.none)} are in no segment.`}
        summary={`Combinations of segments. ${combinations
          .slice(0, 4)
          .map((one) => `${name(one.in)}: ${one.count}`)
          .join("; ")}; in none: ${overlap.none}.`}
        numbers={{
          head: ["Combination", "Customers", "Share"],
          rows: [
            ...combinations.map((one) => [name(one.in), count(one.count), percent(one.count / customers)]),
            ["In no segment", count(overlap.none), percent(overlap.none / customers)],
          ],
        }}
      >
        <UpSet names={overlap.names} counts={overlap.counts} colors={colors} combinations={combinations.slice(0, 20)} />
      </Figure>
      <section class="panel" aria-labelledby="pairs-title">
        <h2 id="pairs-title">Pairs</h2>
        <p class="quiet">Share of the row’s segment that is also in the column’s.</p>
        <NumberTable caption="Overlap of pairs of segments" numbers={matrix(overlap)} />
      </section>
    </div>
  );
}

function matrix({ names, counts, pairs }: Overlap): { head: string[]; rows: string[][] } {
  const both = (a: number, b: number): number =>
    pairs.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a))?.both ?? 0;
  return {
    head: ["Segment", ...names],
    rows: names.map((name, a) => [
      name,
      ...names.map((_, b) => (a === b ? "–" : percent(both(a, b) / Math.max(1, counts[a] ?? 0)))),
    ]),
  };
}
