/** Two lists of groups side by side: where the customers of one stand in the other, and how far the two agree. */
import type { Actions } from "../../actions.ts";
import { heat } from "../../charts/useWidth.ts";
import { count, percent } from "../../format.ts";
import { SCHEMES, type SchemeName } from "../../rfm/shapes.ts";
import { state } from "../../state.ts";
import { Scroller } from "../Scroller.tsx";

export function Agreement({ actions }: { actions: Actions }) {
  const { scheme } = state.rfmSetup.value;
  const found = state.agreement.value;
  const others = SCHEMES.filter((one) => one.scheme !== scheme && one.scheme !== "cells");
  return (
    <section class="panel" aria-labelledby="agreement-title">
      <div class="row">
        <h2 id="agreement-title" class="grow">
          {found ? verdict(found.adjustedRand) : "Would another list of groups say the same?"}
        </h2>
        <label class="inline">
          <span class="quiet">Beside</span>{" "}
          <select
            value={found?.beside ?? ""}
            onChange={(event) => actions.layBeside((event.currentTarget.value || undefined) as SchemeName | undefined)}
          >
            <option value="">nothing</option>
            {others.map(({ scheme: name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
      {found && (
        <>
          <p class="quiet">
            Rows: the groups in use; columns: the other list. Adjusted Rand index {found.adjustedRand.toFixed(2)}: 1
            where both part customers in the same way, 0 as by chance. Cells: customers, and their share of the row.
          </p>
          <Scroller label="Two lists of groups side by side">
            <Cells found={found} />
          </Scroller>
        </>
      )}
    </section>
  );
}

type Found = NonNullable<typeof state.agreement.value>;

function Cells({ found }: { found: Found }) {
  const sums = found.cells.map((row) => row.reduce((sum, n) => sum + n, 0));
  return (
    <table class="cohorts">
      <thead>
        <tr>
          <th scope="col">Group</th>
          {found.b.map((name) => (
            <th key={name} scope="col" class="number">
              {name}
            </th>
          ))}
          <th scope="col" class="number">
            All
          </th>
        </tr>
      </thead>
      <tbody>
        {found.a.map((name, at) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {found.cells[at]?.map((n, other) => {
              const share = n / Math.max(1, sums[at] ?? 0);
              return (
                <td key={other} class={`number ${n > 0 ? `step-${heat(share, 1)}` : ""}`}>
                  {n > 0 ? count(n) : ""}
                  {n > 0 && <br />}
                  {n > 0 && <span class="small-text">{percent(share)}</span>}
                </td>
              );
            })}
            <td class="number">{count(sums[at] ?? 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function verdict(index: number): string {
  const how =
    index >= 0.8
      ? "nearly the same"
      : index >= 0.5
        ? "much the same"
        : index >= 0.25
          ? "partly the same"
          : "something else";
  return `The other list says ${how} (agreement ${index.toFixed(2)})`;
}
