/** Exactly how many moved from each group to each: rows sum to the sizes then, columns to the sizes now. */
import { useId, useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import type { Compared, Migration } from "../../changes/shapes.ts";
import { dayInWords, matched } from "../../changes/words.ts";
import { count, number, percent } from "../../format.ts";
import { Scroller } from "../Scroller.tsx";

type Measure = "n" | "share" | "money";
const MEASURES: Record<Measure, [words: string, note: string]> = {
  n: ["Customers", "Customers; each row sums to the group’s size then, each column to its size now."],
  share: ["Share of the row", "Share of the group’s customers then."],
  money: ["Money now", "What those who moved are worth now."],
};

interface Props {
  compared: Compared;
  migration: Migration;
  actions: Actions;
}

export function MigrationMatrix({ compared, migration, actions }: Props) {
  const [measure, setMeasure] = useState<Measure>("n");
  const id = useId();
  const { grouping, labels, none, moved, sizesBefore, sizesAfter, matrix, gone, arrived, money, ordered } = migration;
  const { before, after } = compared.changes;
  const both = matched(migration);
  const measures = (Object.keys(MEASURES) as Measure[]).filter((one) => one !== "money" || money);
  const cell = (n: number, from: number, to: number): string => {
    if (measure === "money") return n > 0 ? number(money?.[from]?.[to]) : "–";
    return measure === "share" ? percent(n / Math.max(1, sizesBefore[from] ?? 0)) : count(n);
  };
  const [came, went] = [arrived.some((n) => n > 0), gone.some((n) => n > 0)];
  return (
    <section class="panel" aria-labelledby={id}>
      <div class="row">
        <h2 id={id} class="grow">
          {both === 0
            ? "Nobody was in a group on both days"
            : `${percent(moved / both)} moved to another group of ${grouping}: ${count(moved)} of ${count(both)} customers`}
        </h2>
        <label>
          <span class="hidden">What the cells say</span>
          <select value={measure} onChange={(event) => setMeasure(event.currentTarget.value as Measure)}>
            {measures.map((name) => (
              <option key={name} value={name}>
                {MEASURES[name][0]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="quiet">
        From the row’s group on {dayInWords(before.date)} to the column’s on {dayInWords(after.date)}.{" "}
        {MEASURES[measure][1]}
        {compared.traceable ? " A click makes a segment of them." : ""}
      </p>
      {ordered && (
        <ul class="legend" aria-label="Improving and worsening">
          <li>
            <strong>▲ {count(migration.improved ?? 0)}</strong> improved (
            {percent((migration.improved ?? 0) / Math.max(1, both))})
          </li>
          <li>
            <strong>▼ {count(migration.worsened ?? 0)}</strong> worsened (
            {percent((migration.worsened ?? 0) / Math.max(1, both))})
          </li>
          <li>
            <strong>{count(migration.stayed)}</strong> stayed ({percent(migration.stayed / Math.max(1, both))})
          </li>
        </ul>
      )}
      <Scroller label={`Migration between groups of ${grouping}`}>
        <table class="matrix">
          <caption class="hidden">
            Migration between groups of {grouping}: {MEASURES[measure][0]}
          </caption>
          <thead>
            <tr>
              <th scope="col">Then ↓ now →</th>
              {labels.map((label) => (
                <th key={label} scope="col" class="number">
                  {label}
                </th>
              ))}
              {went && (
                <th scope="col" class="number">
                  Gone
                </th>
              )}
              <th scope="col" class="number">
                All then
              </th>
            </tr>
          </thead>
          <tbody>
            {labels.map((label, from) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {labels.map((other, to) => {
                  const n = matrix[from]?.[to] ?? 0;
                  const part = n / Math.max(1, sizesBefore[from] ?? 0);
                  const way =
                    from === to || !ordered || from === none || to === none ? "same" : to < from ? "better" : "worse";
                  const text = cell(n, from, to);
                  return (
                    <td key={other} class={`number ${n === 0 ? "nobody" : shade(way, part, from === to)}`}>
                      {n > 0 && compared.traceable ? (
                        <button
                          type="button"
                          class="cell"
                          aria-label={`${count(n)} from ${label} to ${other}, ${text}. Make them a segment`}
                          onClick={() => actions.segmentOfMove(grouping, label, other)}
                        >
                          {mark(way, n)}
                          {text}
                        </button>
                      ) : (
                        <span class="cell">
                          {mark(way, n)}
                          {text}
                        </span>
                      )}
                    </td>
                  );
                })}
                {went && <td class="number quiet">{measure === "money" ? "–" : cell(gone[from] ?? 0, from, -1)}</td>}
                <td class="number quiet">{count(sizesBefore[from] ?? 0)}</td>
              </tr>
            ))}
            {came && (
              <tr class="fixed">
                <th scope="row">New</th>
                {labels.map((label, to) => (
                  <td key={label} class="number">
                    {count(arrived[to] ?? 0)}
                  </td>
                ))}
                {went && <td class="number" />}
                <td class="number" />
              </tr>
            )}
            <tr class="fixed">
              <th scope="row">All now</th>
              {labels.map((label, to) => (
                <td key={label} class="number">
                  {count(sizesAfter[to] ?? 0)}
                </td>
              ))}
              {went && <td class="number">{count(gone.reduce((sum, n) => sum + n, 0))}</td>}
              <td class="number" />
            </tr>
          </tbody>
        </table>
      </Scroller>
    </section>
  );
}

type Way = "better" | "worse" | "same";

/** Improving and worsening also differ by their sign, not by colour alone. */
const mark = (way: Way, n: number): string => (n === 0 || way === "same" ? "" : way === "better" ? "▲ " : "▼ ");

function shade(way: Way, part: number, diagonal: boolean): string {
  if (diagonal) return "stayed";
  const step = part === 0 ? 0 : Math.min(3, Math.ceil(part * 6));
  return `${way === "better" ? "down" : "up"}-${step}`;
}
