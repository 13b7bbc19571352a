/** Each segment then and now: who stayed, who entered, who left. */
import type { Actions } from "../../actions.ts";
import type { Compared, SegmentChange } from "../../changes/shapes.ts";
import { byChange, dayInWords, grew, points, signed } from "../../changes/words.ts";
import { Movement } from "../../charts/Movement.tsx";
import { count, percent } from "../../format.ts";
import { state } from "../../state.ts";
import { Figure } from "../Figure.tsx";

export function Sizes({ compared, actions }: { compared: Compared; actions: Actions }) {
  const { before, after, segments } = compared.changes;
  if (segments.length === 0) {
    return (
      <section class="panel" aria-labelledby="sizes-title">
        <h2 id="sizes-title">There are no segments to compare</h2>
        <p class="quiet">Write a rule first, or take a group of RFM: its size then and now stands here.</p>
      </section>
    );
  }
  const ordered = byChange(segments);
  const [most] = ordered;
  const colors = ordered.map(({ name }) => state.segments.value.find((one) => one.name === name)?.color ?? 0);
  const share = (n: number, all: number): number => n / Math.max(1, all);
  return (
    <Figure
      title={most && most.before !== most.after ? `“${most.name}” ${grew(most)}` : "Every segment kept its size"}
      subtitle={`n = ${count(before.customers)} customers on ${dayInWords(before.date)}, ${count(after.customers)} on ${dayInWords(after.date)}. Full bar: stayed; lighter: entered; dashed: left.`}
      summary={`Segments then and now. ${ordered
        .slice(0, 4)
        .map((one) => `${one.name}: ${one.before} then, ${one.after} now`)
        .join("; ")}.`}
      numbers={{
        head: [
          "Segment",
          "Then",
          "Share then",
          "Now",
          "Share now",
          "Change",
          "Points",
          "Stayed",
          "Entered",
          "Of them new",
          "Left",
          "Of them gone",
        ],
        rows: ordered.map((one) => [
          one.name,
          count(one.before),
          percent(share(one.before, before.customers)),
          count(one.after),
          percent(share(one.after, after.customers)),
          signed(one.after - one.before),
          points(share(one.after, after.customers) - share(one.before, before.customers)),
          count(one.stayed),
          count(one.entered),
          count(one.isNew),
          count(one.left),
          count(one.lost),
        ]),
      }}
      foot={compared.traceable && <Take segments={ordered} actions={actions} />}
    >
      <Movement segments={ordered} colors={colors} />
    </Figure>
  );
}

/** A segment of those who entered, stayed or left. */
function Take({ segments, actions }: { segments: readonly SegmentChange[]; actions: Actions }) {
  return (
    <details>
      <summary>Make a segment of those who stayed, entered or left</summary>
      <ul class="takes">
        {segments.map((one) => (
          <li key={one.name} class="row">
            <span class="grow">{one.name}</span>
            {(["stayed", "entered", "left"] as const).map((part) => {
              // Who is gone is no customer of this table.
              const n = part === "left" ? one.left - one.lost : one[part];
              return (
                <button
                  key={part}
                  type="button"
                  class="small-button"
                  disabled={n === 0}
                  aria-label={`${count(n)} ${part}: make a segment of those who ${part} “${one.name}”`}
                  onClick={() => actions.segmentOfChange(one.name, part)}
                >
                  {count(n)} {part}
                </button>
              );
            })}
          </li>
        ))}
      </ul>
    </details>
  );
}
