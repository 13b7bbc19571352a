/** By which questions does a customer come to a cluster? The tree from left to right: share and number in each node, answers on the edges. */

import { answers, question } from "../clusters/questions.ts";
import type { Cluster, Tree } from "../clusters/shapes.ts";
import { count, percent, shortened } from "../format.ts";

const [BOX, HIGH, ACROSS, DOWN] = [172, 46, 228, 58];

/** A node with its place. */
interface Placed {
  node: number;
  x: number;
  y: number;
  parent?: { x: number; y: number; answer: string };
}

export function TreeDiagram({ tree, clusters }: { tree: Tree; clusters: readonly Cluster[] }) {
  const placed = place(tree);
  const width = Math.max(...placed.map(({ x }) => x)) + BOX + 8;
  const height = Math.max(...placed.map(({ y }) => y)) + HIGH + 8;
  return (
    <svg class="tree" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      {placed.map(({ node, x, y, parent }) => {
        if (!parent) return null;
        const [fromX, fromY, toY] = [parent.x + BOX, parent.y + HIGH / 2, y + HIGH / 2];
        return (
          <g key={node}>
            <path class="edge" d={`M${fromX} ${fromY}H${fromX + 16}V${toY}H${x}`} />
            <text class="small-text over" x={x - 6} y={toY - 5} text-anchor="end">
              {parent.answer}
            </text>
          </g>
        );
      })}
      {placed.map(({ node, x, y }) => {
        const own = tree.nodes[node] as Tree["nodes"][number];
        const { n, share, label, purity } = own;
        const at = clusters.findIndex((cluster) => cluster.label === label);
        const leaf = own.low === undefined;
        return (
          <g key={node} class="mark-column" data-mark={node}>
            <rect class={leaf ? "node-box leaf" : "node-box"} x={x} y={y} width={BOX} height={HIGH} rx="6" />
            {leaf && <rect class={`fill-${clusters[at]?.color ?? 0}`} x={x} y={y} width="6" height={HIGH} rx="2" />}
            <text class="strong" x={x + 14} y={y + 19}>
              {leaf ? `${at + 1}: ${shortened(clusters[at]?.name ?? label ?? "", 16)}` : question(own, 20)}
            </text>
            <text class="small-text" x={x + 14} y={y + 37}>
              {share < 0.01 ? percent(share) : `${Math.round(share * 100)}\u00a0%`}, n {count(n)}
              {leaf && purity !== undefined ? `, ${Math.round(purity * 100)}\u00a0% pure` : ""}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** Leaves below each other in the order of the cuts, every other node in the middle of what lies under it. */
function place({ nodes }: Tree): Placed[] {
  const placed: Placed[] = [];
  let leaves = 0;
  const walk = (at: number, depth: number): Placed => {
    const node = nodes[at] as Tree["nodes"][number];
    const { low, high } = node;
    const own: Placed = { node: at, x: 4 + depth * ACROSS, y: 0 };
    placed.push(own);
    if (low === undefined || high === undefined) {
      own.y = 4 + leaves * DOWN;
      leaves += 1;
      return own;
    }
    const below = [walk(low, depth + 1), walk(high, depth + 1)] as const;
    own.y = (below[0].y + below[1].y) / 2;
    const said = answers(node, nodes[low] as Tree["nodes"][number], nodes[high] as Tree["nodes"][number]);
    below.forEach((child, side) => {
      child.parent = { x: own.x, y: own.y, answer: said[side] ?? "" };
    });
    return own;
  };
  if (nodes.length > 0) walk(0, 0);
  return placed;
}
