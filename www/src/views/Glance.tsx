/** The beginning of a file while the rest is read; before that the question which columns to keep, where all would be too much. */
import { useEffect, useState } from "preact/hooks";
import type { Actions } from "../actions.ts";
import { bytes, count, label, plural } from "../format.ts";
import type { Role, Running, Glance as Seen } from "../model.ts";
import { state } from "../state.ts";
import { Preview } from "./Preview.tsx";

export function Glance({ seen, actions }: { seen: Seen; actions: Actions }) {
  const running = state.running.value;
  return (
    <div class="screen">
      <header>
        <h1 tabIndex={-1}>
          {seen.name}: about {plural(seen.estimate.rows, "row")}
        </h1>
        <p class="quiet">
          {bytes(seen.size)}, {plural(seen.columns.length, "column")}; {seen.dialect}.
        </p>
      </header>
      {seen.limit !== undefined ? (
        <Keep seen={seen} limit={seen.limit} actions={actions} />
      ) : (
        running && <Reading seen={seen} running={running} actions={actions} />
      )}
      <Preview columns={seen.columns} rows={seen.rows} />
    </div>
  );
}

function Reading({ seen, running, actions }: { seen: Seen; running: Running; actions: Actions }) {
  const { ratio, rows, began } = running;
  const left = (performance.now() - began) * (1 / ratio - 1);
  return (
    <section class="panel" aria-label="Reading">
      <p>
        {bytes(seen.size * ratio)} of {bytes(seen.size)}
        {rows ? `, ${count(rows)} rows` : ""}
        {ratio > 0.05 ? `, about ${plural(Math.max(1, Math.round(left / 1000)), "second")} left` : ""}
      </p>
      <div class="row">
        <progress class="grow" max={1} value={ratio} aria-label={`Reading ${seen.name}`} />
        <button type="button" class="small-button" onClick={actions.cancel}>
          Cancel
        </button>
      </div>
    </section>
  );
}

/** What an analysis needs comes first. */
const FIRST: readonly Role[] = [
  "customer-id",
  "date",
  "amount",
  "unit-price",
  "quantity",
  "order-id",
  "refund",
  "cancellation",
];

/** The columns with a meaning, the most needed first, as long as they fit. */
function fitting({ columns, estimate }: Seen, limit: number): Set<string> {
  const place = (role: Role): number => (FIRST.includes(role) ? FIRST.indexOf(role) : FIRST.length);
  const order = [...columns.keys()]
    .filter((at) => columns[at]?.role !== "other")
    .sort((a, b) => place(columns[a]?.role ?? "other") - place(columns[b]?.role ?? "other"));
  const chosen = new Set<string>();
  let sum = 0;
  for (const at of order) {
    const [column, size] = [columns[at], estimate.columns[at] ?? 0];
    if (!column || sum + size > limit) continue;
    sum += size;
    chosen.add(column.name);
  }
  return chosen;
}

function Keep({ seen, limit, actions }: { seen: Seen; limit: number; actions: Actions }) {
  const [chosen, setChosen] = useState(() => fitting(seen, limit));
  useEffect(() => setChosen(fitting(seen, limit)), [seen, limit]);
  const size = (at: number): number => seen.estimate.columns[at] ?? 0;
  const sum = seen.columns.reduce((sum, { name }, at) => sum + (chosen.has(name) ? size(at) : 0), 0);
  const toggle = (name: string): void => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    setChosen(next);
  };
  const all = seen.estimate.memoryBytes;
  return (
    <section class="panel memory" aria-labelledby="memory-title">
      <h2 id="memory-title">
        This file needs about {bytes(all)}; this tab can use about {bytes(limit)}
      </h2>
      <p>Keep the columns that you need. The others are checked and counted, and stand in the export all the same.</p>
      <fieldset class="plain">
        <legend class="hidden">Columns to keep</legend>
        <div class="ticks">
          {seen.columns.map(({ name, role }, at) => (
            <label key={name} class="check">
              <input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />{" "}
              <span>
                {name}{" "}
                <span class="quiet small-text">
                  {role === "other" ? "" : `${label(role)}, `}
                  {bytes(size(at))}
                </span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <p role="status">
        {plural(chosen.size, "column")}: about {bytes(sum)}
        {sum > limit ? ", still too much" : `, ${bytes(all - sum)} saved`}
      </p>
      <div class="actions">
        <button
          type="button"
          class="primary"
          disabled={chosen.size === 0 || sum > limit}
          onClick={() => actions.keepColumns([...chosen])}
        >
          Read with {plural(chosen.size, "column")}
        </button>
        <button type="button" onClick={() => actions.keepColumns(seen.columns.map(({ name }) => name))}>
          Read everything all the same
        </button>
        <button type="button" class="quiet-button" onClick={() => actions.keepColumns(undefined)}>
          Cancel
        </button>
      </div>
    </section>
  );
}
