/** Exact combinations of sets: bars by size above, dots for the sets each bar is made of below. */
import { short } from "../format.ts";
import { useWidth } from "./useWidth.ts";

interface Props {
  names: string[];
  counts: number[];
  colors: number[];
  combinations: { in: number[]; count: number }[];
}

export function UpSet({ names, counts, colors, combinations }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const left = Math.min(190, width * 0.42);
  const step = Math.min(56, (width - left) / Math.max(1, combinations.length));
  const [bars, row] = [130, 26];
  const largest = Math.max(1, ...combinations.map((one) => one.count));
  const letters = Math.floor((left - 62) / 6.6);
  const x = (index: number): number => left + step * (index + 0.5);
  const y = (set: number): number => bars + 22 + set * row;
  return (
    <div ref={ref}>
      <svg
        viewBox={`0 0 ${width} ${bars + 30 + names.length * row}`}
        width={width}
        height={bars + 30 + names.length * row}
        aria-hidden="true"
      >
        <line class="base" x1={left} x2={left + step * combinations.length} y1={bars} y2={bars} />
        {combinations.map((one, index) => {
          const height = (one.count / largest) * (bars - 22);
          const [first, last] = [Math.min(...one.in), Math.max(...one.in)];
          return (
            <g key={one.in.join("-")} class="mark-column" data-mark={index}>
              <rect
                class="mark-ground"
                x={x(index) - step / 2}
                y="0"
                width={step}
                height={bars + 30 + names.length * row}
              />
              <rect
                class={one.in.length === 1 ? `fill-${colors[first] ?? 0}` : "bar-several"}
                x={x(index) - step * 0.32}
                y={bars - height}
                width={step * 0.64}
                height={height}
                rx="2"
              />
              <text class="small-text" x={x(index)} y={bars - height - 5} text-anchor="middle">
                {short(one.count)}
              </text>
              {names.map((name, set) => (
                <circle
                  key={name}
                  class={one.in.includes(set) ? `fill-${colors[set] ?? 0}` : "dot-off"}
                  cx={x(index)}
                  cy={y(set)}
                  r={one.in.includes(set) ? 6 : 3.5}
                />
              ))}
              {one.in.length > 1 && <line class="joint" x1={x(index)} x2={x(index)} y1={y(first)} y2={y(last)} />}
            </g>
          );
        })}
        {names.map((name, set) => (
          <g key={name}>
            <text x={left - 60} y={y(set) + 4} text-anchor="end">
              {name.length > letters ? `${name.slice(0, letters - 1)}…` : name}
            </text>
            <text class="axis" x={left - 14} y={y(set) + 4} text-anchor="end">
              {short(counts[set] ?? 0)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}
