import type { Actions } from "../actions.ts";
import { state } from "../state.ts";
import { Icon } from "./Icon.tsx";

/** What went wrong last, until dismissed or something works. */
export function ProblemNote({ actions }: { actions: Actions }) {
  const problem = state.problem.value;
  if (!problem) return null;
  return (
    <div class="note problem" role="alert">
      <p>
        <strong>{problem.message}</strong>
        {problem.hint && <> {problem.hint}</>}
      </p>
      {problem.remedies?.map((remedy) => (
        <button key={remedy} type="button" class="small-button" onClick={() => actions.remedy(remedy)}>
          {remedy}
        </button>
      ))}
      <button type="button" class="quiet-button" aria-label="Dismiss" onClick={actions.dismiss}>
        <Icon name="cross" />
      </button>
    </div>
  );
}
