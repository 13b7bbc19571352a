/** How well customers fit their clusters. */
import { Blades } from "../../charts/Blades.tsx";
import type { Clusters } from "../../clusters/shapes.ts";
import { fixed } from "../../clusters/words.ts";
import { count, percent } from "../../format.ts";
import { Figure } from "../Figure.tsx";

export function BladesFigure({ found }: { found: Clusters }) {
  const { blades, clusters } = found;
  const n = found.customers - found.notClustered;
  const of = (label: string) => clusters.find((cluster) => cluster.label === label);
  const worst = [...blades.clusters].sort((a, b) => a.mean - b.mean)[0];
  const misplaced = blades.clusters.reduce((sum, one) => sum + one.below * one.n, 0);
  const sample = blades.clusters.reduce((sum, one) => sum + one.n, 0);
  return (
    <Figure
      title={
        misplaced < 0.5
          ? "Nobody lies nearer to another cluster"
          : `${percent(misplaced / Math.max(1, sample))} lie nearer to another cluster${worst ? `; “${of(worst.label)?.name ?? worst.label}” is the loosest` : ""}`
      }
      subtitle={`Silhouette of each customer, best first; n = ${count(blades.sampleSize)} of ${count(n)}. The dashed line is the mean, ${fixed(blades.mean)}.`}
      summary={`Silhouettes by cluster. ${blades.clusters.map((one, at) => `${at + 1}: mean ${fixed(one.mean)}, ${percent(one.below)} below 0`).join("; ")}.`}
      numbers={{
        head: ["Cluster", "Sampled", "Mean", "Below 0", "Best", "Median", "Worst"],
        rows: blades.clusters.map(({ label, n, mean, below, values }) => [
          of(label)?.name ?? label,
          count(n),
          fixed(mean),
          percent(below),
          fixed(values[0] ?? Number.NaN),
          fixed(values[Math.floor((values.length - 1) / 2)] ?? Number.NaN),
          fixed(values[values.length - 1] ?? Number.NaN),
        ]),
      }}
    >
      <Blades blades={blades} colors={blades.clusters.map(({ label }) => of(label)?.color ?? 0)} />
    </Figure>
  );
}
