/** What leaving means: no order for so many days, or a value of a column. */
import type { Actions } from "../../actions.ts";
import { state } from "../../state.ts";
import { outcomesOf } from "../../value/outcomes.ts";
import type { ChurnSetup as Setup } from "../../value/shapes.ts";

export function ChurnSetup({ actions }: { actions: Actions }) {
  const [setup, study] = [state.churnSetup.value, state.study.value];
  const outcomes = outcomesOf(study?.columns ?? []);
  const values =
    state.values.value.get(setup.column) ?? outcomes.find(({ name }) => name === setup.column)?.sample ?? [];
  const ready = setup.of === "churn" || (setup.column !== "" && setup.positive !== "");
  const change = (next: Partial<Setup>): void => actions.setUpChurn(next);
  return (
    <section class="panel" aria-label="What is foretold">
      <div class="actions">
        <label class="field">
          <span>Foretell</span>
          <select value={setup.of} onChange={(event) => change({ of: event.currentTarget.value as Setup["of"] })}>
            <option value="churn" disabled={study?.orders.length === 0}>
              no order for some time
            </option>
            <option value="outcome" disabled={outcomes.length === 0}>
              a value of a column
            </option>
          </select>
        </label>
        {setup.of === "churn" ? (
          <label class="field">
            <span>Days without an order</span>
            <input
              type="number"
              class="short"
              min="1"
              max="3650"
              value={setup.days}
              onChange={(event) => {
                const days = event.currentTarget.valueAsNumber;
                if (days >= 1 && days <= 3650) change({ days: Math.round(days) });
                else event.currentTarget.value = String(setup.days);
              }}
            />
          </label>
        ) : (
          <>
            <label class="field">
              <span>Column</span>
              <select
                value={setup.column}
                onChange={(event) => {
                  actions.suggest(event.currentTarget.value);
                  change({ column: event.currentTarget.value, positive: "" });
                }}
              >
                <option value="">Choose …</option>
                {outcomes.map(({ name }) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <label class="field">
              <span>Value that counts</span>
              <select value={setup.positive} onChange={(event) => change({ positive: event.currentTarget.value })}>
                <option value="">Choose …</option>
                {values.map((value) => (
                  <option key={value} value={value}>
                    {value}
                  </option>
                ))}
              </select>
            </label>
          </>
        )}
        <label class="field">
          <span>Model</span>
          <select
            value={setup.method}
            onChange={(event) => change({ method: event.currentTarget.value as Setup["method"] })}
          >
            <option value="best">whichever foretells best</option>
            <option value="logistic">logistic regression</option>
            <option value="forest">random forest</option>
          </select>
        </label>
        <button
          type="button"
          class="primary end"
          disabled={!ready || state.running.value !== null}
          onClick={actions.findRisk}
        >
          {state.risk.value ? "Foretell again" : "Foretell"}
        </button>
        {state.risk.value && state.risk.value.asked !== setup && <span class="tag warning">changed since</span>}
      </div>
    </section>
  );
}
