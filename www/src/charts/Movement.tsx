/** Then and now of each segment: below each other what stayed, and beside it who left and who entered. */
import type { SegmentChange } from "../changes/shapes.ts";
import { signed } from "../changes/words.ts";
import { count, shortened } from "../format.ts";
import { useWidth } from "./useWidth.ts";

const ROW = 58;

export function Movement({ segments, colors }: { segments: readonly SegmentChange[]; colors: readonly number[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const most = Math.max(1, ...segments.flatMap(({ before, after }) => [before, after]));
  const wide = (n: number): number => (n / most) * (width - 44);
  return (
    <div ref={ref}>
      <svg
        viewBox={`0 0 ${width} ${segments.length * ROW}`}
        width={width}
        height={segments.length * ROW}
        aria-hidden="true"
      >
        {segments.map((one, at) => {
          const top = at * ROW;
          const fill = `fill-${colors[at] ?? 0}`;
          const change = `${count(one.before)} → ${count(one.after)} (${signed(one.after - one.before)})`;
          return (
            <g key={one.name}>
              <text class="strong" x="0" y={top + 15}>
                {shortened(one.name, Math.floor((width - change.length * 7) / 7.6))}
              </text>
              <text x={width} y={top + 15} text-anchor="end">
                {change}
              </text>
              <text class="axis" x="0" y={top + 32}>
                Then
              </text>
              <text class="axis" x="0" y={top + 46}>
                Now
              </text>
              <g transform={`translate(44 ${top})`}>
                <rect class={fill} y="23" width={wide(one.stayed)} height="9" />
                <rect
                  class={`left stroke-${colors[at] ?? 0}`}
                  x={wide(one.stayed)}
                  y="23.5"
                  width={wide(one.left)}
                  height="8"
                />
                <rect class={fill} y="37" width={wide(one.stayed)} height="9" />
                <rect class={`entered ${fill}`} x={wide(one.stayed)} y="37" width={wide(one.entered)} height="9" />
              </g>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
