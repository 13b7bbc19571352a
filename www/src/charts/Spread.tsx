/** How a column's values spread, small enough for a card: bars by range, or the most frequent values. */
import { count, number, percent } from "../format.ts";
import type { ColumnInfo, Distribution } from "../model.ts";

const WIDTH = 240;
const HEIGHT = 40;

export function Spread({ column, spread, rows }: { column: ColumnInfo; spread: Distribution; rows: number }) {
  const present = rows - column.missing;
  if (spread.bars.length > 0) {
    const { from, to, bars } = spread;
    const most = Math.max(...bars);
    const width = WIDTH / bars.length;
    const [low, high] = [edge(column, from), edge(column, to)];
    return (
      <div class="spread">
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Values from ${low} to ${high}`}
        >
          {bars.map((rows, index) => {
            const height = rows === 0 ? 0 : Math.max(1.5, (rows / most) * HEIGHT);
            return (
              <rect key={index} x={index * width} y={HEIGHT - height} width={Math.max(1, width - 1)} height={height} />
            );
          })}
        </svg>
        <p class="ends quiet">
          <span>{low}</span>
          <span>{low === high ? "" : high}</span>
        </p>
      </div>
    );
  }
  if (column.distinct === present && present > 1) return <p class="quiet small-text">Different in every row</p>;
  if ((spread.rows[0] ?? 0) * 100 < present) return <p class="quiet small-text">Many values, none of them often</p>;
  return (
    <ul class="shares">
      {spread.values.slice(0, 3).map((value, index) => {
        const rows = spread.rows[index] ?? 0;
        return (
          <li key={value}>
            <span class="share-name">{value === "" ? "(empty)" : value}</span>
            <span class="share-track">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(100 * rows) / Math.max(1, present)} height="8" />
              </svg>
            </span>
            <span class="quiet">{percent(rows / Math.max(1, present))}</span>
          </li>
        );
      })}
      {column.distinct > 3 && <li class="quiet">and {count(column.distinct - 3)} more</li>}
    </ul>
  );
}

/** An end of the range, in the column's own units. */
function edge(column: ColumnInfo, value: number): string {
  if (column.type === "number") return number(value);
  const ms = column.type === "date" ? value * 86_400_000 : value;
  return Math.abs(ms) < 8e14 ? new Date(ms).toISOString().slice(0, 10) : "";
}
