/** Ward's tree: which clusters would merge next, and what it would cost. */
import { Dendrogram } from "../../charts/Dendrogram.tsx";
import type { Clusters, Dendrogram as Data } from "../../clusters/shapes.ts";
import { count, number, plural } from "../../format.ts";
import { Figure } from "../Figure.tsx";

export function DendrogramFigure({ found, tree }: { found: Clusters; tree: Data }) {
  const { clusters, k } = found;
  const [inside, next] = [tree.merges[tree.merges.length - k], tree.merges[tree.merges.length - k + 1]];
  const all = tree.sizes.reduce((sum, size) => sum + size, 0);
  const name = (cluster: number | undefined): string => clusters[cluster ?? -1]?.name ?? "–";
  return (
    <Figure
      title={
        inside && next
          ? `To go from ${k} to ${plural(k - 1, "cluster")} costs ${number(next.height / Math.max(1e-12, inside.height))} times as much as the merge before`
          : `The last ${tree.merges.length} merges`
      }
      subtitle={`Height is what a merge adds to the spread within (Ward), n = ${count(all)}. The dashed line cuts the tree into ${plural(k, "cluster")}.`}
      summary={`Tree of ${tree.merges.length} merges of ${tree.sizes.length} groups. The last merges are at ${tree.merges
        .slice(-4)
        .map(({ height }) => number(height))
        .join(", ")}.`}
      numbers={{
        head: ["Merge", "Height", "Customers", "Clusters left"],
        rows: tree.merges.map(({ height, size }, at) => [at + 1, number(height), count(size), tree.merges.length - at]),
      }}
      foot={
        <p class="quiet small-text">
          Groups by cluster:{" "}
          {clusters
            .map((_, cluster) => `${name(cluster)} ${tree.clusters.filter((own) => own === cluster).length}`)
            .join(", ")}
          .
        </p>
      }
    >
      <Dendrogram tree={tree} k={k} colors={clusters.map(({ color }) => color)} />
    </Figure>
  );
}
