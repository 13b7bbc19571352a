/** Foretold against seen: dots on the diagonal are foretold as often as they come true. */
import { scaleLinear } from "d3-scale";
import { percent } from "../format.ts";
import { useWidth } from "./useWidth.ts";

export interface Dot {
  predicted: number;
  observed: number;
  n: number;
}

export function Calibration({ dots }: { dots: readonly Dot[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(420);
  const side = Math.min(width, 300);
  const [left, foot] = [52, side - 44];
  const most = Math.min(1, Math.max(0.1, ...dots.flatMap(({ predicted, observed }) => [predicted, observed])) * 1.06);
  const x = scaleLinear([0, most], [left, side - 12]);
  const y = scaleLinear([0, most], [foot, 26]);
  const largest = Math.max(...dots.map(({ n }) => n), 1);
  const ticks = x.ticks(4);
  const short = (share: number): string => percent(share).replace(".0", "");
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${side} ${side}`} width={side} height={side} aria-hidden="true">
        <text class="axis" x="0" y="14">
          Came true
        </text>
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="gridline" x1={left} x2={side - 12} y1={y(tick)} y2={y(tick)} />
            <text class="axis" x={left - 8} y={y(tick) + 4} text-anchor="end">
              {short(tick)}
            </text>
            <text class="axis" x={x(tick)} y={foot + 17} text-anchor="middle">
              {short(tick)}
            </text>
          </g>
        ))}
        <line class="guide" x1={x(0)} y1={y(0)} x2={x(most)} y2={y(most)} />
        <polyline
          class="curve"
          points={dots.map(({ predicted, observed }) => `${x(predicted)},${y(observed)}`).join(" ")}
        />
        {dots.map(({ predicted, observed, n }, at) => (
          <circle key={at} class="dot" cx={x(predicted)} cy={y(observed)} r={3 + 4 * Math.sqrt(n / largest)} />
        ))}
        <text class="axis" x={(left + side - 12) / 2} y={side - 6} text-anchor="middle">
          Foretold →
        </text>
      </svg>
    </div>
  );
}
