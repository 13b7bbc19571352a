/**
 * Where do customers lie, and which of them are meant? A map on two principal components: how close they lie as shades, a part of
 * them as marks in their cluster's colour, and a line that the mouse draws around some.
 */
import { scaleLinear } from "d3-scale";
import { useRef, useState } from "preact/hooks";
import { density, extent, type Point, thinned } from "../clusters/geometry.ts";
import type { Cluster, CustomerMap } from "../clusters/shapes.ts";
import { percent } from "../format.ts";
import { heat, useWidth } from "./useWidth.ts";

/** More marks than this hide each other; shades say the rest. */
export const MARKS = 4000;
/** Up to so many, marks alone show how close customers lie. */
const SPARSE = 1500;
const CELL = 14;

interface Props {
  map: CustomerMap;
  clusters: readonly Cluster[];
  /** What is marked off now. */
  area: readonly Point[];
  onArea(area: Point[]): void;
}

export function PointMap({ map, clusters, area, onArea }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>(620);
  const [drawn, setDrawn] = useState<Point[]>([]);
  const path = useRef<Point[]>([]);
  const height = Math.round(Math.min(460, Math.max(300, width * 0.68)));
  const over = { x: extent(map.x), y: extent(map.y) };
  const x = scaleLinear(over.x, [14, width - 14]);
  const y = scaleLinear(over.y, [height - 34, 30]);
  // Where every customer has room for a mark of its own, shades would only say the same again.
  const shades =
    map.x.length <= SPARSE
      ? []
      : shadesOf(map, over, Math.floor((width - 28) / CELL), Math.floor((height - 64) / CELL));
  // One path a cluster: thousands of small diamonds, a handful of elements. Filled shapes are drawn far faster than strokes.
  const every = Math.max(1, Math.ceil(map.x.length / MARKS));
  const size = map.x.length < 600 ? 4 : map.x.length < 2000 ? 3.2 : 2.4;
  const paths = clusters.map(() => [] as string[]);
  const rest: string[] = [];
  for (let index = 0; index < map.x.length; index += every) {
    const [px, py] = [x(map.x[index] ?? 0), y(map.y[index] ?? 0)];
    (paths[map.group[index] ?? -1] ?? rest).push(
      `M${(px - size).toFixed(1)} ${py.toFixed(1)}l${size}-${size} ${size} ${size}-${size} ${size}z`,
    );
  }
  const at = (event: PointerEvent): Point => {
    const field = (event.currentTarget as Element).getBoundingClientRect();
    return [
      x.invert(((event.clientX - field.left) / field.width) * width),
      y.invert(((event.clientY - field.top) / field.height) * height),
    ];
  };
  const lasso = {
    // A finger scrolls the page; the fields below the map do the same for it.
    onPointerDown: (event: PointerEvent): void => {
      if (event.pointerType === "touch" || event.button !== 0) return;
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      path.current = [at(event)];
    },
    onPointerMove: (event: PointerEvent): void => {
      if (path.current.length === 0) return;
      path.current.push(at(event));
      setDrawn([...path.current]);
    },
    onPointerUp: (): void => {
      const found = thinned(path.current, (over.x[1] - over.x[0]) / 200);
      path.current = [];
      setDrawn([]);
      if (found.length > 2) onArea(found);
    },
    onPointerCancel: (): void => {
      path.current = [];
      setDrawn([]);
    },
  };
  const outline = drawn.length > 0 ? drawn : area;
  return (
    <div ref={ref}>
      <svg class="lasso" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true" {...lasso}>
        {shades.map((cells, step) => cells && <path key={step} class={`heat-${step}`} d={cells} />)}
        <line class="base" x1="14" x2={width - 14} y1={height - 28} y2={height - 28} />
        <line class="base" x1="8" x2="8" y1="14" y2={height - 34} />
        {rest.length > 0 && <path class="map-points fill-0" d={rest.join("")} />}
        {paths.map((marks, index) => (
          <path key={index} class={`map-points fill-${clusters[index]?.color ?? 0}`} d={marks.join("")} />
        ))}
        {middles(map, clusters.length).map(
          (middle, index) =>
            middle && (
              <text key={index} class="map-label" x={x(middle[0])} y={y(middle[1]) + 4} text-anchor="middle">
                {index + 1}
              </text>
            ),
        )}
        {outline.length > 1 && (
          <path
            class="outline"
            d={`M${outline.map(([px, py]) => `${x(px).toFixed(1)} ${y(py).toFixed(1)}`).join("L")}Z`}
          />
        )}
        <text class="axis" x={width - 14} y={height - 10} text-anchor="end">
          {shortened(map.axes[0], width)} → ({percent(map.explained[0])})
        </text>
        <text class="axis" x="16" y="12">
          ↑ {shortened(map.axes[1], width)} ({percent(map.explained[1])})
        </text>
      </svg>
    </div>
  );

  /** The cells of a grid as one path a shade. */
  function shadesOf({ x: xs, y: ys }: CustomerMap, extents: typeof over, columns: number, rows: number): string[] {
    const counts = density(xs, ys, extents, columns, rows);
    const most = counts.reduce((top, count) => Math.max(top, count), 0);
    const found = Array.from({ length: 9 }, () => "");
    const [across, down] = [(width - 28) / columns, (height - 64) / rows];
    counts.forEach((count, cell) => {
      if (count === 0) return;
      const [left, top] = [14 + (cell % columns) * across, height - 34 - (Math.floor(cell / columns) + 1) * down];
      // Half of the scale: the marks above must stay visible.
      const step = Math.ceil(heat(count, most) / 2);
      found[step] +=
        `M${left.toFixed(1)} ${top.toFixed(1)}h${across.toFixed(1)}v${down.toFixed(1)}h-${across.toFixed(1)}z`;
    });
    return found;
  }
}

/** The mean of each cluster's points; nothing for one without any. */
function middles(map: CustomerMap, clusters: number): (Point | undefined)[] {
  const sums = Array.from({ length: clusters }, () => ({ x: 0, y: 0, n: 0 }));
  for (let index = 0; index < map.x.length; index++) {
    const sum = sums[map.group[index] ?? -1];
    if (!sum) continue;
    sum.x += map.x[index] ?? 0;
    sum.y += map.y[index] ?? 0;
    sum.n += 1;
  }
  return sums.map(({ x, y, n }) => (n > 0 ? ([x / n, y / n] as const) : undefined));
}

/** As much of an axis' name as fits beside its share of variance. */
function shortened(name: string, width: number): string {
  const letters = Math.floor(width / 6.4) - 14;
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
}
