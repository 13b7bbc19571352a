/** Who comes back: customers by the period of their first order, and how many of them order in the periods after. */
import type { Actions } from "../../actions.ts";
import { heat } from "../../charts/useWidth.ts";
import { count, percent, plural, short } from "../../format.ts";
import { state } from "../../state.ts";
import { type CohortMeasure, type CohortTable, PERIODS, type Period } from "../../value/shapes.ts";
import { type Numbers, TakeTable } from "../Figure.tsx";
import { Scroller } from "../Scroller.tsx";

/** More cohorts or periods than these are left to the file: nobody reads them, and the page stays quick. */
const [MOST_COHORTS, MOST_PERIODS] = [36, 25];

const MEASURES: readonly { measure: CohortMeasure; title: string }[] = [
  { measure: "share", title: "% of customers" },
  { measure: "n", title: "customers" },
  { measure: "money", title: "money" },
];

export function Cohorts({ actions }: { actions: Actions }) {
  const found = state.cohorts.value;
  if (!found) {
    return (
      <>
        <header>
          <h1 tabIndex={-1}>Who comes back?</h1>
          <p class="quiet">
            Customers by the month of their first order, and how many of them order in each month after.
          </p>
        </header>
        <div class="actions">
          <button
            type="button"
            class="primary"
            disabled={state.running.value !== null}
            onClick={() => actions.showCohorts("month")}
          >
            Show cohorts
          </button>
        </div>
      </>
    );
  }
  return (
    <>
      <header>
        <h1 tabIndex={-1}>{headline(found)}</h1>
        <p class="quiet">{found.definition}</p>
      </header>
      <Triangle found={found} actions={actions} />
      {found.notices.length > 0 && (
        <ul class="note notices">
          {found.notices.map((notice) => (
            <li key={notice}>{notice}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function headline({ average, by, cohorts }: CohortTable): string {
  const [next, half] = [average[1], average[6]];
  if (next === undefined || !Number.isFinite(next)) return `${plural(cohorts.length, "cohort")} of customers`;
  const later = half !== undefined && Number.isFinite(half) ? `, ${percent(half)} in the sixth` : "";
  return `${percent(next)} of new customers order again in the ${by} after their first${later}`;
}

function Triangle({ found, actions }: { found: CohortTable; actions: Actions }) {
  const measure = state.cohortMeasure.value;
  const last = found.cohorts.slice(-MOST_COHORTS);
  const skipped = found.cohorts.length - last.length;
  const periods = Math.min(found.periods, MOST_PERIODS);
  const value = (at: number, period: number): number | undefined => cellOf(found, at, period, measure);
  const cells = last.flatMap((_, row) => Array.from({ length: periods - 1 }, (_, at) => value(skipped + row, at + 1)));
  // The first period is 100 % for everyone, so it would drown the others.
  const most = Math.max(...cells.map((cell) => cell ?? 0), 1e-12);
  const said = (cell: number | undefined): string =>
    cell === undefined ? "" : measure === "share" ? whole(cell) : short(Math.round(cell));
  return (
    <section class="panel" aria-labelledby="cohorts-title">
      <div class="row choices">
        <h2 id="cohorts-title" class="grow">
          {plural(found.cohorts.length, "cohort")},{" "}
          {measure === "share"
            ? "customers who order, in % of the cohort"
            : measure === "n"
              ? "customers who order"
              : "money they bring"}
        </h2>
        <label class="inline">
          <span class="quiet">Cohorts by</span>{" "}
          <select
            value={found.by}
            disabled={state.running.value !== null}
            onChange={(event) => actions.showCohorts(event.currentTarget.value as Period)}
          >
            {PERIODS.map((period) => (
              <option key={period} value={period}>
                {period}
              </option>
            ))}
          </select>
        </label>
        <label class="inline">
          <span class="quiet">Show</span>{" "}
          <select
            value={measure}
            onChange={(event) => actions.setCohortMeasure(event.currentTarget.value as CohortMeasure)}
          >
            {MEASURES.map(({ measure: each, title }) => (
              <option key={each} value={each}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="quiet">
        Across: {found.by}s since the first order; 0 is the {found.by} of the first order itself. One colour scale for
        all cells. Hatched: a {found.by} that is not over.
        {(skipped > 0 || found.periods > periods) &&
          ` Shown are the last ${last.length} of ${count(found.cohorts.length)} cohorts and the first ${periods} of ${count(found.periods)} ${found.by}s; the file has all.`}
      </p>
      <Scroller label="Cohorts">
        <table class="cohorts">
          <thead>
            <tr>
              <th scope="col">First order, customers</th>
              <th scope="col" class="number">
                Came again
              </th>
              {Array.from({ length: periods }, (_, period) => (
                <th key={period} scope="col" class="number">
                  {period}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {last.map((cohort, row) => (
              <tr key={cohort.label}>
                <th scope="row">
                  {cohort.label} <span class="quiet">{count(cohort.customers)}</span>
                </th>
                <td class="number">{whole(cohort.repeatRate)}</td>
                {Array.from({ length: periods }, (_, period) => {
                  const cell = value(skipped + row, period);
                  if (cell === undefined) return <td key={period} />;
                  const open = found.incomplete[skipped + row] === period;
                  const step = period === 0 ? "first" : `step-${heat(cell, most)}`;
                  return (
                    <td key={period} class={`number ${open ? "open" : step}`}>
                      {said(cell)}
                      {open && <span class="hidden"> so far</span>}
                    </td>
                  );
                })}
              </tr>
            ))}
            {measure === "share" && (
              <tr class="fixed">
                <th scope="row">
                  All{" "}
                  <span class="quiet">{count(found.cohorts.reduce((sum, { customers }) => sum + customers, 0))}</span>
                </th>
                <td class="number">{whole(cameAgain(found))}</td>
                {Array.from({ length: periods }, (_, period) => (
                  <td key={period} class="number">
                    {Number.isFinite(found.average[period]) ? whole(found.average[period] ?? 0) : ""}
                  </td>
                ))}
              </tr>
            )}
          </tbody>
        </table>
      </Scroller>
      <TakeTable numbers={() => numbers(found, measure)} title={`cohorts by ${found.by} ${measure}`} />
    </section>
  );
}

const whole = (share: number): string => `${share > 0 && share < 0.005 ? "<1" : Math.round(share * 100)} %`;

function cameAgain({ cohorts }: CohortTable): number {
  const [again, all] = cohorts.reduce(
    ([again, all], { repeated, customers }) => [again + repeated, all + customers],
    [0, 0],
  );
  return all > 0 ? again / all : 0;
}

/** A cell of the triangle; nothing where the period has not begun. */
function cellOf(found: CohortTable, at: number, period: number, measure: CohortMeasure): number | undefined {
  const cohort = found.cohorts[at];
  if (!cohort) return undefined;
  const cell = (measure === "money" ? cohort.revenue : cohort.active)[period];
  return cell === undefined || measure !== "share" ? cell : cell / Math.max(1, cohort.customers);
}

/** The whole table, also what is not shown. */
function numbers(found: CohortTable, measure: CohortMeasure): Numbers {
  const periods = Array.from({ length: found.periods }, (_, period) => period);
  return {
    head: ["First order", "Customers", "Came again", ...periods.map(String)],
    rows: found.cohorts.map((cohort, at) => [
      cohort.label,
      cohort.customers,
      cohort.repeated,
      ...periods.map((period) => cellOf(found, at, period, measure) ?? ""),
    ]),
  };
}
