/** Take the result along: choose what, see what is inside, download. */
import { useState } from "preact/hooks";
import type { Actions, ExportChoice } from "../actions.ts";
import { count, plural } from "../format.ts";
import { choices, state, workedOut } from "../state.ts";
import { isPersonal } from "./Columns.tsx";
import { HoldoutDesigner } from "./export/HoldoutDesigner.tsx";
import { Icon } from "./Icon.tsx";

const KINDS: readonly { what: ExportChoice["what"]; name: string; hint: string }[] = [
  { what: "rows", name: "All customers", hint: "Every customer, with a column for each segment and grouping." },
  { what: "members", name: "Members only", hint: "Customers who are in any of what is ticked." },
  {
    what: "baseline",
    name: "Project for next month",
    hint: "Definitions, sizes and shares of now: next month’s file opened with it shows what has changed.",
  },
  { what: "recipe", name: "Recipe", hint: "Rules, columns, models and seed as JSON; not one row of data." },
];

export function Export({ actions }: { actions: Actions }) {
  const study = state.study.value;
  const options = choices.value;
  const [what, setWhat] = useState<ExportChoice["what"]>("rows");
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [without, setWithout] = useState<ReadonlySet<string>>(new Set());
  const [escapeFormulas, setEscape] = useState(true);
  const [delimiter, setDelimiter] = useState<ExportChoice["delimiter"]>(",");
  if (!study) return null;
  const groups = options.map((option) => option.key).filter((key) => !left.has(key));
  const offered = [...study.columns, ...workedOut.value];
  const columns = offered.map((column) => column.name).filter((name) => !without.has(name));
  const personal = study.columns.filter((column) => isPersonal(column) && columns.includes(column.name));
  const toggled = (set: ReadonlySet<string>, key: string): ReadonlySet<string> => {
    const next = new Set(set);
    if (!next.delete(key)) next.add(key);
    return next;
  };
  const recipe = what === "recipe" || what === "baseline";
  return (
    <div class="screen">
      <header>
        <h1 tabIndex={-1}>Take the result with you</h1>
        <p class="quiet">
          The file is made here and handed to your browser’s downloads. It does not pass through any server.
        </p>
      </header>
      <div class="columns">
        <div class="stack">
          <fieldset class="panel">
            <legend>What</legend>
            {KINDS.map((kind) => (
              <label key={kind.what} class="choice">
                <input type="radio" name="what" checked={what === kind.what} onChange={() => setWhat(kind.what)} />
                <span>
                  <strong>{kind.name}</strong>
                  <br />
                  <span class="quiet">{kind.hint}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <fieldset class="panel" disabled={recipe}>
            <legend>Segments and groups</legend>
            {options.length === 0 && <p class="quiet">None yet.</p>}
            <div class="ticks">
              {options.map((option) => (
                <label key={option.key} class="check">
                  <input
                    type="checkbox"
                    checked={!left.has(option.key)}
                    onChange={() => setLeft(toggled(left, option.key))}
                  />{" "}
                  {option.name}
                </label>
              ))}
            </div>
          </fieldset>
          <fieldset class="panel" disabled={recipe}>
            <legend>Columns</legend>
            <div class="ticks">
              {offered.map((column) => (
                <label key={column.name} class="check">
                  <input
                    type="checkbox"
                    checked={!without.has(column.name)}
                    onChange={() => setWithout(toggled(without, column.name))}
                  />{" "}
                  {column.name} {workedOut.value.includes(column) && <span class="tag">worked out</span>}
                </label>
              ))}
            </div>
          </fieldset>
        </div>
        <div class="stack">
          <section class="panel" aria-labelledby="inside-title">
            <h2 id="inside-title">What is inside</h2>
            {what === "baseline" ? (
              <ProjectContents customers={study.customers} columns={study.columns.length} />
            ) : recipe ? (
              <p>
                Definitions only: how columns are read, {plural(state.segments.value.length, "rule")}, models and their
                seed. No names, no rows.
              </p>
            ) : (
              <ul class="plain-text">
                <li>
                  {what === "rows"
                    ? `${count(study.customers)} rows, one a customer`
                    : "One row for each customer in any of what is ticked"}
                </li>
                <li>
                  {plural(columns.length, "column")}
                  {groups.length > 0 ? ` and ${groups.length} for segments and groups` : ""}
                </li>
                {personal.length > 0 && (
                  <li>
                    <strong>Personal data:</strong> {personal.map((column) => column.name).join(", ")}
                  </li>
                )}
              </ul>
            )}
            {!recipe && (
              <>
                <label class="check">
                  <input type="checkbox" checked={escapeFormulas} onChange={() => setEscape(!escapeFormulas)} /> Keep
                  spreadsheets from running cells as formulas
                </label>
                <label class="field">
                  <span>Values parted by</span>
                  <select
                    value={delimiter}
                    onChange={(event) => setDelimiter(event.currentTarget.value as ExportChoice["delimiter"])}
                  >
                    <option value=",">Comma</option>
                    <option value=";">Semicolon</option>
                    <option value={"\t"}>Tab</option>
                  </select>
                </label>
              </>
            )}
            <button
              type="button"
              class="primary large"
              disabled={
                state.running.value !== null ||
                (!recipe && columns.length + groups.length === 0) ||
                (what === "members" && groups.length === 0)
              }
              onClick={() => actions.exportFile({ what, groups, columns, escapeFormulas, delimiter })}
            >
              <Icon name="download" /> Download
            </button>
          </section>
          <HoldoutDesigner actions={actions} />
        </div>
      </div>
    </div>
  );
}

/** What a project holds, said before it is saved. */
function ProjectContents({ customers, columns }: { customers: number; columns: number }) {
  const groups = choices.value.filter(({ kind }) => kind === "grouping").length;
  return (
    <>
      <ul class="plain-text">
        <li>
          Definitions: {plural(state.segments.value.length, "rule")}, {plural(groups, "grouping")} with edges and
          centres
        </li>
        <li>The day, {plural(customers, "customer")} in all, the size and revenue of each segment and group</li>
        <li>For each of {plural(columns, "column")}: shares of its values or ranges of them</li>
        <li>
          Who was where: one number for each customer, a salted hash of the customer’s key, and the segments and groups
          it was in
        </li>
      </ul>
      <p>
        <strong>Not inside:</strong> rows, names, addresses, amounts of single customers.
      </p>
      <p class="quiet small-text">
        Whoever holds this file and guesses a key can test the guess. Keep it as you keep the customer list.
      </p>
    </>
  );
}
