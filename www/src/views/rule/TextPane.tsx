/** The rule as text: what is wrong is underlined, what may come next is offered in a list. */
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import { field } from "../../figures.ts";
import { plural } from "../../format.ts";
import type { Draft, Study } from "../../model.ts";
import { type Completion, complete } from "../../rule/complete.ts";
import { ruleColumns, state } from "../../state.ts";
import { isPersonal } from "../Columns.tsx";
import { Options } from "./Options.tsx";

export function TextPane({ study, actions }: { study: Study; actions: Actions }) {
  const draft = state.draft.value;
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const [offer, setOffer] = useState<Completion>();
  const [at, setAt] = useState(0);
  const caret = useRef<number | undefined>(undefined);

  // After an option was taken the caret stands behind it.
  useLayoutEffect(() => {
    const end = caret.current;
    if (end === undefined) return;
    area.current?.setSelectionRange(end, end);
    caret.current = undefined;
    look(before(draft.text, end));
  }, [draft.text]);

  const look = (asked = false): void => {
    const element = area.current;
    const found =
      element && element.selectionStart === element.selectionEnd
        ? complete(element.value, element.selectionStart, known(study, actions))
        : undefined;
    setOffer(found && (asked || found.eager) ? found : undefined);
    setAt(0);
  };
  const take = (index: number): void => {
    const option = offer?.options[index];
    const element = area.current;
    if (!offer || !option || !element) return;
    const { value } = element;
    const gap = /[( ]$/.test(option.text) ? "" : " ";
    caret.current = offer.from + option.text.length + gap.length;
    actions.edit(`${value.slice(0, offer.from)}${option.text}${gap}${value.slice(offer.to).replace(/^ /, "")}`);
    element.focus();
  };
  const keys = (event: KeyboardEvent): void => {
    if (!offer) {
      if ((event.key === " " && event.ctrlKey) || (event.key === "ArrowDown" && event.altKey)) {
        event.preventDefault();
        look(true);
      }
      return;
    }
    const n = offer.options.length;
    const to = {
      ArrowDown: (at + 1) % n,
      ArrowUp: (at - 1 + n) % n,
      PageDown: Math.min(n - 1, at + 8),
      PageUp: Math.max(0, at - 8),
    }[event.key];
    if (to !== undefined) setAt(to);
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) take(at);
    else if (event.key === "Escape") setOffer(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="text-pane">
      <div class="row">
        <label class="grow quiet" for={`${id}-text`}>
          As text
        </label>
        <span class="quiet small-text keys-hint">Ctrl+Space offers what may come next</span>
      </div>
      <div class="rule">
        <pre class="rule-back" aria-hidden="true">
          <Marked draft={draft} />
          {"\n"}
        </pre>
        <textarea
          ref={area}
          id={`${id}-text`}
          class="rule-text"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={offer ? `${id}-list` : undefined}
          aria-activedescendant={offer ? `${id}-${at}` : undefined}
          aria-describedby="rule-errors"
          aria-invalid={draft.errors.length > 0}
          rows={2}
          spellcheck={false}
          autocomplete="off"
          placeholder={state.examples.value[0]?.text ?? "column >= 1"}
          value={draft.text}
          onInput={(event) => {
            actions.edit(event.currentTarget.value);
            look();
          }}
          onKeyDown={keys}
          onClick={() => offer && look()}
          onBlur={() => setOffer(undefined)}
        />
        <Options id={id} offer={offer} at={at} take={take} />
      </div>
      <p class="hidden" role="status">
        {offer ? `${plural(offer.options.length, "suggestion")}, arrow keys choose` : ""}
      </p>
      <div id="rule-errors" class="errors" role="status">
        <Errors draft={draft} actions={actions} />
      </div>
    </div>
  );
}

/** Whether a question or a value is to follow what was just taken, rather than “and”. */
const before = (text: string, caret: number): boolean =>
  !/(?:'|\d|missing|blank|true|false)\s*$/i.test(text.slice(0, caret));

/** What can be offered; the values of a column come a moment after they are first wanted. */
function known(study: Study, actions: Actions) {
  const columns = ruleColumns.value;
  return {
    columns,
    orders: study.orders,
    segments: state.segments.value.filter(({ id }) => id !== state.draft.value.id).map(({ name }) => name),
    parameters: Object.keys(state.parameters.value),
    values(name: string): readonly string[] {
      const column = columns.find((one) => one.name === name) ?? study.orders.find((one) => one.name === name);
      if (!column || isPersonal(column)) return [];
      actions.suggest(name);
      return state.values.value.get(name) ?? column.sample;
    },
  };
}

/** The text once more behind the field, with a wavy line under what is wrong. */
function Marked({ draft }: { draft: Draft }) {
  const error = draft.errors[0];
  if (!error || !draft.stale) return <>{draft.text}</>;
  const end = Math.max(error.at + Math.max(1, error.length), error.at + 1);
  return (
    <>
      {draft.text.slice(0, error.at)}
      <mark>{draft.text.slice(error.at, end) || " "}</mark>
      {draft.text.slice(end)}
    </>
  );
}

function Errors({ draft, actions }: { draft: Draft; actions: Actions }) {
  const error = draft.errors[0];
  if (!error) return null;
  return (
    <>
      <p class="bad">{error.message}</p>
      {error.suggestions.length > 0 && (
        <p class="actions">
          {error.suggestions.map((name) => (
            <button
              key={name}
              type="button"
              class="small-button"
              onClick={() =>
                actions.edit(draft.text.slice(0, error.at) + spelt(name) + draft.text.slice(error.at + error.length))
              }
            >
              Use {name}
            </button>
          ))}
        </p>
      )}
    </>
  );
}

/** A suggestion is a column’s name, or a word of the language. */
const spelt = (name: string): string => (ruleColumns.value.some((column) => column.name === name) ? field(name) : name);
