/** Which orders count: of which days, and what becomes of refunds, cancelled orders, orders of 0 and tests. */
import type { Actions } from "../../actions.ts";
import { inWords } from "../../rfm/fold.ts";
import { state } from "../../state.ts";

const WINDOWS = [30, 90, 180, 365, 730, 1095];

export function Orders({ actions }: { actions: Actions }) {
  const study = state.study.value;
  const folding = state.folding.value;
  if (!study || study.orders.length === 0) return null;
  const also = folding.also ? inWords(folding.also, study.orders) : "";
  const busy = state.running.value !== null;
  return (
    <details>
      <summary>What counts as an order</summary>
      <div class="stack">
        <p class="quiet small-text">
          Customers are made anew from what counts, and scored anew. Segments stay; clusters, estimates and segments
          that ask for these have to be made again.
        </p>
        <fieldset class="plain actions" disabled={busy}>
          <legend class="hidden">What counts as an order</legend>
          <label class="field">
            <span>Orders of</span>
            <select
              value={folding.days ?? ""}
              onChange={(event) => actions.setUpFolding({ days: Number(event.currentTarget.value) || undefined })}
            >
              <option value="">all days</option>
              {WINDOWS.map((days) => (
                <option key={days} value={days}>
                  the last {days} days
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span>Refunds</span>
            <select
              value={folding.refunds}
              onChange={(event) =>
                actions.setUpFolding({ refunds: event.currentTarget.value === "ignore" ? "ignore" : "subtract" })
              }
            >
              <option value="subtract">lower the money</option>
              <option value="ignore">are passed over</option>
            </select>
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={folding.cancelled}
              onChange={() => actions.setUpFolding({ cancelled: !folding.cancelled })}
            />{" "}
            Cancelled orders count
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={folding.zeroValue}
              onChange={() => actions.setUpFolding({ zeroValue: !folding.zeroValue })}
            />{" "}
            Orders of 0 count
          </label>
        </fieldset>
        {also !== "" && (
          <p class="quiet">
            As in the project: {also}.{" "}
            <button
              type="button"
              class="link"
              disabled={busy}
              onClick={() => actions.setUpFolding({ also: undefined })}
            >
              Leave that out
            </button>
          </p>
        )}
        <label class="field">
          <span>Test orders, by a rule over order lines (empty for none)</span>
          <input
            type="text"
            class="mono"
            spellcheck={false}
            disabled={busy}
            value={folding.test}
            onChange={(event) => actions.setUpFolding({ test: event.currentTarget.value.trim() })}
          />
        </label>
      </div>
    </details>
  );
}
