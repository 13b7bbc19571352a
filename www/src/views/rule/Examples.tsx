/** Rules worth a look for these data, each with its count: added as they are, or opened to be changed. */
import type { Actions } from "../../actions.ts";
import { plural } from "../../format.ts";
import { state } from "../../state.ts";
import { Icon } from "../Icon.tsx";

const SHOWN = 3;

export function Examples({ actions }: { actions: Actions }) {
  const taken = new Set(state.segments.value.map((segment) => segment.name));
  const examples = state.examples.value.filter((example) => !taken.has(example.name)).slice(0, SHOWN);
  if (examples.length === 0) return null;
  return (
    <div class="examples-box">
      <h3>Begin with a condition below, or with one of these</h3>
      <ul class="examples">
        {examples.map((example) => (
          <li key={example.name}>
            <div>
              <strong>{example.name}</strong> <span class="quiet">{plural(example.n, "customer")}</span>
              <code>{example.text}</code>
            </div>
            <div class="actions">
              <button
                type="button"
                class="small-button"
                aria-label={`Add ${example.name}`}
                onClick={() => actions.addExample(example.name, example.text)}
              >
                <Icon name="plus" /> Add
              </button>
              <button
                type="button"
                class="small-button"
                aria-label={`Open ${example.name} to change it`}
                onClick={() => {
                  actions.rename(example.name);
                  actions.edit(example.text);
                }}
              >
                Open
              </button>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
