/** What the columns mean, what is wrong with the data, and what had to be decided. */
import type { Actions } from "../actions.ts";
import { plural } from "../format.ts";
import type { ColumnInfo, Role, Sheet } from "../model.ts";
import { lead, leaf, state } from "../state.ts";
import { Columns } from "./Columns.tsx";
import { Files } from "./Files.tsx";
import { Findings } from "./Findings.tsx";
import { Glance } from "./Glance.tsx";
import { Icon } from "./Icon.tsx";
import { Join } from "./Join.tsx";
import { Preview } from "./Preview.tsx";
import { Questions, Reading } from "./Questions.tsx";

export function Check({ actions }: { actions: Actions }) {
  const seen = state.glance.value;
  if (seen) return <Glance seen={seen} actions={actions} />;
  const sheet = leaf.value?.sheet;
  if (!sheet) return null;
  const orders = sheet.kind === "orders";
  const leads = state.turned.value === lead.value;
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
            {state.leaves.value[lead.value]?.sheet.kind === "orders" ? "Continue: fold into customers" : "Continue"}{" "}
            <Icon name="arrow" />
          </button>
        </div>
      </header>
      <Files actions={actions} />
      {state.join.value && <Join join={state.join.value} actions={actions} />}
      {state.project.value && !state.study.value && (
        <p class="note">
          The project “{state.project.value.name}” holds{" "}
          {plural(state.project.value.parts.length, "segment or grouping", "segments and groupings")}. They are made
          again when you continue.
        </p>
      )}
      <Required sheet={sheet} leads={leads} actions={actions} />
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
  { roles: ["customer-id"], name: "Customer id", kinds: ["customers"] },
  // Without an id of its own an order belongs to an address: the engine folds by the first of these that is there.
  { roles: ["customer-id", "email", "phone"], name: "Customer id", kinds: ["orders"] },
  { roles: ["date"], name: "Order date", kinds: ["orders"] },
  { roles: ["amount", "unit-price"], name: "Amount", kinds: ["orders"] },
  { roles: ["order-id"], name: "Order id", kinds: ["orders"], optional: true },
];

/** The roles an analysis stands on, above everything else. */
function Required({ sheet, leads, actions }: { sheet: Sheet; leads: boolean; actions: Actions }) {
  const find = (roles: Role[]): ColumnInfo | undefined =>
    sheet.columns
      .filter((column) => roles.includes(column.role))
      .sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role) || b.roleConfidence - a.roleConfidence)[0];
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
        {leads && state.referenceDate.value !== "" && (
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
