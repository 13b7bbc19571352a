/** Groups made anew on the customers of now, beside those of the frozen definitions. */
import type { Refit } from "../../changes/shapes.ts";
import { signed } from "../../changes/words.ts";
import { count, percent } from "../../format.ts";
import { NumberTable } from "../Figure.tsx";

export function Refits({ refits }: { refits: readonly Refit[] }) {
  const other = refits.filter(({ agreement }) => agreement < 1);
  const same = refits.filter(({ agreement }) => agreement === 1).map(({ grouping }) => grouping);
  return (
    <>
      {same.length > 0 && (
        <p class="quiet">
          Made anew on the customers of now, {same.join(" and ")} {same.length === 1 ? "is" : "are"} the same to the
          last customer.
        </p>
      )}
      {other.map((one) => (
        <section key={one.grouping} class="panel" aria-label={`${one.grouping} made anew`}>
          <h2>{one.sentence}</h2>
          <p class="quiet">
            {one.grouping} as it is defined, beside the same made anew on the customers of now: {percent(one.agreement)}{" "}
            are in the same group by both.
          </p>
          <NumberTable
            caption={`${one.grouping}, frozen and made anew`}
            numbers={{
              head: ["Group", "As defined", "Made anew", "Difference"],
              rows: one.labels.map((label, at) => [
                label,
                count(one.frozen[at] ?? 0),
                count(one.refitted[at] ?? 0),
                signed((one.refitted[at] ?? 0) - (one.frozen[at] ?? 0)),
              ]),
            }}
          />
        </section>
      ))}
    </>
  );
}
