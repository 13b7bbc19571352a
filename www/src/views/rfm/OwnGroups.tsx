/** Groups by one's own names and rules: a built-in list to begin with, or the one in use. The first rule that is true decides. */
import { useEffect, useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import type { NamedRule } from "../../rfm/shapes.ts";
import { state } from "../../state.ts";
import { Icon } from "../Icon.tsx";

interface Line {
  name: string;
  rule: string;
}

export function OwnGroups({ actions }: { actions: Actions }) {
  const [schemes, { scheme }] = [state.schemes.value, state.rfmSetup.value];
  const now = typeof scheme === "string" ? schemes.find((one) => one.name === scheme)?.groups : scheme;
  const [lines, setLines] = useState<readonly Line[]>([]);
  useEffect(() => setLines((now ?? []).map(asLine)), [now]);
  const set = (index: number, change: Partial<Line>): void =>
    setLines(lines.map((line, at) => (at === index ? { ...line, ...change } : line)));
  const move = (index: number, by: number): void => {
    const line = lines[index];
    if (line) setLines(lines.toSpliced(index, 1).toSpliced(index + by, 0, line));
  };
  const ready = lines.length > 0 && lines.every(({ name, rule }) => name.trim() !== "" && rule.trim() !== "");
  const changed = JSON.stringify(lines) !== JSON.stringify((now ?? []).map(asLine));
  return (
    <details class="own-groups">
      <summary>
        Names and rules of the groups{typeof scheme !== "string" && <span class="quiet"> · your own</span>}
      </summary>
      {lines.length === 0 ? (
        <p class="quiet">Every cell has its own name here. Choose another list to edit it.</p>
      ) : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            actions.setUpRfm({ scheme: lines.map(({ name, rule }) => ({ name: name.trim(), rule: rule.trim() })) });
          }}
        >
          <p class="quiet small-text">
            The first rule that is true names the customer. Rules ask for recency_score, frequency_score, monetary_score
            and fm_score, the mean of the last two; and for every column there is.
          </p>
          <ol class="group-lines">
            {lines.map((line, index) => (
              <li key={index} class="row">
                <input
                  type="text"
                  value={line.name}
                  aria-label={`Name of group ${index + 1}`}
                  onInput={(event) => set(index, { name: event.currentTarget.value })}
                />
                <input
                  type="text"
                  class="grow mono"
                  value={line.rule}
                  aria-label={`Rule of group ${index + 1}`}
                  spellcheck={false}
                  onInput={(event) => set(index, { rule: event.currentTarget.value })}
                />
                <span class="row tight">
                  <button
                    type="button"
                    class="quiet-button"
                    aria-label={`Group ${index + 1} earlier`}
                    disabled={index === 0}
                    onClick={() => move(index, -1)}
                  >
                    <Icon name="up" />
                  </button>
                  <button
                    type="button"
                    class="quiet-button"
                    aria-label={`Group ${index + 1} later`}
                    disabled={index === lines.length - 1}
                    onClick={() => move(index, 1)}
                  >
                    <Icon name="down" />
                  </button>
                  <button
                    type="button"
                    class="quiet-button"
                    aria-label={`Remove group ${index + 1}`}
                    onClick={() => setLines(lines.toSpliced(index, 1))}
                  >
                    <Icon name="cross" />
                  </button>
                </span>
              </li>
            ))}
          </ol>
          <div class="actions">
            <button
              type="button"
              class="small-button"
              onClick={() => setLines([...lines, { name: `Group ${lines.length + 1}`, rule: "recency_score >= 4" }])}
            >
              <Icon name="plus" /> Another group
            </button>
            <button type="submit" class="small-button" disabled={!ready || !changed}>
              Use these groups
            </button>
            {changed && (
              <button type="button" class="small-button" onClick={() => setLines((now ?? []).map(asLine))}>
                Undo changes
              </button>
            )}
          </div>
        </form>
      )}
    </details>
  );
}

const asLine = ({ name, rule }: NamedRule): Line => ({ name, rule: typeof rule === "string" ? rule : "" });
