/** What changed: since an earlier day, since last month’s project, or against another file. */
import type { Actions } from "../actions.ts";
import type { Compared } from "../changes/shapes.ts";
import { dayInWords, headline } from "../changes/words.ts";
import { count, percent, plural } from "../format.ts";
import { definitions, state } from "../state.ts";
import { Alerts } from "./changes/Alerts.tsx";
import { Drifts } from "./changes/Drifts.tsx";
import { Migrations } from "./changes/Migrations.tsx";
import { Refits } from "./changes/Refits.tsx";
import { Sizes } from "./changes/Sizes.tsx";
import { Thresholds } from "./changes/Thresholds.tsx";
import { TrendFigure } from "./changes/TrendFigure.tsx";
import { With } from "./changes/With.tsx";
import { Lack } from "./Lacking.tsx";

export function Changes({ actions }: { actions: Actions }) {
  const [study, compared] = [state.study.value, state.compared.value];
  if (!study) return null;
  return (
    <div class="screen">
      <header>
        <h1 tabIndex={-1}>{compared ? headline(compared.changes) : "What changed since then?"}</h1>
        {compared ? (
          <Whom compared={compared} />
        ) : (
          <p class="quiet">
            The same segments and groups on two days: who stayed, who moved, and which columns look different.
            Definitions stay as they are; {plural(study.customers, "customer")} as of {dayInWords(study.referenceDate)}.
          </p>
        )}
      </header>
      <Waits actions={actions} />
      {compared && (
        <>
          {compared.definitions !== definitions.value && (
            <div class="note warning">
              <p>Segments or groups have changed since this comparison. Compare again to see them here.</p>
              {compared.with.kind === "day" && (
                <button
                  type="button"
                  class="small-button"
                  disabled={state.running.value !== null}
                  onClick={() => actions.compareDay(compared.changes.before.date)}
                >
                  Compare again
                </button>
              )}
            </div>
          )}
          <Alerts alerts={compared.changes.alerts} />
        </>
      )}
      <div class="columns">
        <With study={study} actions={actions} />
        <Thresholds actions={actions} />
      </div>
      {compared && (
        <>
          <Sizes compared={compared} actions={actions} />
          <Migrations compared={compared} actions={actions} />
          <Drifts changes={compared.changes} />
        </>
      )}
      {study.orders.length > 0 && <TrendFigure trend={state.trend.value} actions={actions} />}
      {compared && (
        <>
          <Refits refits={compared.changes.refit ?? []} />
          <Uncompared compared={compared} />
        </>
      )}
    </div>
  );
}

/** Who is compared with whom, and how they were found again. */
function Whom({ compared }: { compared: Compared }) {
  const { before, after, key, matched, gone, arrived } = compared.changes;
  return (
    <p class="quiet">
      {plural(before.customers, "customer")} {compared.with.kind === "day" ? "on" : "of"}{" "}
      {compared.with.kind === "day" ? dayInWords(before.date) : `“${compared.with.name}” (${dayInWords(before.date)})`},{" "}
      {count(after.customers)} on {dayInWords(after.date)}; matched by “{key}”: {count(matched)} (
      {percent(matched / Math.max(1, before.customers))} of those then), {count(gone)} gone, {count(arrived)} new.
    </p>
  );
}

/** What could not be compared, and why. */
function Uncompared({ compared }: { compared: Compared }) {
  const { changes, skipped, traceable } = compared;
  const lines = [
    ...skipped.map(({ part, reason }) => `${part}: ${reason}`),
    ...changes.notices,
    ...(traceable
      ? []
      : [
          compared.with.kind === "project"
            ? "Those who moved cannot become segments here: the project knows who was where as hashes only, which no rule can ask."
            : "Those who moved cannot become segments here: it is the customers of the other file who did.",
        ]),
  ];
  if (lines.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="uncompared-title">
      <h2 id="uncompared-title">What to know about this comparison</h2>
      <ul class="bullets">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

/** Another file that lacks columns of the definitions. */
function Waits({ actions }: { actions: Actions }) {
  const waiting = state.waits.value;
  if (!waiting) return null;
  return (
    <section class="panel lacking" aria-labelledby="waits-title">
      <h2 id="waits-title">
        “{waiting.file.name}” lacks {plural(waiting.lacking.length, "column")}
      </h2>
      {waiting.lacking.map(({ column, parts, suggestions }) => (
        <Lack
          key={column}
          column={column}
          parts={parts}
          names={suggestions}
          expects="The definitions expect"
          onMap={(now) => actions.compareMapped(column, now)}
          onSkip={() => actions.compareWithout(column)}
        />
      ))}
    </section>
  );
}
