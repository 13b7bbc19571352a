/** What calls for attention: thresholds that a person sets; they hold from the next comparison on. */
import type { Actions } from "../../actions.ts";
import { MEASURES, SMALLEST } from "../../changes/thresholds.ts";
import { state } from "../../state.ts";

export function Thresholds({ actions }: { actions: Actions }) {
  return (
    <details class="panel fold">
      <summary>
        <strong>When to be told</strong>
      </summary>
      <ul class="thresholds">
        {state.thresholds.value.map(({ measure, on, above }) => {
          const { words, unit } = MEASURES[measure];
          return (
            <li key={measure} class="row">
              <label class="check grow">
                <input type="checkbox" checked={on} onChange={() => actions.setThreshold(measure, { on: !on })} />{" "}
                {words}
              </label>
              {unit !== "" && (
                <label class="row">
                  <span class="hidden">{words}</span>
                  <input
                    type="number"
                    min="0"
                    step={unit === "%" ? 1 : 0.05}
                    disabled={!on}
                    value={unit === "%" ? Math.round(above * 100) : above}
                    onChange={(event) => {
                      const value = event.currentTarget.valueAsNumber;
                      if (value >= 0) actions.setThreshold(measure, { above: unit === "%" ? value / 100 : value });
                    }}
                  />
                  <span aria-hidden="true">{unit}</span>
                </label>
              )}
            </li>
          );
        })}
      </ul>
      <p class="quiet small-text">
        Segments with fewer than {SMALLEST} customers on both days call nobody. New thresholds hold from the next
        comparison on.
      </p>
    </details>
  );
}
