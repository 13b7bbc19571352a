import type { Actions } from "../actions.ts";
import { count, plural } from "../format.ts";
import { leaf, state } from "../state.ts";

export function StatusBar({ actions }: { actions: Actions }) {
  const running = state.running.value;
  const study = state.study.value;
  const sheet = leaf.value?.sheet;
  return (
    <footer class="status">
      {running ? (
        <>
          <label class="job">
            <span>
              {running.title}
              {running.rows ? `: ${count(running.rows)} rows` : ""}
            </span>
            <progress max={1} value={running.ratio} />
          </label>
          <button type="button" class="small-button" onClick={actions.cancel}>
            Cancel
          </button>
        </>
      ) : study ? (
        <span>
          <strong>{plural(study.customers, "customer")}</strong>
          {study.referenceDate && (
            <>
              {" "}
              · as of <strong>{study.referenceDate}</strong>
            </>
          )}
        </span>
      ) : sheet ? (
        <span>
          <strong>{plural(sheet.rows, "row")}</strong>, {plural(sheet.columns.length, "column")}
        </span>
      ) : (
        <span class="quiet">{state.waiting.value ?? "No file open"}</span>
      )}
    </footer>
  );
}
