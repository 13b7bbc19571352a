/** Orders week by week: those that came, and those that a model expected. */
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { short } from "../format.ts";
import { useWidth } from "./useWidth.ts";

const HEIGHT = 220;

interface Stretch {
  day: string;
  actual: number;
  expected: number;
}

interface Props {
  stretches: readonly Stretch[];
  /** The last day that the model has seen, if it has not seen all. */
  seen?: string | undefined;
}

export function Tracking({ stretches, seen }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const [left, right, foot] = [48, width - 12, HEIGHT - 30];
  const most = Math.max(...stretches.flatMap(({ actual, expected }) => [actual, expected]), 1);
  const x = scaleLinear([0, Math.max(1, stretches.length - 1)], [left, right]);
  const y = scaleLinear([0, most], [foot, 30]).nice(4);
  const path = (of: (one: Stretch) => number): string =>
    line<Stretch>(
      (_, at) => x(at),
      (one) => y(of(one)),
    )([...stretches]) ?? "";
  const every = Math.max(1, Math.ceil(stretches.length / Math.max(2, Math.floor((right - left) / 96))));
  const end = seen === undefined ? -1 : stretches.findIndex(({ day }) => day >= seen);
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} aria-hidden="true">
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line class="gridline" x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
            <text class="axis" x={left - 8} y={y(tick) + 4} text-anchor="end">
              {short(tick)}
            </text>
          </g>
        ))}
        {end >= 0 && (
          <>
            <rect class="held-back" x={x(end)} y="30" width={Math.max(0, right - x(end))} height={foot - 30} />
            <text class="axis halo" x={Math.min(x(end) + 6, right - 74)} y="44">
              held back
            </text>
          </>
        )}
        <path class="curve" d={path(({ actual }) => actual)} />
        <path class="curve foretold" d={path(({ expected }) => expected)} />
        <line class="curve" x1={left} x2={left + 22} y1="12" y2="12" />
        <text class="axis" x={left + 28} y="16">
          came
        </text>
        <line class="curve foretold" x1={left + 84} x2={left + 106} y1="12" y2="12" />
        <text class="axis" x={left + 112} y="16">
          expected
        </text>
        {stretches.map(
          ({ day }, at) =>
            at % every === 0 && (
              <text key={day} class="axis" x={x(at)} y={HEIGHT - 8} text-anchor={at === 0 ? "start" : "middle"}>
                {day.slice(0, 7)}
              </text>
            ),
        )}
      </svg>
    </div>
  );
}
