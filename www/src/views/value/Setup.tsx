/** By which model, how far ahead, and what later money counts: a line that opens. */
import type { Actions } from "../../actions.ts";
import { number } from "../../format.ts";
import { state } from "../../state.ts";
import { type Estimate, MODELS, type ValueSetup } from "../../value/shapes.ts";
import { ahead } from "../../value/words.ts";
import { NumberTable } from "../Figure.tsx";

export function Setup({ found, actions }: { found: Estimate; actions: Actions }) {
  const { model, horizonDays, discountYearly } = state.valueSetup.value;
  const busy = state.running.value !== null;
  return (
    <details class="panel value-setup">
      <summary>
        <h2>
          {MODELS[found.model]}
          {model === "best" && found.candidates.length > 1 ? ", the likeliest of three" : ""};{" "}
          {ahead(found.asked.horizonDays)} ahead; {number(found.asked.discountYearly * 100)} % off a year
        </h2>
      </summary>
      <div class="actions">
        <label class="field">
          <span>Ahead</span>
          <select
            disabled={busy}
            value={horizonDays}
            onChange={(event) => actions.setUpValue({ horizonDays: Number(event.currentTarget.value) })}
          >
            {[30, 90, 180, 365, 730, 1095].map((days) => (
              <option key={days} value={days}>
                {ahead(days)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Later money counts less, % a year</span>
          <input
            type="number"
            min="0"
            max="90"
            step="1"
            class="short"
            disabled={busy}
            value={Math.round(discountYearly * 1000) / 10}
            onChange={(event) => {
              const share = event.currentTarget.valueAsNumber / 100;
              if (share >= 0 && share <= 0.9) actions.setUpValue({ discountYearly: share });
              else event.currentTarget.value = String(discountYearly * 100);
            }}
          />
        </label>
        <label class="field">
          <span>Model</span>
          <select
            disabled={busy}
            value={model}
            onChange={(event) => actions.setUpValue({ model: event.currentTarget.value as ValueSetup["model"] })}
          >
            <option value="best">the likeliest of three</option>
            {Object.entries(MODELS).map(([name, title]) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
      <NumberTable
        caption="Models that were fitted"
        numbers={{
          head: ["Model", "Log-likelihood (higher is better)", "BIC (lower is better)", "Parameters"],
          rows: found.candidates.map((one) => [
            `${MODELS[one.model]}${one.converged ? "" : ": found no end"}`,
            one.logLikelihood.toFixed(2),
            one.bic.toFixed(1),
            Object.entries(one.parameters)
              .map(([name, value]) => `${name} ${number(value)} ± ${number(one.standardErrors[name])}`)
              .join(", "),
          ]),
        }}
      />
    </details>
  );
}
