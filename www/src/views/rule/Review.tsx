/** Segments that one might do without: too small, nearly the same as another, or nobody's. */
import type { Actions } from "../../actions.ts";
import { plural } from "../../format.ts";
import { definitions, state } from "../../state.ts";

export function Review({ actions }: { actions: Actions }) {
  const found = state.review.value;
  const fresh = found?.definitions === definitions.value ? found : null;
  return (
    <section class="panel" aria-labelledby="review-title">
      <h2 id="review-title">
        {!fresh
          ? "Are these too many?"
          : fresh.hints.length === 0
            ? "No segment seems to be one too many"
            : `${plural(fresh.hints.length, "hint")}: fewer might do`}
      </h2>
      {!fresh && (
        <>
          <p class="quiet">
            Compares all segments and groups with each other: which have nobody or too few, which are nearly the same,
            and which no column tells apart.
          </p>
          <div class="actions">
            <button
              type="button"
              class="small-button"
              disabled={state.running.value !== null}
              onClick={() => actions.review()}
            >
              Look
            </button>
          </div>
        </>
      )}
      {fresh && fresh.hints.length > 0 && (
        <ul class="bullets">
          {fresh.hints.map(({ code, segments, message }) => (
            <li key={`${code} ${segments.join(" ")}`}>{message}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
