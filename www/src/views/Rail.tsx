import type { Actions } from "../actions.ts";
import { STEPS } from "../model.ts";
import { reachable, state } from "../state.ts";

export function Rail({ actions }: { actions: Actions }) {
  return (
    <nav class="rail" aria-label="Steps">
      <ol>
        {STEPS.map(({ screen, title, hint }, index) => {
          const current = state.screen.value === screen;
          return (
            <li key={screen}>
              <button
                type="button"
                aria-current={current ? "step" : undefined}
                disabled={!reachable.value.has(screen)}
                onClick={() => actions.go(screen)}
              >
                <span class="step-number" aria-hidden="true">
                  {index + 1}
                </span>
                <span class="step-title">
                  {title}
                  <span class="step-hint">{hint}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
