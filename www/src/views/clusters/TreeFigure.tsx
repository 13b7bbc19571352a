/** The clusters as a few questions; each leaf can become a segment. */
import type { Actions } from "../../actions.ts";
import { TreeDiagram } from "../../charts/TreeDiagram.tsx";
import { leafRules } from "../../clusters/questions.ts";
import type { Clusters } from "../../clusters/shapes.ts";
import { count, percent, plural } from "../../format.ts";
import { Figure } from "../Figure.tsx";

export function TreeFigure({ found, actions }: { found: Clusters; actions: Actions }) {
  const { tree, clusters } = found;
  const name = (label: string | undefined): string =>
    clusters.find((cluster) => cluster.label === label)?.name ?? label ?? "";
  const leaves = tree.nodes.filter(({ low }) => low === undefined);
  const rules = leafRules(tree);
  const n = tree.nodes[0]?.n ?? 0;
  return (
    <Figure
      title={`${plural(leaves.length - 1, "question takes", "questions take")} ${percent(tree.fidelity)} of the customers to their own cluster`}
      subtitle={`n = ${count(n)}; share and number in each node. The spread within is ${tree.costRatio.toFixed(3)} times that of the clusters. A click on a leaf makes it a segment.`}
      summary={`Tree of ${leaves.length} leaves. ${tree.leaves.map((leaf) => `${leaf.text}: ${name(leaf.label)}, ${leaf.n} customers`).join("; ")}.`}
      numbers={{
        head: ["Node", "Customers", "Share", "Cluster", "Purity"],
        rows: tree.nodes.map((node) => [
          node.text,
          count(node.n),
          percent(node.share),
          node.low === undefined ? name(node.label) : "",
          node.low === undefined && node.purity !== undefined ? percent(node.purity) : "",
        ]),
      }}
      pick={{
        label: "Use as segment",
        can: (at) => rules.has(at),
        run: (at) => actions.segmentFromRule(name(tree.nodes[at]?.label), rules.get(at) ?? ""),
      }}
    >
      <TreeDiagram tree={tree} clusters={clusters} />
    </Figure>
  );
}
