/** With what is compared: an earlier day of the same orders, last month’s project, or another file. */
import { useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import { monthsBefore } from "../../changes/words.ts";
import type { Study } from "../../model.ts";
import { state } from "../../state.ts";

export function With({ study, actions }: { study: Study; actions: Actions }) {
  const [day, setDay] = useState(monthsBefore(study.referenceDate, 1));
  const busy = state.running.value !== null;
  const dated = study.orders.length > 0 && study.referenceDate !== "";
  return (
    <section class="panel" aria-labelledby="with-title">
      <h2 id="with-title">Compare with</h2>
      <div class="ways">
        <form
          class="stack-tight"
          onSubmit={(event) => {
            event.preventDefault();
            actions.compareDay(day);
          }}
        >
          <h3>An earlier day</h3>
          {dated ? (
            <>
              <p class="quiet">The same orders, only those up to that day.</p>
              <div class="actions">
                <label>
                  <span class="hidden">Earlier day</span>
                  <input
                    type="date"
                    required
                    value={day}
                    max={study.referenceDate}
                    onInput={(event) => setDay(event.currentTarget.value)}
                  />
                </label>
                <button type="submit" disabled={busy || day === ""}>
                  Compare
                </button>
              </div>
              <div class="actions">
                {[1, 3, 12].map((months) => (
                  <button
                    key={months}
                    type="button"
                    class="small-button"
                    aria-pressed={day === monthsBefore(study.referenceDate, months)}
                    onClick={() => setDay(monthsBefore(study.referenceDate, months))}
                  >
                    {months === 12 ? "A year ago" : months === 1 ? "A month ago" : `${months} months ago`}
                  </button>
                ))}
              </div>
            </>
          ) : (
            <p class="quiet">Needs a file of orders: a list of customers does not say how they were.</p>
          )}
        </form>
        <div class="stack-tight">
          <h3>Last month’s project, or another file</h3>
          <p class="quiet">
            A project holds sizes and shares, and who was where as hashes. A file of customers or orders is read by the
            definitions of this one. Drop it here.
          </p>
          <div class="actions">
            <label class="button" aria-disabled={busy}>
              Choose a file
              <input
                type="file"
                class="hidden"
                disabled={busy}
                accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl,.gz,.zip,.xlsx,.xlsm,.ods,text/csv,application/json"
                onChange={(event) => {
                  const file = event.currentTarget.files?.[0];
                  event.currentTarget.value = "";
                  if (file) actions.compareFile(file);
                }}
              />
            </label>
          </div>
        </div>
      </div>
    </section>
  );
}
