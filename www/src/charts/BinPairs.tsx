/** How a column's values lay before and lie now: two bars a bin, as shares of each side. */
import type { Drift } from "../changes/shapes.ts";
import { percent, shortened } from "../format.ts";
import { useWidth } from "./useWidth.ts";

const HEIGHT = 120;

export function BinPairs({ bins }: { bins: Drift["bins"] }) {
  const [ref, width] = useWidth<HTMLDivElement>(420);
  const step = width / Math.max(1, bins.length);
  const slanted = bins.some(({ label }) => label.length * 6.4 > step);
  const foot = HEIGHT + (slanted ? 76 : 22);
  const most = Math.max(1e-9, ...bins.flatMap(({ before, after }) => [before, after]));
  const tall = (share: number): number => (share / most) * (HEIGHT - 20);
  const bar = Math.min(22, step * 0.38);
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${foot}`} width={width} height={foot} aria-hidden="true">
        <line class="base" x1="0" x2={width} y1={HEIGHT} y2={HEIGHT} />
        {bins.map(({ label, before, after }, at) => {
          const middle = step * (at + 0.5);
          return (
            <g key={label}>
              <rect class="fill-0" x={middle - bar} y={HEIGHT - tall(before)} width={bar} height={tall(before)} />
              <rect class="fill-1" x={middle} y={HEIGHT - tall(after)} width={bar} height={tall(after)} />
              {step > 54 && (
                <text
                  class="small-text"
                  x={middle}
                  y={HEIGHT - Math.max(tall(before), tall(after)) - 5}
                  text-anchor="middle"
                >
                  {percent(after)}
                </text>
              )}
              {slanted ? (
                <text class="axis" text-anchor="end" transform={`translate(${middle + 6} ${HEIGHT + 14}) rotate(-38)`}>
                  {shortened(label, 14)}
                </text>
              ) : (
                <text class="axis" x={middle} y={HEIGHT + 16} text-anchor="middle">
                  {shortened(label, Math.floor(step / 6.4))}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
