/** Upright bars in a row, with ticks below some of them and, where there is one, a dot for what was expected. */
import { scaleLinear } from "d3-scale";
import { short } from "../format.ts";
import { useWidth } from "./useWidth.ts";

const HEIGHT = 210;
/** Ticks stand so far apart at least. */
const ROOM = 44;

export interface Bar {
  value: number;
  expected?: number | undefined;
  /** Ends of an interval around it. */
  low?: number | undefined;
  high?: number | undefined;
  /** Below the bar. */
  tick?: string | undefined;
  /** The same, at the edge before it: for ranges. */
  edge?: string | undefined;
}

interface Props {
  bars: readonly Bar[];
  /** What the bars measure, and what lies along. */
  up: string;
  along: string;
  format?(value: number): string;
  /** A level that all are compared with, and what it is. */
  level?: { value: number; name: string };
}

export function Columns({ bars, up, along, format = short, level }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>(560);
  const [left, right, top, foot] = [52, width - 8, 28, HEIGHT - 44];
  const most = Math.max(
    ...bars.flatMap(({ value, expected, high }) => [value, expected ?? 0, high ?? 0]),
    level?.value ?? 0,
    1e-12,
  );
  const y = scaleLinear([0, most], [foot, top]).nice(4);
  const bar = (right - left) / Math.max(1, bars.length);
  const x = (at: number): number => left + at * bar;
  const gap = Math.min(bar * 0.2, 3);
  const place = ({ at, edge }: { at: number; edge?: string | undefined }): number =>
    edge === undefined ? x(at) + bar / 2 : x(at);
  const shown = thinned(
    bars.map(({ tick, edge }, at) => ({ at, tick, edge })).filter(({ tick, edge }) => tick ?? edge),
    place,
    ROOM,
  );
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} aria-hidden="true">
        <text class="axis" x="0" y="14">
          {up}
        </text>
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line class="gridline" x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
            <text class="axis" x={left - 8} y={y(tick) + 4} text-anchor="end">
              {format(tick)}
            </text>
          </g>
        ))}
        {bars.map(({ value, expected, low, high }, at) => (
          <g key={at} data-mark={at}>
            <rect class="bar-hit" x={x(at)} y={top} width={bar} height={foot - top} />
            <rect
              class="fill-1"
              x={x(at) + gap / 2}
              y={y(value)}
              width={Math.max(1, bar - gap)}
              height={Math.max(0, foot - y(value))}
            />
            {low !== undefined && high !== undefined && (
              <path
                class="whisker"
                d={`M${x(at) + bar / 2} ${y(low)}V${y(high)}m-4 0h8M${x(at) + bar / 2 - 4} ${y(low)}h8`}
              />
            )}
            {expected !== undefined && <circle class="dot expected" cx={x(at) + bar / 2} cy={y(expected)} r="5" />}
          </g>
        ))}
        {level && (
          <>
            <line class="guide strong-guide" x1={left} x2={right} y1={y(level.value)} y2={y(level.value)} />
            <text class="axis halo" x={right} y={y(level.value) - 5} text-anchor="end">
              {level.name}
            </text>
          </>
        )}
        <line class="base" x1={left} x2={right} y1={foot} y2={foot} />
        {shown.map((one) => (
          <text key={one.at} class="axis" x={place(one)} y={foot + 17} text-anchor="middle">
            {one.tick ?? one.edge}
          </text>
        ))}
        <text class="axis" x={(left + right) / 2} y={HEIGHT - 6} text-anchor="middle">
          {along}
        </text>
      </svg>
    </div>
  );
}

/** Those that lie at least `gap` after the last one kept. */
function thinned<T>(all: readonly T[], place: (one: T) => number, gap: number): T[] {
  let last = Number.NEGATIVE_INFINITY;
  return all.filter((one) => {
    if (place(one) - last < gap) return false;
    last = place(one);
    return true;
  });
}
