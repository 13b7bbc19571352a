/** A column's shape as it is and as it is compared, side by side. */
import type { Histogram } from "../clusters/shapes.ts";
import { number } from "../format.ts";

const [WIDTH, HEIGHT] = [116, 34];

/** One histogram; the bars' areas are the rows, so uneven bars stay honest. */
export function HistogramBars({ histogram, name }: { histogram: Histogram; name: string }) {
  const { edges, counts } = histogram;
  const [from, to] = [edges[0] ?? 0, edges[edges.length - 1] ?? 1];
  const bars = Array.from(counts, (rows, at) => {
    const [low, high] = [edges[at] ?? 0, edges[at + 1] ?? 0];
    return { low, width: high - low, level: high > low ? rows / (high - low) : 0 };
  });
  const most = Math.max(...bars.map(({ level }) => level), 1e-12);
  const x = (value: number): number => ((value - from) / Math.max(1e-12, to - from)) * WIDTH;
  return (
    <figure class="shape">
      <figcaption class="quiet small-text">{name}</figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${name}: values from ${number(from)} to ${number(to)}`}
      >
        {bars.map(({ low, width, level }, at) => {
          const height = level === 0 ? 0 : Math.max(1, (level / most) * HEIGHT);
          return (
            <rect
              key={at}
              x={x(low)}
              y={HEIGHT - height}
              width={Math.max(0.5, (width / Math.max(1e-12, to - from)) * WIDTH - 0.7)}
              height={height}
            />
          );
        })}
      </svg>
      <p class="ends quiet">
        <span>{number(from).replace("-", "−")}</span>
        <span>{number(to).replace("-", "−")}</span>
      </p>
    </figure>
  );
}
