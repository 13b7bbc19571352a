/** Groups against everyone, column by column: 100 is the average. */
import { count, number, percent, plural } from "../format.ts";
import type { Profile as One, Profiled } from "../model.ts";
import { Scroller } from "./Scroller.tsx";

/** Fewer customers than this are too few to compare. */
export const FEW = 30;

interface Cell {
  index: number | undefined;
  own: string;
  n: number;
}
interface Line {
  name: string;
  everyone: string;
  cells: Cell[];
  spread: number;
}

export function IndexMap({ profiled }: { profiled: Profiled }) {
  const profiles = profiled.profiles.filter(({ n }) => n > 0);
  const lines = [...numberLines(profiles), ...categoryLines(profiles)]
    .filter((line) => line.cells.some((cell) => cell.index !== undefined))
    .sort((a, b) => b.spread - a.spread);
  if (lines.length === 0) return <p class="quiet">No column can be compared.</p>;
  const top = lines[0];
  return (
    <section class="panel" aria-labelledby="heat-title">
      <h2 id="heat-title">{top ? `${top.name} differs most` : "Index by column"}</h2>
      <p class="quiet">
        Index: 100 is everyone, 200 twice as much or as often. Below it the value itself. n ={" "}
        {count(profiled.customers)}. Rows with the greatest differences first; groups under {FEW} customers are hatched.
      </p>
      <Scroller label="Index by column">
        <table class={profiles.length === 1 ? "heat single" : "heat"}>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col" class="number">
                Everyone
              </th>
              {profiles.map((profile) => (
                <th key={profile.label} scope="col" class="number">
                  {profile.label}
                  <br />
                  <span class="quiet">n {count(profile.n)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.name}>
                <th scope="row">{line.name}</th>
                <td class="number">{line.everyone}</td>
                {line.cells.map((cell, at) => (
                  <td
                    key={at}
                    class={`number index ${shade(cell)}`}
                    title={
                      cell.index === undefined ? undefined : `${cell.own} against ${line.everyone}, n ${count(cell.n)}`
                    }
                  >
                    {cell.index === undefined ? (
                      <span class="quiet">–</span>
                    ) : (
                      <strong>{number(Math.round(cell.index))}</strong>
                    )}
                    <br />
                    <span class="own">{cell.own}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <p class="quiet">
        {plural(lines.length, "row")}. An index says how large a difference is, not whether it could be chance.
      </p>
    </section>
  );
}

/** Seven steps from far below to far above; too few customers are hatched, not coloured. */
function shade({ index, n }: Cell): string {
  if (index === undefined) return "";
  if (n < FEW) return "few";
  if (index >= 100) return index >= 200 ? "up-3" : index >= 140 ? "up-2" : index >= 110 ? "up-1" : "";
  return index <= 50 ? "down-3" : index <= 71 ? "down-2" : index <= 91 ? "down-1" : "";
}

/** How far the indices lie from 100, on a scale where half and double are equally far. */
const spread = (cells: Cell[]): number =>
  Math.max(
    0,
    ...cells.map(({ index, n }) => (index === undefined || n < FEW ? 0 : Math.abs(Math.log(Math.max(index, 1) / 100)))),
  );

function numberLines(profiles: One[]): Line[] {
  const first = profiles[0];
  return (first?.columns ?? []).flatMap((column, at) => {
    if (column.mean === undefined && column.baselineMean === undefined) return [];
    const cells = profiles.map(
      (profile): Cell => ({ index: profile.columns[at]?.index, own: number(profile.columns[at]?.mean), n: profile.n }),
    );
    return [{ name: column.name, everyone: number(column.baselineMean), cells, spread: spread(cells) }];
  });
}

function categoryLines(profiles: One[]): Line[] {
  const first = profiles[0];
  return (first?.columns ?? []).flatMap((column, at) => {
    const everyone = new Map<string, number>();
    for (const profile of profiles)
      for (const { value, share, index } of profile.columns[at]?.top ?? [])
        if (index > 0) everyone.set(value, (share / index) * 100);
    return [...everyone]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 5)
      .map(([value, base]): Line => {
        const cells = profiles.map((profile): Cell => {
          const found = profile.columns[at]?.top?.find((one) => one.value === value);
          return { index: found?.index, own: found ? percent(found.share) : "", n: profile.n };
        });
        return { name: `${column.name}: ${value}`, everyone: percent(base), cells, spread: spread(cells) };
      });
  });
}
