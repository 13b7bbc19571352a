/** Customers from the most to the least valuable against the share they bring together, with a marker that can be moved. */
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { percent } from "../format.ts";
import { useWidth } from "./useWidth.ts";

const HEIGHT = 240;

interface Point {
  customers: number;
  value: number;
}

export function ConcentrationCurve({ curve, at }: { curve: readonly Point[]; at: Point }) {
  const [ref, width] = useWidth<HTMLDivElement>(560);
  const [left, right, foot] = [44, width - 16, HEIGHT - 44];
  const x = scaleLinear([0, 1], [left, right]);
  const highest = Math.max(1, ...curve.map(({ value }) => value));
  const y = scaleLinear([Math.min(0, ...curve.map(({ value }) => value)), highest], [foot, 28]);
  const path = line<Point>(
    ({ customers }) => x(customers),
    ({ value }) => y(value),
  )([...curve]);
  const filled = area<Point>(
    ({ customers }) => x(customers),
    y(0),
    ({ value }) => y(value),
  )([...curve]);
  const ends = x(at.customers) > width * 0.6;
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} aria-hidden="true">
        <text class="axis" x="0" y="14">
          Share of money
        </text>
        {filled && <path class="area" d={filled} />}
        <line class="guide" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
        {path && <path class="curve" d={path} />}
        <line class="guide" x1={x(at.customers)} x2={x(at.customers)} y1={y(0)} y2={y(at.value)} />
        <circle class="dot" cx={x(at.customers)} cy={y(at.value)} r="5" />
        <text
          class="strong halo"
          x={x(at.customers) + (ends ? -12 : 12)}
          y={y(at.value) + 18}
          text-anchor={ends ? "end" : "start"}
        >
          {percent(at.customers).replace(".0", "")} → {percent(at.value)}
        </text>
        {[0, 0.5, 1].map((tick) => (
          <text key={tick} class="axis" x={left - 8} y={y(tick) + 4} text-anchor="end">
            {tick * 100} %
          </text>
        ))}
        {(width < 420 ? [0.5, 1] : [0.2, 0.4, 0.6, 0.8, 1]).map((tick) => (
          <text key={tick} class="axis" x={x(tick)} y={foot + 17} text-anchor={tick === 1 ? "end" : "middle"}>
            {Math.round(tick * 100)} %
          </text>
        ))}
        <line class="base" x1={left} x2={right} y1={y(0)} y2={y(0)} />
        <text class="axis" x={(left + right) / 2} y={HEIGHT - 6} text-anchor="middle">
          Customers, best first →
        </text>
      </svg>
    </div>
  );
}
