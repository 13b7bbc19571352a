/** A search while it runs, number by number; and what one that was stopped has left. */
import type { Actions } from "../../actions.ts";
import { KChart } from "../../charts/KChart.tsx";
import type { Search } from "../../clusters/shapes.ts";
import { bestStable, fixed, overlap } from "../../clusters/words.ts";
import { count, percent, plural } from "../../format.ts";
import { state } from "../../state.ts";
import { Figure } from "../Figure.tsx";

export function Searching({ search, actions }: { search: Search; actions: Actions }) {
  const { candidates, range, stopped } = search;
  const best = bestStable(candidates);
  const all = range.max - range.min + 1;
  const phase = state.running.value?.phase;
  return (
    <Figure
      title={
        stopped
          ? `Stopped after ${candidates.length} of ${plural(all, "number")} of clusters`
          : `${candidates.length} of ${plural(all, "number")} of clusters tried`
      }
      subtitle={
        best
          ? `Best so far: ${best.k} clusters, silhouette ${fixed(best.silhouette)}, stability ${overlap(best.stability)} of 1. n = ${count(state.study.value?.customers ?? 0)}.`
          : `${phase || "The first is on its way"} …`
      }
      summary={`Inertia and silhouette by number of clusters so far. ${candidates.map(({ k, silhouette }) => `${k}: ${fixed(silhouette)}`).join("; ")}.`}
      numbers={candidateTable(candidates)}
      foot={
        stopped && best ? (
          <div class="actions">
            <button type="button" class="primary" onClick={() => actions.takeStopped(best.k)}>
              Make these {best.k} clusters
            </button>
            <button type="button" class="small-button" onClick={() => actions.takeStopped(undefined)}>
              Put away
            </button>
            <span class="quiet">What was finished is kept; the rest was not tried.</span>
          </div>
        ) : undefined
      }
    >
      <KChart candidates={candidates} range={range} k={best?.k} />
    </Figure>
  );
}

/** Every number that was tried, with all that is known of it. */
export function candidateTable(candidates: Search["candidates"]) {
  const extra = candidates.some(({ gap }) => gap !== undefined);
  const predicted = candidates.some(({ predictionStrength }) => predictionStrength !== undefined);
  return {
    head: [
      "Clusters",
      "Silhouette",
      "Stability",
      "Smallest",
      "Inertia",
      "Calinski-Harabasz",
      "Davies-Bouldin",
      ...(extra ? ["Gap", "± error"] : []),
      ...(predicted ? ["Prediction strength"] : []),
    ],
    rows: candidates.map((one) => [
      one.k,
      fixed(one.silhouette),
      overlap(one.stability),
      percent(one.smallestShare),
      count(one.inertia),
      count(one.calinskiHarabasz),
      fixed(one.daviesBouldin),
      ...(extra ? [fixed(one.gap ?? Number.NaN), fixed(one.gapError ?? Number.NaN)] : []),
      ...(predicted ? [overlap(one.predictionStrength ?? Number.NaN)] : []),
    ]),
  };
}
