/** Sizes of segments, or of the groups of a partition, at the end of each of the last months. */
import { useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import type { Series, Trend } from "../../changes/shapes.ts";
import { dayInWords, signed } from "../../changes/words.ts";
import { TrendLines } from "../../charts/Trend.tsx";
import { count, plural } from "../../format.ts";
import { state } from "../../state.ts";
import { Figure } from "../Figure.tsx";

export function TrendFigure({ trend, actions }: { trend: Trend | null; actions: Actions }) {
  const [what, setWhat] = useState("");
  if (!trend) {
    return (
      <section class="panel" aria-labelledby="trend-title">
        <h2 id="trend-title">How did the sizes run over the last year?</h2>
        <p class="quiet">
          Every definition is asked again as of the end of each month; for long files this takes a while and can be
          cancelled.
        </p>
        <div class="actions">
          <button type="button" disabled={state.running.value !== null} onClick={() => actions.showTrend()}>
            Draw twelve months
          </button>
        </div>
      </section>
    );
  }
  const choices = [
    ...(trend.segments.length > 0 ? ["Segments"] : []),
    ...trend.groupings.map(({ name }) => name),
    "All customers",
  ];
  const chosen = choices.includes(what) ? what : (choices[0] ?? "");
  const series = seriesOf(trend, chosen);
  const last = trend.dates.length - 1;
  const [most] = series.filter((one) => Number.isFinite(run(one))).sort((a, b) => Math.abs(run(b)) - Math.abs(run(a)));
  return (
    <Figure
      title={
        most ? `“${most.name}” went from ${count(most.n[0] ?? 0)} to ${count(most.n[last] ?? 0)} customers` : "No sizes"
      }
      subtitle={`Sizes as of ${plural(trend.dates.length, "day")}, ${dayInWords(trend.dates[0] ?? "")} to ${dayInWords(trend.dates[last] ?? "")}; n = ${count(trend.customers[0] ?? 0)} to ${count(trend.customers[last] ?? 0)} customers. The same definitions on every day.`}
      summary={`Sizes over time. ${series.map((one) => `${one.name}: ${known(one.n[0])} to ${known(one.n[last])}`).join("; ")}.`}
      numbers={{
        head: ["Day", ...series.map(({ name }) => name)],
        rows: trend.dates.map((date, day) => [date, ...series.map(({ n }) => known(n[day]))]),
      }}
      foot={
        <>
          <div class="row">
            <label class="row">
              <span>Lines</span>
              <select class="small-select" value={chosen} onChange={(event) => setWhat(event.currentTarget.value)}>
                {choices.map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            {most && <span class="quiet small-text">{`${most.name}: ${signed(run(most))}`}</span>}
          </div>
          {trend.notices.map((notice) => (
            <p key={notice} class="quiet small-text">
              {notice}
            </p>
          ))}
        </>
      }
    >
      <TrendLines dates={trend.dates} series={series} />
    </Figure>
  );
}

const known = (n: number | undefined): string => (n === undefined || Number.isNaN(n) ? "–" : count(n));

const run = ({ n }: Series): number => (n[n.length - 1] ?? 0) - (n[0] ?? 0);

function seriesOf(trend: Trend, what: string): Series[] {
  if (what === "All customers") return [{ name: "All customers", color: 1, n: trend.customers }];
  if (what === "Segments") {
    return trend.segments.map(({ name, n }) => ({
      name,
      n,
      color: state.segments.value.find((one) => one.name === name)?.color ?? 0,
    }));
  }
  const grouping = trend.groupings.find(({ name }) => name === what);
  return (grouping?.labels ?? []).map((name, at) => ({
    name,
    n: grouping?.sizes[at] ?? [],
    color: at < 8 ? at + 1 : 0,
  }));
}
