/** The segment being written: whom it takes, the builder, the text, its name. */
import type { Actions } from "../../actions.ts";
import type { Study } from "../../model.ts";
import { isMuted } from "../../rule/tree.ts";
import { state } from "../../state.ts";
import { Icon } from "../Icon.tsx";
import { Builder } from "./Builder.tsx";
import { Examples } from "./Examples.tsx";
import { ImportRule } from "./ImportRule.tsx";
import { Sql } from "./Sql.tsx";
import { Templates } from "./Templates.tsx";
import { TextPane } from "./TextPane.tsx";
import { Total } from "./Total.tsx";

export function RuleEditor({ study, actions }: { study: Study; actions: Actions }) {
  const draft = state.draft.value;
  const { past, future } = state.history.value;
  const isEmpty = draft.text.trim() === "" && (draft.rule.rules?.length ?? 0) === 0;
  const ready = draft.text.trim() !== "" && draft.errors.length === 0 && !draft.stale;
  const muted = draft.rule.rules?.some(isMuted);
  const keys = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const back = key === "z" && !event.shiftKey;
    if (!back && key !== "y" && !(key === "z" && event.shiftKey)) return;
    // The name is no part of the rule; the browser undoes it.
    if ((event.target as HTMLElement).classList.contains("name-field")) return;
    event.preventDefault();
    if (back) actions.undoEdit();
    else actions.redoEdit();
  };
  return (
    <section class="panel rule-editor" aria-labelledby="rule-title" onKeyDown={keys}>
      <div class="row">
        <h2 id="rule-title" class="grow">
          {draft.id === undefined ? "New segment" : `Change “${draft.name}”`}
        </h2>
        <button
          type="button"
          class="quiet-button"
          aria-label="Undo"
          title="Undo (Ctrl+Z)"
          disabled={past.length === 0}
          onClick={actions.undoEdit}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          class="quiet-button"
          aria-label="Redo"
          title="Redo (Ctrl+Y)"
          disabled={future.length === 0}
          onClick={actions.redoEdit}
        >
          <Icon name="redo" />
        </button>
      </div>
      <Total draft={draft} study={study} />
      {isEmpty && (
        <div class="beginnings">
          <Examples actions={actions} />
          <Templates actions={actions} />
          <ImportRule actions={actions} />
        </div>
      )}
      <Builder study={study} actions={actions} />
      <TextPane study={study} actions={actions} />
      {!isEmpty && <Sql study={study} actions={actions} />}
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
            class="name-field"
            value={draft.name}
            placeholder="Segment"
            onInput={(event) => actions.rename(event.currentTarget.value)}
          />
        </label>
        <div class="actions bottom">
          <button type="submit" class="primary" disabled={!ready}>
            {draft.id === undefined ? "Save segment" : "Save change"}
          </button>
          {(draft.id !== undefined || !isEmpty) && (
            <button type="button" onClick={actions.startDraft}>
              {draft.id === undefined ? "Clear" : "Leave as it was"}
            </button>
          )}
        </div>
      </form>
      {muted && <p class="quiet small-text">Muted rows are not saved with the segment.</p>}
    </section>
  );
}
