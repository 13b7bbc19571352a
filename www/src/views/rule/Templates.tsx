/** Ready rules for this table, by what they are for; those that lack a column say which. */
import { useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import { label, plural } from "../../format.ts";
import type { Template } from "../../model.ts";
import { state } from "../../state.ts";
import { Icon } from "../Icon.tsx";
import { Choice } from "./Spans.tsx";

export function Templates({ actions }: { actions: Actions }) {
  const templates = state.templates.value;
  const [purpose, setPurpose] = useState("");
  if (templates.length === 0) return null;
  const purposes = [...new Set(templates.flatMap(purposesOf))];
  const shown = templates.filter((template) => purpose === "" || purposesOf(template).includes(purpose));
  const ready = shown.filter(({ rule }) => rule !== undefined);
  const lacking = shown.filter(({ rule }) => rule === undefined);
  return (
    <details class="fold templates">
      <summary>
        <h3>{plural(templates.filter(({ rule }) => rule !== undefined).length, "template")} for these data</h3>
      </summary>
      <div class="stack">
        <div class="row">
          <Choice
            label="What they are for"
            value={purpose}
            options={[["", "For anything"], ...purposes.map((name): [string, string] => [name, label(name)])]}
            put={setPurpose}
          />
        </div>
        <ul class="examples">
          {ready.map((template) => (
            <Ready key={template.id} template={template} actions={actions} />
          ))}
        </ul>
        {lacking.length > 0 && (
          <details>
            <summary>{plural(lacking.length, "more", "more")} would need other columns</summary>
            <ul class="plain-text small-text">
              {lacking.map(({ id, name, missing }) => (
                <li key={id}>
                  <strong>{name}</strong> <span class="quiet">lacks {missing.join(", ")}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </details>
  );
}

const purposesOf = ({ objective, kind }: Template): string[] => (objective ? [objective, kind] : [kind]);

function Ready({ template, actions }: { template: Template; actions: Actions }) {
  const { name, description, rule = "", n } = template;
  return (
    <li>
      <div>
        <strong>{name}</strong> {n !== undefined && <span class="quiet">{plural(n, "customer")}</span>}
        <p class="small-text">{description}</p>
        <code>{rule}</code>
      </div>
      <div class="actions">
        <button
          type="button"
          class="small-button"
          aria-label={`Add the template ${name}`}
          onClick={() => actions.addExample(name, rule)}
        >
          <Icon name="plus" /> Add
        </button>
        <button
          type="button"
          class="small-button"
          aria-label={`Open the template ${name} to change it`}
          onClick={() => {
            actions.rename(name);
            actions.edit(rule);
          }}
        >
          Open
        </button>
      </div>
    </li>
  );
}
