/** How well does each customer fit its cluster? One blade a cluster: silhouettes from the best to the worst. */
import { scaleLinear } from "d3-scale";
import type { Blades as Data } from "../clusters/shapes.ts";
import { fixed } from "../clusters/words.ts";
import { percent } from "../format.ts";
import { useWidth } from "./useWidth.ts";

const GAP = 12;

export function Blades({ blades, colors }: { blades: Data; colors: readonly number[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(560);
  const left = 40;
  const all = blades.clusters.reduce((sum, { n }) => sum + n, 0);
  const room = Math.max(200, Math.min(380, blades.clusters.length * 64));
  const heights = blades.clusters.map(({ n }) => Math.max(34, (n / Math.max(1, all)) * room));
  const tops = heights.map((_, at) => heights.slice(0, at).reduce((sum, height) => sum + height + GAP, 4));
  const foot = heights.reduce((sum, height) => sum + height + GAP, 4);
  const lowest = Math.min(0, ...blades.clusters.map(({ values }) => values[values.length - 1] ?? 0));
  const x = scaleLinear([Math.max(-1, Math.floor(lowest * 5) / 5), 1], [left, width - 12]);
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${foot + 40}`} width={width} height={foot + 40} aria-hidden="true">
        {x.ticks(width < 420 ? 4 : 7).map((tick) => (
          <g key={tick}>
            <line class={tick === 0 ? "base" : "gridline"} x1={x(tick)} x2={x(tick)} y1="0" y2={foot} />
            <text class="axis" x={x(tick)} y={foot + 16} text-anchor="middle">
              {tick.toFixed(1).replace("-", "−")}
            </text>
          </g>
        ))}
        {blades.clusters.map(({ label, values, mean, below }, at) => {
          const [top, height] = [tops[at] ?? 0, heights[at] ?? 0];
          const step = height / Math.max(1, values.length);
          const corners = Array.from(values, (value, index) => {
            const y = top + index * step;
            return `L${x(value).toFixed(1)} ${y.toFixed(1)}V${(y + step).toFixed(1)}`;
          });
          return (
            <g key={label}>
              <path
                class={`fill-${colors[at] ?? 0}`}
                d={`M${x(0)} ${top.toFixed(1)}${corners.join("")}L${x(0)} ${(top + height).toFixed(1)}Z`}
              />
              <text class="strong" x="4" y={top + height / 2 + 4}>
                {at + 1}
              </text>
              <text class="small-text over" x={width - 14} y={top + height - 6} text-anchor="end">
                {width < 420 ? fixed(mean) : `mean ${fixed(mean)}, ${percent(below)} below 0`}
              </text>
            </g>
          );
        })}
        <line class="mean-line" x1={x(blades.mean)} x2={x(blades.mean)} y1="0" y2={foot} />
        <text class="axis" x={(left + width) / 2} y={foot + 34} text-anchor="middle">
          {width < 420
            ? "1 fits, 0 on the border"
            : "Silhouette: 1 fits, 0 on the border, below 0 nearer to another cluster"}
        </text>
      </svg>
    </div>
  );
}
