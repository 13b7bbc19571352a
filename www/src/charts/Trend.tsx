/** How large were groups over time? One line each, named at its end. */
import { scaleLinear } from "d3-scale";
import type { Series } from "../changes/shapes.ts";
import { short, shortened } from "../format.ts";
import { spread } from "./labels.ts";
import { useWidth } from "./useWidth.ts";

const HEIGHT = 260;

export function TrendLines({ dates, series }: { dates: readonly string[]; series: readonly Series[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(680);
  const [left, right] = [52, width - Math.min(170, width * 0.34)];
  const last = dates.length - 1;
  const x = scaleLinear([0, Math.max(1, last)], [left, right]);
  const y = scaleLinear(
    [0, Math.max(1, ...series.flatMap(({ n }) => n.filter(Number.isFinite)))],
    [HEIGHT - 8, 12],
  ).nice(5);
  const every = Math.ceil((last + 1) / Math.max(1, Math.floor((right - left) / 70)));
  const ends = spread(
    series.map(({ n }) => y(told(n).at(-1)?.[1] ?? 0)),
    16,
  );
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${HEIGHT + 30}`} width={width} height={HEIGHT + 30} aria-hidden="true">
        {y.ticks(5).map((tick) => (
          <g key={tick}>
            <line class={tick === 0 ? "base" : "gridline"} x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
            <text class="axis" x={left - 8} y={y(tick) + 4} text-anchor="end">
              {short(tick)}
            </text>
          </g>
        ))}
        {dates.map(
          (date, at) =>
            (last - at) % every === 0 && (
              <text key={date} class="axis" x={x(at)} y={HEIGHT + 16} text-anchor="middle">
                {month(date)}
              </text>
            ),
        )}
        {series.map(({ name, color, n }, at) => (
          <g key={name} class={`snake stroke-${color}`}>
            {/* A day on which it cannot be asked for has no mark. */}
            {told(n).length > 0 && (
              <path
                d={`M${told(n)
                  .map(([day, size]) => `${x(day).toFixed(1)} ${y(size).toFixed(1)}`)
                  .join("L")}`}
              />
            )}
            {told(n).map(([day, size]) => (
              <circle key={day} class={`fill-${color}`} cx={x(day)} cy={y(size)} r="2.5" />
            ))}
            <text x={right + 10} y={(ends[at] ?? 0) + 4}>
              {shortened(name, Math.floor((width - right - 14) / 6.8))}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

const told = (n: readonly number[]): [day: number, size: number][] =>
  n.flatMap((size, day): [number, number][] => (Number.isFinite(size) ? [[day, size]] : []));

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** “2026-04-30” → “Apr 26”. */
const month = (date: string): string => `${MONTHS[Number(date.slice(5, 7)) - 1] ?? ""} ${date.slice(2, 4)}`;
