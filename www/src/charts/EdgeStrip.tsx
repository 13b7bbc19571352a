/** Customers along one measure, with the edges between its bands as handles: drag one, or move it with the arrow keys. */
import { useRef, useState } from "preact/hooks";
import { number } from "../format.ts";
import { along, back, spread } from "../rfm/edges.ts";
import type { AxisName, EdgeTo, Strip } from "../rfm/shapes.ts";
import { useWidth } from "./useWidth.ts";

const [BARS, HEIGHT, GAP] = [44, 96, 28];

interface Props {
  axis: AxisName;
  strip: Strip;
  edges: readonly number[];
  /** What the band below an edge and the one above it are called. */
  bands(index: number): [string, string];
  unit: string;
  /** Moves an edge to a place, or to the next value there is. */
  move(index: number, to: EdgeTo): void;
}

export function EdgeStrip({ axis, strip, edges, bands, unit, move }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>(560);
  const [drag, setDrag] = useState<{ index: number; by: number } | null>(null);
  const from = useRef(0);
  const [low, high] = [along(axis, strip.from), along(axis, strip.to)];
  const [left, right] = [GAP / 2, width - GAP / 2];
  const x = (value: number): number =>
    left + ((along(axis, value) - low) / Math.max(1e-12, high - low)) * (right - left);
  const valueAt = (place: number): number =>
    back(axis, low + ((Math.min(right, Math.max(left, place)) - left) / (right - left)) * (high - low));
  const now = edges.map((edge, index) => (drag?.index === index ? valueAt(x(edge) + drag.by) : edge));
  const knobs = spread(now.map(x), GAP, left, right);
  const most = Math.max(...strip.bars, 1);
  const bar = (right - left) / strip.bars.length;
  const key = (event: KeyboardEvent, index: number): void => {
    const up = { ArrowRight: "up", ArrowUp: "up", ArrowLeft: "down", ArrowDown: "down" } as const;
    const way = up[event.key as keyof typeof up];
    if (!way) return;
    event.preventDefault();
    move(index, way);
  };
  return (
    <div ref={ref} class="chart strip">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        width={width}
        height={HEIGHT}
        role="group"
        aria-label={`Edges in ${unit}`}
      >
        {strip.bars.map((n, at) => {
          const tall = n === 0 ? 0 : Math.max(1.5, Math.sqrt(n / most) * BARS);
          return (
            <rect
              key={at}
              class="bar-plain"
              x={left + at * bar}
              y={BARS - tall}
              width={Math.max(1, bar - 1)}
              height={tall}
            />
          );
        })}
        <line class="base" x1={left} x2={right} y1={BARS} y2={BARS} />
        {now.map((edge, index) => {
          const knob = knobs[index] as number;
          const [under, over] = bands(index);
          return (
            <g
              key={index}
              class={drag?.index === index ? "edge held" : "edge"}
              role="slider"
              tabindex={0}
              aria-label={`Edge between ${under} and ${over}`}
              aria-valuemin={strip.from}
              aria-valuemax={strip.to}
              aria-valuenow={edge}
              aria-valuetext={`${number(edge)} ${unit}`}
              onKeyDown={(event) => key(event, index)}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                from.current = event.clientX;
                setDrag({ index, by: 0 });
              }}
              onPointerMove={(event) => drag && setDrag({ index: drag.index, by: event.clientX - from.current })}
              onPointerUp={() => {
                if (drag && drag.by !== 0)
                  move(drag.index, { near: valueAt(x(edges[drag.index] as number) + drag.by) });
                setDrag(null);
              }}
              onPointerCancel={() => setDrag(null)}
            >
              <path class="stem" d={`M${x(edge)} 4V${BARS}L${knob} ${BARS + 10}`} />
              <rect class="knob" x={knob - 12} y={BARS + 10} width="24" height="24" rx="6" />
              <path class="grip" d={`M${knob - 3} ${BARS + 17}v10m6 -10v10`} />
              {drag?.index === index && (
                <text class="strong" x={knob} y={HEIGHT - 2} text-anchor="middle">
                  {number(edge)}
                </text>
              )}
            </g>
          );
        })}
        {!drag && (
          <>
            <text class="axis" x="0" y={HEIGHT - 2}>
              {number(strip.from)}
            </text>
            <text class="axis" x={width} y={HEIGHT - 2} text-anchor="end">
              {number(strip.to)}
            </text>
          </>
        )}
      </svg>
    </div>
  );
}
