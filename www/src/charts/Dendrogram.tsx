/** Which groups would merge next? The upper end of Ward's tree: each bow joins two groups at the height that the merge costs. */
import { scaleLinear } from "d3-scale";
import type { Dendrogram as Data } from "../clusters/shapes.ts";
import { number, short } from "../format.ts";
import { useWidth } from "./useWidth.ts";

const HEIGHT = 250;

export function Dendrogram({ tree, k, colors }: { tree: Data; k: number; colors: readonly number[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const leaves = tree.sizes.length;
  const [left, right] = [52, width - 8];
  const order = leafOrder(tree);
  const step = (right - left) / Math.max(1, leaves);
  const heights = tree.merges.map(({ height }) => height);
  const y = scaleLinear([0, Math.max(...heights, 1e-9)], [HEIGHT, 10]).nice(4);
  // Where a node stands: leaves side by side, a merge in the middle above its two.
  const x: number[] = Array.from({ length: leaves }, (_, leaf) => left + step * (order.indexOf(leaf) + 0.5));
  const level = (node: number): number => (node < leaves ? 0 : (heights[node - leaves] ?? 0));
  for (const { left: one, right: other } of tree.merges) x.push(((x[one] ?? 0) + (x[other] ?? 0)) / 2);
  // Between the last merge inside a cluster and the first that would join two.
  const [below, above] = [heights[leaves - 1 - k] ?? 0, heights[leaves - k] ?? y.domain()[1] ?? 1];
  const many = step < 26;
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${HEIGHT + 46}`} width={width} height={HEIGHT + 46} aria-hidden="true">
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line class="gridline" x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
            <text class="axis" x={left - 8} y={y(tick) + 4} text-anchor="end">
              {number(tick)}
            </text>
          </g>
        ))}
        {tree.merges.map(({ left: one, right: other, height }, at) => (
          <path
            key={at}
            class="edge"
            d={`M${x[one]?.toFixed(1)} ${y(level(one)).toFixed(1)}V${y(height).toFixed(1)}H${x[other]?.toFixed(1)}V${y(level(other)).toFixed(1)}`}
          />
        ))}
        {k > 1 && (
          <line class="mean-line" x1={left} x2={right} y1={y((below + above) / 2)} y2={y((below + above) / 2)} />
        )}
        {order.map((leaf) => {
          const cluster = tree.clusters[leaf] ?? -1;
          return (
            <g key={leaf}>
              <rect
                class={`fill-${colors[cluster] ?? 0}`}
                x={(x[leaf] ?? 0) - Math.min(9, step * 0.35)}
                y={HEIGHT + 2}
                width={Math.min(18, step * 0.7)}
                height="10"
                rx="2"
              />
              <text class="small-text" x={x[leaf]} y={HEIGHT + 26} text-anchor="middle">
                {many ? cluster + 1 : short(tree.sizes[leaf] ?? 0)}
              </text>
            </g>
          );
        })}
        <text class="axis" x={(left + right) / 2} y={HEIGHT + 43} text-anchor="middle">
          {many ? "Cluster of each group" : "Customers in each group, in its cluster’s colour"}
        </text>
      </svg>
    </div>
  );
}

/** Leaves in the order in which no two bows cross. */
function leafOrder({ sizes, merges }: Data): number[] {
  const order: number[] = [];
  const open = [sizes.length + merges.length - 1];
  while (open.length > 0) {
    const node = open.pop() as number;
    const merge = merges[node - sizes.length];
    if (merge) open.push(merge.right, merge.left);
    else order.push(node);
  }
  return order;
}
