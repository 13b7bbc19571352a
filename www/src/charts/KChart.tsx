/** How good is each number of clusters? Two panels over the same numbers, and below them how steady the clusters are. */
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { Candidate } from "../clusters/shapes.ts";
import { STABLE } from "../clusters/words.ts";
import { number, short } from "../format.ts";
import { useWidth } from "./useWidth.ts";

const HEIGHT = 118;

interface Props {
  candidates: readonly Candidate[];
  range: { min: number; max: number };
  /** The chosen number, and the one that would be next. */
  k?: number | undefined;
  next?: number | undefined;
}

export function KChart({ candidates, range, k, next }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>(560);
  const left = 62;
  const ks = Array.from({ length: Math.max(1, range.max - range.min + 1) }, (_, at) => range.min + at);
  const x = scaleLinear([range.min, Math.max(range.max, range.min + 1)], [left + 18, width - 22]);
  const panels: { name: string; of(candidate: Candidate): number; tick(value: number): string }[] = [
    {
      name: width < 420 ? "Inertia: look for the bend" : "Spread left within (inertia): look for the bend",
      of: ({ inertia }) => inertia,
      tick: short,
    },
    { name: "Silhouette: higher is better", of: ({ silhouette }) => silhouette, tick: number },
  ];
  const foot = HEIGHT * 2 + 4;
  const many = (width - left) / ks.length < 40;
  const height = foot + (many ? 78 : 62);
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        {k !== undefined && <rect class="chosen" x={x(k) - 17} y="0" width="34" height={foot + 62} rx="6" />}
        {panels.map((panel, index) => {
          const values = candidates.map(panel.of).filter(Number.isFinite);
          const top = index * HEIGHT;
          const domain = [Math.min(0, ...values), Math.max(...values, 1e-9)];
          const y = scaleLinear(domain, [top + HEIGHT - 12, top + 32]).nice(3);
          const path = line<Candidate>(
            (candidate) => x(candidate.k),
            (candidate) => y(panel.of(candidate)),
          ).defined((candidate) => Number.isFinite(panel.of(candidate)))([...candidates]);
          return (
            <g key={panel.name}>
              <text class="strong" x="0" y={top + 14}>
                {panel.name}
              </text>
              {y.ticks(3).map((tick) => (
                <g key={tick}>
                  <line class="gridline" x1={left} x2={width - 8} y1={y(tick)} y2={y(tick)} />
                  <text class="axis" x={left - 8} y={y(tick) + 4} text-anchor="end">
                    {panel.tick(tick)}
                  </text>
                </g>
              ))}
              {path && <path class="curve" d={path} />}
              {candidates
                .filter((candidate) => Number.isFinite(panel.of(candidate)))
                .map((candidate) => (
                  <circle
                    key={candidate.k}
                    class={candidate.k === k ? "dot" : candidate.k === next ? "dot next" : "dot other"}
                    cx={x(candidate.k)}
                    cy={y(panel.of(candidate))}
                    r={candidate.k === k ? 6 : 4}
                  />
                ))}
            </g>
          );
        })}
        {ks.map((each) => (
          <text key={each} class={each === k ? "strong" : "axis"} x={x(each)} y={foot + 16} text-anchor="middle">
            {each}
          </text>
        ))}
        <text class="axis" x="0" y={foot + 16}>
          {width < 420 ? "k" : "Clusters"}
        </text>
        <text class="axis" x="0" y={foot + 35}>
          Stability
        </text>
        <text class="axis" x="0" y={foot + 54}>
          Smallest
        </text>
        {candidates.map((candidate) => (
          <g key={candidate.k}>
            <text
              class={candidate.stability < STABLE ? "small-text warn-fill" : "small-text"}
              x={x(candidate.k)}
              y={foot + 35}
              text-anchor="middle"
            >
              {candidate.stability.toFixed(2).replace(/^0/, many ? "" : "0")}
              {candidate.stability < STABLE && !many ? "!" : ""}
            </text>
            <text class="small-text" x={x(candidate.k)} y={foot + 54} text-anchor="middle">
              {smallest(candidate.smallestShare, many)}
            </text>
          </g>
        ))}
        {many && (
          <text class="axis" x="0" y={foot + 72}>
            Smallest cluster in % of customers
          </text>
        )}
      </svg>
    </div>
  );
}

/** Whole percents; a share that is nearly nothing does not read as nothing. */
function smallest(share: number, bare: boolean): string {
  const whole = share > 0 && share < 0.01 ? "<1" : String(Math.round(share * 100));
  return bare ? whole : `${whole}\u00a0%`;
}
