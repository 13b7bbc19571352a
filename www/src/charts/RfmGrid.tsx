/** Customers by recency score (to the right: more recent) and frequency score (up: more orders). */
import { percent, short } from "../format.ts";
import type { Rfm } from "../model.ts";
import { heat, useWidth } from "./useWidth.ts";

export function RfmGrid({ rfm, customers, revenue }: { rfm: Rfm; customers: number; revenue: number }) {
  const [ref, width] = useWidth<HTMLDivElement>(680);
  const small = width < 460;
  const left = small ? 62 : 118;
  const cell = (width - left) / rfm.scale;
  const narrow = small || cell < 84;
  // Cells without room for words keep their colour and square; the table has the numbers.
  const wordless = cell < 44;
  const height = wordless ? 34 : narrow ? 58 : 70;
  const bottom = height * rfm.scale;
  const largest = Math.max(...rfm.cells.flat().map(({ n }) => n));
  const richest = Math.max(...rfm.cells.flat().map((each) => each.revenue), 1e-9);
  const scores = Array.from({ length: rfm.scale }, (_, index) => index + 1);
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${bottom + 58}`} width={width} height={bottom + 58} aria-hidden="true">
        {scores.map((f) => (
          <g key={f}>
            <text class="axis strong" x={left - 10} y={(rfm.scale - f) * height + height / 2 - 3} text-anchor="end">
              F{f}
            </text>
            <text class="axis" x={left - 10} y={(rfm.scale - f) * height + height / 2 + 12} text-anchor="end">
              {rfm.nested || height < 40 ? "" : orderBand(rfm.edges.frequency, f, small)}
            </text>
            {scores.map((r) => {
              const { n, revenue: money } = rfm.cells[f - 1]?.[r - 1] ?? { n: 0, revenue: 0 };
              const step = heat(n, largest);
              const [x, y] = [left + (r - 1) * cell, (rfm.scale - f) * height];
              const side = Math.sqrt(Math.max(0, money) / richest) * (narrow ? 12 : 18);
              return (
                <g key={r}>
                  <rect class={`heat-${step}`} x={x + 1} y={y + 1} width={cell - 2} height={height - 2} rx="4" />
                  {n > 0 && (
                    <>
                      {!wordless && (
                        <text class={`strong on-heat-${step}`} x={x + (narrow ? 5 : 8)} y={y + 20}>
                          {short(n)}
                        </text>
                      )}
                      {!wordless && (
                        <text class={`small-text on-heat-${step}`} x={x + (narrow ? 5 : 8)} y={y + 36}>
                          {percent(n / customers)}
                        </text>
                      )}
                      {revenue > 0 && !narrow && (
                        <text class={`small-text on-heat-${step}`} x={x + (narrow ? 5 : 8)} y={y + 54}>
                          {percent(money / revenue)} rev.
                        </text>
                      )}
                      {revenue > 0 && side >= 2 && (
                        <rect
                          class="money"
                          x={x + cell - 7 - side}
                          y={narrow ? y + height - 5 - side : y + 7}
                          width={side}
                          height={side}
                          rx="1.5"
                        />
                      )}
                    </>
                  )}
                </g>
              );
            })}
          </g>
        ))}
        {scores.map((r) => (
          <g key={r}>
            <text class="axis strong" x={left + (r - 0.5) * cell} y={bottom + 18} text-anchor="middle">
              R{r}
            </text>
            <text class="axis" x={left + (r - 0.5) * cell} y={bottom + 34} text-anchor="middle">
              {wordless ? "" : dayBand(rfm.edges.recency, r, rfm.scale, narrow).replace(cell < 100 ? " days" : "", "")}
            </text>
          </g>
        ))}
        <text class="axis" x={left + (width - left) / 2} y={bottom + 54} text-anchor="middle">
          {narrow ? "Days since the last order" : "Days since the last order → more recent"}
        </text>
      </svg>
    </div>
  );
}

const edge = (value: number): string => short(Math.round(value));

/** “3–5 orders”: frequencies are whole numbers, so a band runs from above one edge to the next. */
export function orderBand(edges: readonly number[], score: number, bare: boolean): string {
  const low = score === 1 ? 1 : Math.floor(edges[score - 2] ?? 0) + 1;
  const high = edges[score - 1];
  const unit = bare ? "" : " orders";
  if (high === undefined) return `${edge(low)}+${unit}`;
  if (Math.floor(high) < low) return "none";
  return Math.floor(high) === low
    ? `${edge(low)}${bare ? "" : low === 1 ? " order" : " orders"}`
    : `${edge(low)}–${edge(Math.floor(high))}${unit}`;
}

/** “31–90 days”; the highest score is the fewest days. */
export function dayBand(edges: readonly number[], score: number, scale: number, bare: boolean): string {
  const band = scale - score;
  const low = band === 0 ? 0 : Math.floor(edges[band - 1] ?? 0) + 1;
  const high = edges[band];
  if (high === undefined) return bare ? `${edge(low)}+` : `${edge(low)}+ days`;
  return bare ? `≤${edge(Math.floor(high))}` : `${edge(low)}–${edge(Math.floor(high))} days`;
}
