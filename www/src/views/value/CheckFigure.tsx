/** Can the model be trusted? It is fitted without the last days, and what it expects of them is laid beside what came. */
import type { Actions } from "../../actions.ts";
import { Columns } from "../../charts/Columns.tsx";
import { Tracking } from "../../charts/Tracking.tsx";
import { count, number, percent } from "../../format.ts";
import { state } from "../../state.ts";
import { type Check, type Estimate, MODELS } from "../../value/shapes.ts";
import { Figure } from "../Figure.tsx";

export function CheckFigure({ found, actions }: { found: Estimate; actions: Actions }) {
  const check = state.check.value;
  const { heldBack } = state.valueSetup.value;
  return (
    <>
      <section class="panel" aria-labelledby="check-title">
        <h2 id="check-title">Can this be trusted?</h2>
        <p>
          Fit the model without the last {heldBack} days before {found.calibrationEnd}, and compare what it expects of
          them with what came.
        </p>
        <div class="actions">
          <label class="field inline">
            <span>Days held back</span>
            <select value={heldBack} onChange={(event) => actions.setHeldBack(Number(event.currentTarget.value))}>
              {[30, 60, 90, 180, 270, 365].map((days) => (
                <option key={days} value={days}>
                  {days}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            class="small-button"
            disabled={state.running.value !== null}
            onClick={actions.checkValue}
          >
            Check the model
          </button>
        </div>
      </section>
      <div class={check ? "columns even" : undefined}>
        {check && <Held check={check} />}
        <TrackingFigure tracking={check?.tracking ?? found.tracking} seen={check?.from} />
      </div>
    </>
  );
}

function TrackingFigure({ tracking, seen }: Pick<Estimate, "tracking"> & { seen: string | undefined }) {
  const last = tracking[tracking.length - 1];
  if (!last) return null;
  const off = last.cumulativeActual > 0 ? last.cumulativeExpected / last.cumulativeActual - 1 : Number.NaN;
  return (
    <Figure
      title={`Over all, ${percent(Math.abs(off))} ${off < 0 ? "fewer" : "more"} repeat orders are expected than came`}
      subtitle={`Repeat orders by stretch of days up to ${last.day}: ${count(last.cumulativeActual)} came, ${count(last.cumulativeExpected)} were expected. ${seen === undefined ? "The model has seen all of them." : `The model has seen those up to ${seen}.`} Where seasons matter, the lines part.`}
      summary={`Two lines over ${tracking.length} stretches of time, from ${tracking[0]?.day} to ${last.day}: ${count(last.cumulativeActual)} repeat orders came, ${count(last.cumulativeExpected)} were expected.`}
      numbers={{
        head: ["Up to", "Came", "Expected", "Came so far", "Expected so far"],
        rows: tracking.map((one) => [
          one.day,
          count(one.actual),
          number(one.expected),
          count(one.cumulativeActual),
          count(one.cumulativeExpected),
        ]),
      }}
    >
      <Tracking stretches={tracking} seen={seen} />
    </Figure>
  );
}

function Held({ check }: { check: Check }) {
  const { actual, expected, days, mae, byRepeats } = check;
  const off = actual > 0 ? Math.abs(expected - actual) / actual : Number.NaN;
  const rows = byRepeats
    .filter(({ customers }) => customers > 0)
    .map((row) => ({ ...row, actual: row.actual / row.customers, expected: row.expected / row.customers }));
  const bought = (repeats: number): string => (repeats >= 7 ? "7+" : String(repeats));
  const all = rows.reduce((sum, { customers }) => sum + customers, 0);
  return (
    <Figure
      title={`${count(expected)} orders were expected in ${days} days, and ${count(actual)} came: ${percent(off)} ${expected < actual ? "too few" : "too many"}`}
      subtitle={`${MODELS[check.model]} fitted up to ${check.from}, n = ${count(all)} customers seen by then. Bars: orders a customer that came; dots: expected. A customer is off by ${number(mae)} orders on average.`}
      summary={`Orders a customer by repeat orders before. ${rows.map((row) => `${bought(row.repeats)}: ${number(row.actual)} came, ${number(row.expected)} expected`).join("; ")}.`}
      numbers={{
        head: ["Repeat orders before", "Customers", "Orders that came, a customer", "Expected, a customer"],
        rows: rows.map((row) => [bought(row.repeats), count(row.customers), number(row.actual), number(row.expected)]),
      }}
    >
      <Columns
        bars={rows.map((row) => ({ value: row.actual, expected: row.expected, tick: bought(row.repeats) }))}
        up="Orders a customer"
        along="Repeat orders before →"
        format={number}
      />
    </Figure>
  );
}
