/** Two aligned panels over the number of clusters: silhouette above, Calinski-Harabasz below. */
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { number } from "../format.ts";
import type { Candidate } from "../model.ts";
import { useWidth } from "./useWidth.ts";

export function KChart({ candidates, k }: { candidates: readonly Candidate[]; k: number }) {
  const [ref, width] = useWidth<HTMLDivElement>(560);
  const left = 56;
  const ks = candidates.map((candidate) => candidate.k);
  const x = scaleLinear([Math.min(...ks), Math.max(...ks)], [left + 16, width - 22]);
  const panels = [
    { name: "Silhouette", of: (candidate: Candidate) => candidate.silhouette, zero: true },
    { name: "Calinski-Harabasz", of: (candidate: Candidate) => candidate.calinskiHarabasz, zero: true },
  ];
  const height = 118;
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${height * 2 + 34}`} width={width} height={height * 2 + 34} aria-hidden="true">
        <rect class="chosen" x={x(k) - 14} y="0" width="28" height={height * 2 + 2} rx="6" />
        {panels.map((panel, index) => {
          const values = candidates.map(panel.of);
          const top = index * height;
          const y = scaleLinear(
            [Math.min(0, ...values), Math.max(...values, 1e-9)],
            [top + height - 14, top + 30],
          ).nice(3);
          const path =
            line<Candidate>(
              (candidate) => x(candidate.k),
              (candidate) => y(panel.of(candidate)),
            )([...candidates]) ?? "";
          return (
            <g key={panel.name}>
              <text class="strong" x="0" y={top + 14}>
                {panel.name}
              </text>
              {y.ticks(3).map((tick) => (
                <g key={tick}>
                  <line class="gridline" x1={left} x2={width - 8} y1={y(tick)} y2={y(tick)} />
                  <text class="axis" x={left - 8} y={y(tick) + 4} text-anchor="end">
                    {number(tick)}
                  </text>
                </g>
              ))}
              <path class="curve" d={path} />
              {candidates.map((candidate) => (
                <circle
                  key={candidate.k}
                  class={candidate.k === k ? "dot" : "dot other"}
                  cx={x(candidate.k)}
                  cy={y(panel.of(candidate))}
                  r={candidate.k === k ? 6 : 4}
                />
              ))}
            </g>
          );
        })}
        {candidates.map((candidate) => (
          <text
            key={candidate.k}
            class={candidate.k === k ? "strong" : "axis"}
            x={x(candidate.k)}
            y={height * 2 + 16}
            text-anchor="middle"
          >
            {candidate.k}
          </text>
        ))}
        <text class="axis" x={(left + width) / 2} y={height * 2 + 32} text-anchor="middle">
          Number of clusters
        </text>
      </svg>
    </div>
  );
}
