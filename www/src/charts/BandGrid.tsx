/** Customers by time since the last order and number of orders: the picture of the first screen. */
import { percent, short } from "../format.ts";
import type { Picture } from "../sample/picture.ts";
import { heat, useWidth } from "./useWidth.ts";

export function BandGrid({ picture }: { picture: Picture }) {
  const [ref, width] = useWidth<HTMLDivElement>(560);
  const left = width < 420 ? 72 : 92;
  const cell = (width - left) / 5;
  const height = 46;
  const largest = Math.max(...picture.cells.flat().map(({ n }) => n));
  return (
    <div ref={ref} class="chart">
      <svg
        viewBox={`0 0 ${width} ${height * 5 + 44}`}
        width={width}
        height={height * 5 + 44}
        role="img"
        aria-label={summary(picture)}
      >
        {picture.cells.map((row, y) => (
          <g key={y}>
            <text class="axis" x={left - 8} y={y * height + height / 2 + 4} text-anchor="end">
              {picture.frequency[y]}
            </text>
            {row.map(({ n, revenue }, x) => {
              const step = heat(n, largest);
              return (
                <g key={x}>
                  <rect
                    class={`heat-${step}`}
                    x={left + x * cell + 1}
                    y={y * height + 1}
                    width={cell - 2}
                    height={height - 2}
                    rx="3"
                  />
                  {n > 0 && (
                    <text
                      class={`strong on-heat-${step}`}
                      x={left + x * cell + cell / 2}
                      y={y * height + height / 2 - 1}
                      text-anchor="middle"
                    >
                      {short(n)}
                    </text>
                  )}
                  {n > 0 && (
                    <text
                      class={`small-text on-heat-${step}`}
                      x={left + x * cell + cell / 2}
                      y={y * height + height / 2 + 14}
                      text-anchor="middle"
                    >
                      {width < 420 ? percent(revenue) : `${percent(revenue)} rev.`}
                    </text>
                  )}
                </g>
              );
            })}
          </g>
        ))}
        {picture.recency.map((name, x) => (
          <text key={name} class="axis" x={left + x * cell + cell / 2} y={height * 5 + 18} text-anchor="middle">
            {width < 420 ? name.replace(" days", "").replace(/(–.*)|\+$/, "+") : name}
          </text>
        ))}
        <text class="axis quiet-fill" x={left + cell * 2.5} y={height * 5 + 38} text-anchor="middle">
          Days since the last order →
        </text>
      </svg>
    </div>
  );
}

function summary(picture: Picture): string {
  const parts = picture.cells.flatMap((row, y) =>
    row.map(({ n }, x) => ({ n, name: `${picture.frequency[y]}, last ${picture.recency[x]}` })),
  );
  const top = parts
    .sort((a, b) => b.n - a.n)
    .slice(0, 3)
    .map(({ n, name }) => `${name}: ${n}`);
  return `Grid of customers by recency and frequency. Largest cells: ${top.join("; ")}.`;
}
