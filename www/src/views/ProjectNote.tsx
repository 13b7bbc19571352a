/** An opened project: what the file lacks for it, and what was decided about that. */
import type { Actions } from "../actions.ts";
import { percent, plural } from "../format.ts";
import type { ColumnInfo } from "../model.ts";
import { state } from "../state.ts";
import { Lack } from "./Lacking.tsx";
import { useRefocus } from "./useRefocus.ts";

export function ProjectNote({ columns, actions }: { columns: readonly ColumnInfo[]; actions: Actions }) {
  const project = state.project.value;
  const title = useRefocus(project);
  if (!project) return null;
  const { name, lacking, made, skip, skipped, parts } = project;
  const mapped = Object.entries(project.mapping);
  const missing = new Set(lacking.flatMap(({ parts }) => parts)).size;
  return (
    <section class={lacking.length > 0 ? "panel stack-tight lacking" : "panel"} aria-labelledby="project-title">
      <h2 id="project-title" ref={title} tabIndex={-1}>
        {lacking.length > 0
          ? `${missing} of ${plural(parts.length, "part")} (${percent(missing / Math.max(1, parts.length))}) of ${name} wait for a column`
          : `${plural(parts.filter((part) => made.includes(part)).length, "part")} of ${name} made again, with the same edges, centres and rules`}
      </h2>
      {lacking.map((one) => (
        <Lack
          key={one.column}
          column={one.column}
          parts={one.parts}
          names={[...new Set([...one.suggestions, ...columns.map(({ name }) => name)])]}
          expects="The project expects"
          onMap={(now) => actions.mapColumn(one.column, now)}
          onSkip={() => actions.skipColumn(one.column)}
        />
      ))}
      {(mapped.length > 0 || skipped.length > 0) && (
        <p class="quiet">
          {mapped.map(([old, now]) => `“${old}” is “${now}” here. `)}
          {skipped.length > 0 && `Left out: ${skipped.map(({ part }) => part).join(", ")}.`}
        </p>
      )}
      {skipped.length > 0 && (
        <ul class="bullets">
          {skipped.map(({ part, reason }) => (
            <li key={part}>
              {part}: {reason}
            </li>
          ))}
        </ul>
      )}
      {(mapped.length > 0 || skip.length > 0) && (
        <div class="actions">
          <button type="button" class="small-button" onClick={actions.askAgain}>
            Undo: ask again
          </button>
        </div>
      )}
    </section>
  );
}
