/** Who the rule being written takes, against everyone: the strongest differences, and a few of them with the reasons why. */
import type { Actions } from "../../actions.ts";
import { number, percent, plural } from "../../format.ts";
import type { ColumnType, Live, Study } from "../../model.ts";
import { state } from "../../state.ts";
import { isPersonal, masked } from "../Columns.tsx";
import { Scroller } from "../Scroller.tsx";
import { WhyPanel } from "./WhyPanel.tsx";

/** Columns shown of each customer. */
const SHOWN = 6;

export function LivePane({ study, actions }: { study: Study; actions: Actions }) {
  const live = state.live.value;
  const draft = state.draft.value;
  const old = draft.stale || live?.text !== draft.text;
  return (
    <section class="panel live" aria-labelledby="live-title">
      <h2 id="live-title">Who they are</h2>
      {!live || !draft.counts ? (
        <p class="quiet">Write a rule, and its customers are compared with everyone here.</p>
      ) : (
        <div class={old ? "stack old" : "stack"} aria-busy={old}>
          {live.excluded > 0 && (
            <p class="note warning small-text">
              {plural(live.excluded, "customer")} of the rule {live.excluded === 1 ? "is" : "are"} left out everywhere:
              not in the members, the overlap, profiles and exports.
            </p>
          )}
          <Differences live={live} study={study} />
          <Sample live={live} study={study} actions={actions} />
          <WhyPanel actions={actions} />
        </div>
      )}
    </section>
  );
}

/** Differences shown. */
const STRONGEST = 6;

function Differences({ live, study }: { live: Live; study: Study }) {
  if (live.rows.length === 0) return <p>The rule takes nobody.</p>;
  const lines = (live.profile?.columns ?? [])
    .filter(({ effect }) => Number.isFinite(effect) && effect !== 0)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .flatMap((column) => compared(column, study.columns.find(({ name }) => name === column.name)?.type))
    .slice(0, STRONGEST);
  if (lines.length === 0) return <p class="quiet">They are much like everyone else.</p>;
  return (
    <>
      <p class="quiet small-text">Medians and shares that set them apart, strongest first.</p>
      <Scroller label="Strongest differences">
        <table class="small">
          <caption class="hidden">What sets them apart, strongest first</caption>
          <thead>
            <tr>
              <th scope="col">
                <span class="hidden">Column</span>
              </th>
              <th scope="col" class="number">
                They
              </th>
              <th scope="col" class="number">
                Everyone
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(([name, they, everyone]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{they}</td>
                <td class="number">{everyone}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </>
  );
}

/** A column’s middle, or how often its most telling value is there; nothing where both are the same. */
function compared(column: Column, type: ColumnType | undefined): [string, string, string][] {
  const { name, median, baselineMedian, mean, baselineMean, top } = column;
  // Days say nothing beside each other that the days between them do not.
  if (type === "date" || type === "time") return [];
  if (median !== undefined && baselineMedian !== undefined && median !== baselineMedian)
    return [[name, number(median), number(baselineMedian)]];
  if (mean !== undefined && baselineMean !== undefined && number(mean) !== number(baselineMean))
    return [[`${name}, mean`, number(mean), number(baselineMean)]];
  const telling = [...(top ?? [])].sort((a, b) => Math.abs(b.index - 100) - Math.abs(a.index - 100))[0];
  if (!telling || Math.round(telling.index) === 100) return [];
  return [[`${name}: ${telling.value}`, percent(telling.share), percent((telling.share * 100) / telling.index)]];
}

type Column = NonNullable<Live["profile"]>["columns"][number];

function Sample({ live, study, actions }: { live: Live; study: Study; actions: Actions }) {
  if (live.rows.length === 0) return null;
  const own = new Set((live.profile?.columns ?? []).map(({ name }) => name));
  const named = (name: string): boolean => study.columns.find((column) => column.name === name)?.role === "customer-id";
  // Whom, then what sets them apart.
  const chosen = live.header
    .map((name, index) => ({ name, index, rank: named(name) ? 0 : own.has(name) ? 1 : 2 }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, SHOWN);
  const shown = (name: string, cell: string): string => {
    const column = study.columns.find((one) => one.name === name);
    return column && isPersonal(column) ? masked(cell) : tidy(cell);
  };
  return (
    <>
      <h3>{plural(live.rows.length, "customer")} of them</h3>
      <Scroller label="Customers of the rule">
        <table class="small">
          <thead>
            <tr>
              <th scope="col">Why</th>
              {chosen.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {live.rows.map(({ row, cells }) => (
              <tr key={row}>
                <td>
                  <button
                    type="button"
                    class="small-button"
                    aria-label={`Why is customer in row ${row + 1} in the rule?`}
                    aria-pressed={state.why.value?.row === row}
                    onClick={() => actions.explain(state.why.value?.row === row ? undefined : row)}
                  >
                    Why?
                  </button>
                </td>
                {chosen.map(({ name, index }) => (
                  <td key={name}>{shown(name, cells[index] ?? "")}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </>
  );
}

/** Long fractions are cut. */
const tidy = (cell: string): string =>
  /^-?\d+\.\d{3,}$/.test(cell) ? String(Number(Number(cell).toPrecision(6))) : cell;
