/** What holds for every segment: whom all of them leave out, and the numbers that rules call by name. */
import { useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import { count, plural } from "../../format.ts";
import { parameter } from "../../rule/parameter.ts";
import { state } from "../../state.ts";
import { Icon } from "../Icon.tsx";

export function Exclusion({ actions }: { actions: Actions }) {
  const exclusion = state.exclusion.value;
  const draft = state.draft.value;
  const ready = draft.counts !== undefined && !draft.stale;
  return (
    <details class="panel fold">
      <summary>
        <h2>Left out everywhere{exclusion ? `: ${count(exclusion.rows)}` : ""}</h2>
      </summary>
      <div class="stack">
        {exclusion ? (
          <>
            <p class="small-text">
              {plural(exclusion.rows, "customer")} are taken out after every segment, tier and export
              {exclusion.text !== undefined ? ": " : "."}
              {exclusion.text !== undefined && <code>{exclusion.text}</code>}
            </p>
            {exclusion.listed !== undefined && (
              <p class="quiet small-text">
                The list names {count(exclusion.listed)} by {exclusion.column}; {count(exclusion.missing ?? 0)} of them
                are not in this file.
              </p>
            )}
            <button type="button" class="small-button" onClick={() => actions.exclude(null)}>
              Leave nobody out
            </button>
          </>
        ) : (
          <p class="quiet small-text">
            Take customers out after every segment and export: those of the rule being written, or those of a list with
            ids, addresses or telephone numbers.
          </p>
        )}
        <div class="actions">
          <button type="button" class="small-button" disabled={!ready} onClick={() => actions.exclude(draft.text)}>
            Leave out this rule’s customers
          </button>
          <label class="small-button file-button">
            Choose a list …
            <input
              type="file"
              class="hidden"
              accept=".csv,.tsv,.txt,.xlsx,.ods,.json"
              onChange={(event) => {
                const [file] = event.currentTarget.files ?? [];
                event.currentTarget.value = "";
                if (file) actions.exclude(file);
              }}
            />
          </label>
        </div>
      </div>
    </details>
  );
}

export function Parameters({ actions }: { actions: Actions }) {
  const parameters = state.parameters.value;
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const set = (key: string, text: string): void => actions.setParameters({ ...parameters, [key]: parameter(text) });
  const good = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && value.trim() !== "";
  return (
    <details class="panel fold">
      <summary>
        <h2>Values by name</h2>
      </summary>
      <div class="stack">
        <p class="quiet small-text">
          Write <code>:name</code> in a rule, and change its value here for all rules at once.
        </p>
        <ul class="tier-sizes">
          {Object.entries(parameters).map(([key, now]) => (
            <li key={key} class="parameter">
              <label class="field">
                <span class="mono">:{key}</span>
                <input type="text" value={String(now)} onChange={(event) => set(key, event.currentTarget.value)} />
              </label>
              <button
                type="button"
                class="quiet-button"
                aria-label={`Remove :${key}`}
                onClick={() =>
                  actions.setParameters(
                    Object.fromEntries(Object.entries(parameters).filter(([other]) => other !== key)),
                  )
                }
              >
                <Icon name="cross" />
              </button>
            </li>
          ))}
        </ul>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (!good) return;
            set(name, value);
            setName("");
            setValue("");
          }}
        >
          <label class="field">
            <span>Name</span>
            <input type="text" value={name} onInput={(event) => setName(event.currentTarget.value)} />
          </label>
          <label class="field">
            <span>Value</span>
            <input type="text" value={value} onInput={(event) => setValue(event.currentTarget.value)} />
          </label>
          <button type="submit" class="small-button" disabled={!good}>
            Add a value
          </button>
        </form>
      </div>
    </details>
  );
}
