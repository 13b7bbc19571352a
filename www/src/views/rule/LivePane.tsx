/** Who the rule being written takes, against everyone: the strongest differences, and a few of them with the reasons why. */
import type { Actions } from "../../actions.ts";
import { plural } from "../../format.ts";
import type { Live, Study } from "../../model.ts";
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
          <Differences live={live} />
          <Sample live={live} study={study} actions={actions} />
          <WhyPanel actions={actions} />
        </div>
      )}
    </section>
  );
}

function Differences({ live }: { live: Live }) {
  const differences = live.profile?.differences.slice(0, 5) ?? [];
  if (live.rows.length === 0) return <p>The rule takes nobody.</p>;
  if (differences.length === 0) return <p class="quiet">They are much like everyone else.</p>;
  return (
    <ul class="bullets">
      {differences.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

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
