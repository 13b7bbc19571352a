/** What the columns mean, what is wrong with the data, and what had to be decided. */
import type { Actions } from "../actions.ts";
import { plural } from "../format.ts";
import type { ColumnInfo, Role, Sheet } from "../model.ts";
import { state } from "../state.ts";
import { Columns } from "./Columns.tsx";
import { Findings } from "./Findings.tsx";
import { Icon } from "./Icon.tsx";
import { Join } from "./Join.tsx";
import { Preview } from "./Preview.tsx";
import { Questions, Reading } from "./Questions.tsx";

export function Check({ actions }: { actions: Actions }) {
  const sheet = state.sheet.value;
  if (!sheet) return null;
  const orders = sheet.kind === "orders";
  return (
    <div class="screen">
      <header>
        <div class="row">
          <div class="stack-tight">
            <h1 tabIndex={-1}>
              {orders
                ? `${plural(sheet.rows, "order line")}: is this what you see, too?`
                : `${plural(sheet.rows, "customer")}: is this what you see, too?`}
            </h1>
            <p class="quiet">
              {plural(sheet.columns.length, "column")}; {sheet.dialect}.
            </p>
            <Reading actions={actions} />
          </div>
          <button type="button" class="primary large" onClick={actions.proceed}>
            {orders ? "Continue: fold into customers" : "Continue"} <Icon name="arrow" />
          </button>
        </div>
      </header>
      <Required sheet={sheet} actions={actions} />
      {state.mate.value && <Join sheet={sheet} mate={state.mate.value} actions={actions} />}
      <Questions sheet={sheet} actions={actions} />
      <div class="columns check-columns">
        <div class="stack">
          <section class="stack" aria-labelledby="columns-title">
            <h2 id="columns-title">Columns and what they mean</h2>
            <Columns sheet={sheet} actions={actions} />
          </section>
          <Preview columns={sheet.columns} rows={sheet.preview} />
        </div>
        <Findings sheet={sheet} actions={actions} />
      </div>
    </div>
  );
}

const NEEDS: readonly { roles: Role[]; name: string; kinds: Sheet["kind"][]; optional?: boolean }[] = [
  { roles: ["customer-id"], name: "Customer id", kinds: ["orders", "customers"] },
  { roles: ["date"], name: "Order date", kinds: ["orders"] },
  { roles: ["amount", "unit-price"], name: "Amount", kinds: ["orders"] },
  { roles: ["order-id"], name: "Order id", kinds: ["orders"], optional: true },
];

/** The roles an analysis stands on, above everything else. */
function Required({ sheet, actions }: { sheet: Sheet; actions: Actions }) {
  const find = (roles: Role[]): ColumnInfo | undefined =>
    sheet.columns
      .filter((column) => roles.includes(column.role))
      .sort((a, b) => b.roleConfidence - a.roleConfidence)[0];
  const needs = NEEDS.filter((need) => need.kinds.includes(sheet.kind)).map((need) => ({
    ...need,
    column: find(need.roles),
  }));
  return (
    <section class="required" aria-label="What the analysis stands on">
      <dl>
        {needs.map(({ name, column, optional }) => (
          <div key={name} class={column ? "met" : optional ? "" : "unmet"}>
            <dt>{name}</dt>
            <dd>
              {column ? (
                <>
                  <Icon name="check" /> {column.name}
                </>
              ) : optional ? (
                <span class="quiet">none: every line counts as one order</span>
              ) : sheet.kind === "customers" ? (
                "none: rows are told apart by position"
              ) : (
                "not found: choose it below"
              )}
            </dd>
          </div>
        ))}
        {state.referenceDate.value !== "" && (
          <div class="met">
            <dt>
              <label for="reference">Reference date</label>
            </dt>
            <dd>
              <input
                id="reference"
                type="date"
                value={state.referenceDate.value}
                onChange={(event) => actions.setReferenceDate(event.currentTarget.value)}
                aria-describedby="reference-hint"
              />
            </dd>
            <dd id="reference-hint" class="quiet hint">
              the last date in the file, not today
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
