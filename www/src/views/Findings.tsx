/** The quality report: what was noticed, what it touches, how to mend it, and what was mended. */
import { useState } from "preact/hooks";
import type { Actions } from "../actions.ts";
import { count, label, percent, plural } from "../format.ts";
import type { ColumnInfo, Finding, Sheet } from "../model.ts";
import { type Way, ways } from "../repairs.ts";
import { leaf, state } from "../state.ts";
import { isPersonal, masked } from "./Columns.tsx";
import { Scroller } from "./Scroller.tsx";
import { useRefocus } from "./useRefocus.ts";

const WEIGHT = { error: 0, warning: 1, info: 2 };
const WORD = { error: "wrong", warning: "look", info: "note" };

export function Findings({ sheet, actions }: { sheet: Sheet; actions: Actions }) {
  const title = useRefocus(sheet.findings);
  const findings = [...sheet.findings].sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || b.rows - a.rows);
  const serious = findings.filter((finding) => finding.severity !== "info");
  const notes = findings.filter((finding) => finding.severity === "info");
  const list = (some: Finding[]) => (
    <ul class="findings">
      {some.map((finding, index) => (
        <OneFinding key={`${finding.code}-${finding.column}-${index}`} {...{ finding, sheet, actions }} />
      ))}
    </ul>
  );
  return (
    <section class="panel report" aria-labelledby="findings-title">
      <h2 id="findings-title" ref={title} tabIndex={-1}>
        {findings.length === 0
          ? "Nothing to report: the data look sound"
          : serious.length === 0
            ? "Nothing wrong found"
            : `${plural(serious.length, "thing")} to look at`}
      </h2>
      <Repairs sheet={sheet} actions={actions} />
      {list(serious)}
      {notes.length > 0 && (
        <details open={serious.length === 0}>
          <summary>{plural(notes.length, "note")}</summary>
          {list(notes)}
        </details>
      )}
    </section>
  );
}

/** What was mended, each with its changes and a way back. */
function Repairs({ sheet, actions }: { sheet: Sheet; actions: Actions }) {
  if (sheet.repairs.length === 0) return null;
  return (
    <ol class="findings repairs" aria-label="Repairs made">
      {sheet.repairs.map(({ repair, log }, index) => (
        <li key={`${repair.code}-${repair.column}-${index}`}>
          <p>
            <span class="tag good-tag">repaired</span> {log.message}
          </p>
          <div class="actions">
            <button
              type="button"
              class="small-button"
              aria-label={`Undo: ${label(repair.code)}${repair.column ? ` of ${repair.column}` : ""}`}
              onClick={() => actions.undo(index)}
            >
              Undo
            </button>
          </div>
          {log.examples.length > 0 && (
            <details>
              <summary class="small-text">{plural(log.rows, "change")}: examples</summary>
              <ul class="plain-list">
                {log.examples.map(({ row, value, after }) => (
                  <li key={row}>
                    <span class="quiet">row {count(row)}</span>
                    <span class="mono">
                      {shown(value, repair.column, sheet.columns)}{" "}
                      {after === undefined ? (
                        <span class="quiet">gone</span>
                      ) : (
                        <>
                          <span class="quiet">→</span> {shown(after, repair.column, sheet.columns)}
                        </>
                      )}
                    </span>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}

function OneFinding({ finding, sheet, actions }: { finding: Finding; sheet: Sheet; actions: Actions }) {
  const shown = state.shown.value?.finding === finding ? state.shown.value.rows : undefined;
  const touches = finding.touches ?? [];
  return (
    <li>
      <p>
        <span class={`tag ${finding.severity}`}>{WORD[finding.severity]}</span> {finding.message}
      </p>
      {(finding.rows > 0 || touches.length > 0) && (
        <p class="small-text quiet">
          {finding.rows > 0 && (
            <>
              <strong>{plural(finding.rows, "row")}</strong>, {percent(finding.share)}
            </>
          )}
          {touches.length > 0 && `${finding.rows > 0 ? " · touches " : "Touches "}${touches.join(", ")}`}
        </p>
      )}
      <div class="actions">
        <Mend finding={finding} columns={sheet.columns} actions={actions} />
        {finding.examples.length > 0 && (
          <button
            type="button"
            class="small-button quiet-button"
            aria-expanded={shown !== undefined}
            aria-label={`${shown ? "Hide" : "Show"} rows: ${finding.message}`}
            onClick={() => actions.showRows(finding)}
          >
            {shown ? "Hide rows" : "Show rows"}
          </button>
        )}
      </div>
      {shown && <Rows rows={shown} finding={finding} columns={sheet.columns} />}
    </li>
  );
}

/** One way to mend it is a button; several are a choice and a button. */
function Mend({ finding, columns, actions }: { finding: Finding; columns: readonly ColumnInfo[]; actions: Actions }) {
  const [chosen, setChosen] = useState(0);
  const { sheet, spreads } = leaf.value ?? {};
  const all = ways(finding, columns, sheet?.questions ?? [], spreads?.get(finding.column ?? "")?.values);
  const way: Way | undefined = all[chosen] ?? all[0];
  if (!way) return null;
  const apply = () => actions.repair(way.code, finding.column, way.choice);
  if (all.length === 1) {
    return (
      <button type="button" class="small-button" onClick={apply}>
        {way.label}
      </button>
    );
  }
  return (
    <>
      <select
        class="small-select"
        aria-label={`How to mend: ${finding.message}`}
        value={chosen}
        onChange={(event) => setChosen(Number(event.currentTarget.value))}
      >
        {all.map((one, index) => (
          <option key={one.label} value={index}>
            {one.label}
          </option>
        ))}
      </select>
      <button type="button" class="small-button" onClick={apply} aria-label={`Repair: ${way.label}`}>
        Repair
      </button>
    </>
  );
}

/** Whole rows, the cell in question marked. */
function Rows({
  rows,
  finding,
  columns,
}: {
  rows: { row: number; cells: string[] }[];
  finding: Finding;
  columns: readonly ColumnInfo[];
}) {
  const first = columns.findIndex((column) => column.name === finding.column);
  const order = [...columns.keys()].sort((a, b) => Number(b === first) - Number(a === first));
  return (
    <Scroller label="Rows of this finding, scroll sideways">
      <table class="small cells">
        <thead>
          <tr>
            <th scope="col">Row</th>
            {order.map((at) => (
              <th key={at} scope="col">
                {columns[at]?.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, cells }) => (
            <tr key={row}>
              <th scope="row">{count(row)}</th>
              {order.map((at) => (
                <td key={at} class={at === first ? "marked" : undefined}>
                  {shown(cells[at] ?? "", columns[at]?.name, columns)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

/** A cell as it is shown: personal ones by their first letter. */
function shown(value: string, name: string | undefined, columns: readonly ColumnInfo[]): string {
  const column = columns.find((column) => column.name === name);
  if (value === "") return "(empty)";
  return column && isPersonal(column) && !value.startsWith("merged into") ? masked(value) : value;
}
