/** In which features do clusters differ? One line a cluster over the features, with a band for chance; 0 is everyone. */
import { scaleLinear } from "d3-scale";
import type { Snake } from "../clusters/shapes.ts";
import { number, shortened } from "../format.ts";
import { spread } from "./labels.ts";
import { useWidth } from "./useWidth.ts";

const HEIGHT = 320;

export function SnakePlot({ snake, colors }: { snake: Snake; colors: readonly number[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const count = snake.features.length;
  const [left, right] = [44, width - 34];
  const step = (right - left) / Math.max(1, count);
  const x = (feature: number): number => left + step * (feature + 0.5);
  const ends = snake.lines.flatMap(({ means, margins }) =>
    means.flatMap((mean, at) => [mean - (margins[at] || 0), mean + (margins[at] || 0)]),
  );
  const y = scaleLinear([Math.min(-0.5, ...ends), Math.max(0.5, ...ends)], [HEIGHT - 8, 12]).nice(5);
  const slanted = step < 92;
  const foot = HEIGHT + (slanted ? 96 : 44);
  const last = count - 1;
  const labels = spread(
    snake.lines.map(({ means }) => y(means[last] ?? 0)),
    15,
  );
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${foot}`} width={width} height={foot} aria-hidden="true">
        {y.ticks(5).map((tick) => (
          <g key={tick}>
            <line class={tick === 0 ? "base" : "gridline"} x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
            <text class="axis" x={left - 8} y={y(tick) + 4} text-anchor="end">
              {number(tick).replace("-", "−")}
            </text>
          </g>
        ))}
        {snake.lines.map(({ means, margins }, at) => {
          const edge = (sign: 1 | -1) =>
            means.map(
              (mean, feature) => `${x(feature).toFixed(1)} ${y(mean + sign * (margins[feature] || 0)).toFixed(1)}`,
            );
          return (
            <path
              key={at}
              class={`band fill-${colors[at] ?? 0}`}
              d={`M${edge(1).join("L")}L${edge(-1).reverse().join("L")}Z`}
            />
          );
        })}
        {snake.lines.map(({ means, margins }, at) => (
          <g key={at} class={`snake stroke-${colors[at] ?? 0}`}>
            <path d={`M${means.map((mean, feature) => `${x(feature).toFixed(1)} ${y(mean).toFixed(1)}`).join("L")}`} />
            {means.map((mean, feature) => (
              <g key={feature}>
                <line
                  x1={x(feature)}
                  x2={x(feature)}
                  y1={y(mean - (margins[feature] || 0))}
                  y2={y(mean + (margins[feature] || 0))}
                />
                <circle class={`fill-${colors[at] ?? 0}`} cx={x(feature)} cy={y(mean)} r="4" />
              </g>
            ))}
            <text class="strong" x={x(last) + 10} y={(labels[at] ?? 0) + 4}>
              {at + 1}
            </text>
          </g>
        ))}
        {snake.features.map(({ name, etaSquared }, feature) =>
          slanted ? (
            <text
              key={name}
              class="small-text"
              text-anchor="end"
              transform={`translate(${x(feature) + 6} ${HEIGHT + 16}) rotate(-38)`}
            >
              {shortened(name, 18)}
            </text>
          ) : (
            <g key={name}>
              <text x={x(feature)} y={HEIGHT + 18} text-anchor="middle">
                {shortened(name, Math.floor(step / 7))}
              </text>
              <text class="axis" x={x(feature)} y={HEIGHT + 36} text-anchor="middle">
                η² {etaSquared.toFixed(2)}
              </text>
            </g>
          ),
        )}
      </svg>
    </div>
  );
}
