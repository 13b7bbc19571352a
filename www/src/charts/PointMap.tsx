/** Customers on two principal components, coloured by cluster, with the cluster's name at its middle. */
import { scaleLinear } from "d3-scale";
import { percent } from "../format.ts";
import type { Cluster, CustomerMap } from "../model.ts";
import { useWidth } from "./useWidth.ts";

export function PointMap({ map, clusters }: { map: CustomerMap; clusters: readonly Cluster[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(620);
  const height = Math.round(Math.min(460, Math.max(300, width * 0.68)));
  const [xs, ys] = [extent(map.x), extent(map.y)];
  const x = scaleLinear(xs, [14, width - 14]);
  const y = scaleLinear(ys, [height - 34, 30]);
  // One path a cluster: thousands of small diamonds, a handful of elements. Filled shapes are drawn far faster than strokes.
  const size = map.x.length < 600 ? 4 : map.x.length < 2000 ? 3.2 : 2.4;
  const paths = clusters.map(() => [] as string[]);
  const rest: string[] = [];
  const middles = clusters.map(() => ({ x: 0, y: 0, n: 0 }));
  for (let index = 0; index < map.x.length; index++) {
    const [px, py, group] = [x(map.x[index] ?? 0), y(map.y[index] ?? 0), map.group[index] ?? -1];
    (paths[group] ?? rest).push(
      `M${(px - size).toFixed(1)} ${py.toFixed(1)}l${size}-${size} ${size} ${size}-${size} ${size}z`,
    );
    const middle = middles[group];
    if (middle) {
      middle.x += px;
      middle.y += py;
      middle.n += 1;
    }
  }
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        <line class="base" x1="14" x2={width - 14} y1={height - 28} y2={height - 28} />
        <line class="base" x1="8" x2="8" y1="14" y2={height - 34} />
        {rest.length > 0 && <path class="map-points fill-0" d={rest.join("")} />}
        {paths.map((path, index) => (
          <path key={index} class={`map-points fill-${clusters[index]?.color ?? 0}`} d={path.join("")} />
        ))}
        {middles.map(
          ({ x: sumX, y: sumY, n }, index) =>
            n > 0 && (
              <text key={index} class="map-label" x={sumX / n} y={sumY / n + 4} text-anchor="middle">
                {index + 1}
              </text>
            ),
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
}

/** As much of an axis' name as fits beside its share of variance. */
function shortened(name: string, width: number): string {
  const letters = Math.floor(width / 6.4) - 14;
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
}

function extent(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low < high ? [low, high] : [low - 1, high + 1];
}
