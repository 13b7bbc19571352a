/** A rule as text, with what is wrong underlined and the counts of every part below. */
import { useRef } from "preact/hooks";
import type { Actions } from "../actions.ts";
import { field } from "../figures.ts";
import type { Draft, Study } from "../model.ts";
import { state } from "../state.ts";
import { RuleTree } from "./RuleTree.tsx";

export function RuleEditor({ study, actions }: { study: Study; actions: Actions }) {
  const draft = state.draft.value;
  const area = useRef<HTMLTextAreaElement>(null);
  const ready = draft.text.trim() !== "" && draft.errors.length === 0 && !draft.stale;

  const insert = (text: string): void => {
    const element = area.current;
    const at = element?.selectionStart ?? draft.text.length;
    const gap = at > 0 && !/\s$/.test(draft.text.slice(0, at)) ? " " : "";
    actions.edit(`${draft.text.slice(0, at)}${gap}${text} ${draft.text.slice(at)}`);
    element?.focus();
  };

  return (
    <section class="panel" aria-labelledby="rule-title">
      <h2 id="rule-title">{draft.id === undefined ? "New segment" : `Change “${draft.name}”`}</h2>
      <div class="rule">
        <pre class="rule-back" aria-hidden="true">
          <Marked draft={draft} />
          {"\n"}
        </pre>
        <textarea
          ref={area}
          class="rule-text"
          aria-labelledby="rule-title"
          aria-describedby="rule-errors"
          aria-invalid={draft.errors.length > 0}
          rows={3}
          spellcheck={false}
          autocomplete="off"
          placeholder={state.examples.value[0]?.text ?? "column >= 1"}
          value={draft.text}
          onInput={(event) => actions.edit(event.currentTarget.value)}
        />
      </div>
      <div id="rule-errors" class="errors" role="status">
        <Errors draft={draft} actions={actions} />
      </div>
      <details class="help">
        <summary>Columns and how to write a rule</summary>
        <p class="chips">
          {study.columns.map((column) => (
            <button key={column.name} type="button" class="small-button" onClick={() => insert(field(column.name))}>
              {column.name} <span class="quiet">{column.type}</span>
            </button>
          ))}
        </p>
        <p class="quiet">
          <code>=</code> <code>&lt;&gt;</code> <code>&lt;</code> <code>&gt;=</code>, <code>between 2 and 5</code>,{" "}
          <code>in ('Spain', 'France')</code>, <code>contains 'oak'</code>, <code>is missing</code>,{" "}
          <code>last_order in last 90 days</code>; join with <code>and</code>, <code>or</code>, <code>not</code> and
          brackets. Text stands in single quotes.
        </p>
      </details>
      {draft.counts && (
        <RuleTree counts={draft.counts} customers={study.customers} revenue={study.revenueTotal} old={draft.stale} />
      )}
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) actions.saveDraft();
        }}
      >
        <label class="field grow">
          <span>Name</span>
          <input
            type="text"
            value={draft.name}
            placeholder="Segment"
            onInput={(event) => actions.rename(event.currentTarget.value)}
          />
        </label>
        <div class="actions bottom">
          <button type="submit" class="primary" disabled={!ready}>
            {draft.id === undefined ? "Save segment" : "Save change"}
          </button>
          {(draft.id !== undefined || draft.text !== "") && (
            <button type="button" onClick={actions.startDraft}>
              {draft.id === undefined ? "Clear" : "Leave as it was"}
            </button>
          )}
        </div>
      </form>
    </section>
  );
}

/** The text once more behind the field, with a wavy line under what is wrong. */
function Marked({ draft }: { draft: Draft }) {
  const error = draft.errors[0];
  if (!error || draft.stale === false) return <>{draft.text}</>;
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
                actions.edit(draft.text.slice(0, error.at) + field(name) + draft.text.slice(error.at + error.length))
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
