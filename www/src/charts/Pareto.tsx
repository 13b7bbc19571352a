/** Customers from the most to the least valuable, and the share of revenue they bring together. */
import { scaleLinear } from "d3-scale";
import { area, curveMonotoneX, line } from "d3-shape";
import { percent } from "../format.ts";
import { useWidth } from "./useWidth.ts";

export function Pareto({ shares, customers }: { shares: readonly number[]; customers: number }) {
  const [ref, width] = useWidth<HTMLDivElement>(560);
  const narrow = width < 420;
  const height = 190;
  const left = 40;
  const x = scaleLinear([0, 1], [left, width - 20]);
  const y = scaleLinear([0, 1], [height - 46, 32]);
  const points: [number, number][] = [
    [0, 0],
    ...shares.map((share, index): [number, number] => [(index + 1) / shares.length, share]),
  ];
  const path =
    line<[number, number]>(
      ([at]) => x(at),
      ([, share]) => y(share),
    ).curve(curveMonotoneX)(points) ?? "";
  const filled =
    area<[number, number]>(
      ([at]) => x(at),
      y(0),
      ([, share]) => y(share),
    ).curve(curveMonotoneX)(points) ?? "";
  const best = shares[1] ?? 0;
  return (
    <div ref={ref} class="chart">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="img"
        aria-label={`The best 20 % of ${customers} customers bring ${percent(best)} of revenue; the best half ${percent(shares[4] ?? 0)}.`}
      >
        <text class="axis" x={left} y="14">
          Share of revenue
        </text>
        <path class="area" d={filled} />
        <path class="curve" d={path} />
        <line class="guide" x1={x(0.2)} x2={x(0.2)} y1={y(0)} y2={y(best)} />
        <circle class="dot" cx={x(0.2)} cy={y(best)} r="4" />
        <text class="strong ink" x={x(0.2) + 12} y={y(best) + 14}>
          {narrow ? `Best 20 %: ${percent(best)}` : `Best 20 % of customers: ${percent(best)} of revenue`}
        </text>
        {[0, 0.5, 1].map((tick) => (
          <text key={tick} class="axis" x={left - 8} y={y(tick) + 4} text-anchor="end">
            {tick * 100} %
          </text>
        ))}
        {[0.2, 0.4, 0.6, 0.8, 1].map((tick) => (
          <text key={tick} class="axis" x={x(tick)} y={y(0) + 18} text-anchor="middle">
            {tick * 100} %
          </text>
        ))}
        <text class="axis" x={x(0.5)} y={y(0) + 38} text-anchor="middle">
          Customers, best first →
        </text>
        <line class="base" x1={left} x2={width - 20} y1={y(0)} y2={y(0)} />
      </svg>
    </div>
  );
}
