/** An opened project: what the file lacks for it, and what was decided about that. */
import { useState } from "preact/hooks";
import type { Actions } from "../actions.ts";
import { percent, plural } from "../format.ts";
import type { ColumnInfo, Project } from "../model.ts";
import { state } from "../state.ts";
import { useRefocus } from "./useRefocus.ts";

export function ProjectNote({ columns, actions }: { columns: readonly ColumnInfo[]; actions: Actions }) {
  const project = state.project.value;
  const title = useRefocus(project);
  if (!project) return null;
  const { name, lacking, skipped, segments } = project;
  const mapped = Object.entries(project.mapping);
  const missing = new Set(lacking.flatMap(({ parts }) => parts)).size;
  return (
    <section class={lacking.length > 0 ? "panel stack-tight lacking" : "panel"} aria-labelledby="project-title">
      <h2 id="project-title" ref={title} tabIndex={-1}>
        {lacking.length > 0
          ? `${missing} of ${plural(segments.length, "segment")} (${percent(missing / segments.length)}) of ${name} wait for a column`
          : `${plural(segments.length - skipped.length, "segment")} of ${name} made again`}
      </h2>
      {lacking.map((one) => (
        <Lack key={one.column} {...one} columns={columns} actions={actions} />
      ))}
      {lacking.length === 0 && (
        <p class="quiet">
          {mapped.map(([old, now]) => `“${old}” is “${now}” here. `)}
          {skipped.length > 0 && `Left out: ${skipped.join(", ")}. `}
          {project.anew.length > 0 &&
            `Made anew for this file, not taken from the project: ${project.anew.join(", ")}.`}
        </p>
      )}
      {(mapped.length > 0 || skipped.length > 0) && (
        <div class="actions">
          <button type="button" class="small-button" onClick={actions.askAgain}>
            Undo: ask again
          </button>
        </div>
      )}
    </section>
  );
}

type Props = Project["lacking"][number] & { columns: readonly ColumnInfo[]; actions: Actions };

function Lack({ column, parts, suggestions, columns, actions }: Props) {
  const names = [...new Set([...suggestions, ...columns.map(({ name }) => name)])];
  const [chosen, setChosen] = useState(names[0] ?? "");
  return (
    <div class="stack-tight">
      <p>
        The project expects the column “{column}”, which this file lacks. {parts.join(", ")}{" "}
        {parts.length === 1 ? "uses" : "use"} it.
      </p>
      <div class="actions">
        <label class="row">
          <span>Map it to</span>
          <select class="small-select" value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="small-button" onClick={() => actions.mapColumn(column, chosen)}>
          Map “{column}”
        </button>
        <button type="button" class="small-button quiet-button" onClick={() => actions.skipColumn(column)}>
          Skip {plural(parts.length, "segment")}
        </button>
      </div>
    </div>
  );
}
