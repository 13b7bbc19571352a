/** One card a column: what it is called, what it holds, and what it means. */
import type { Actions } from "../actions.ts";
import { Spread } from "../charts/Spread.tsx";
import { count, label, percent } from "../format.ts";
import type { ColumnInfo, ColumnType, Role, Sheet } from "../model.ts";
import { leaf } from "../state.ts";

const ROLES: readonly [group: string, roles: Role[]][] = [
  [
    "Order",
    [
      "customer-id",
      "order-id",
      "date",
      "amount",
      "refund",
      "cancellation",
      "unit-price",
      "quantity",
      "product",
      "category",
    ],
  ],
  ["Place", ["country", "region", "city", "postcode"]],
  ["Personal", ["email", "phone", "name", "consent"]],
  ["About the customer", ["demographic", "psychographic", "technographic", "firmographic"]],
];
const PERSONAL: readonly Role[] = ["email", "phone", "name"];
const TYPES: readonly ColumnType[] = ["number", "text", "date", "time", "boolean", "list"];
/** Roles an analysis stands on come first, in this order. */
const FIRST: readonly Role[] = ["customer-id", "date", "amount", "unit-price", "order-id"];

/** Whether values of the column are kept out of sight. */
export const isPersonal = (column: ColumnInfo): boolean => PERSONAL.includes(column.role);
/** A personal value as it is shown: its first letter. */
export const masked = (value: string): string => (value === "" ? "" : `${value.charAt(0)}•••`);

/** How many cells are not of the column's type; they count as missing. */
const misfits = ({ fit, missing }: ColumnInfo, rows: number): number => Math.round((1 - fit) * (rows - missing));

const place = (column: ColumnInfo): number => {
  const at = FIRST.indexOf(column.role);
  return at < 0 ? FIRST.length : at;
};

export function Columns({ sheet, actions }: { sheet: Sheet; actions: Actions }) {
  const columns = [...sheet.columns].sort((a, b) => place(a) - place(b));
  return (
    <ul class="column-cards">
      {columns.map((column) => (
        <li key={column.name} class={place(column) < FIRST.length ? "column-card pinned" : "column-card"}>
          <Card column={column} rows={sheet.rows} actions={actions} />
        </li>
      ))}
    </ul>
  );
}

function Card({ column, rows, actions }: { column: ColumnInfo; rows: number; actions: Actions }) {
  const { name, role, type, missing, distinct } = column;
  const spread = leaf.value?.spreads.get(name);
  const only = leaf.value?.answers.only;
  const off = misfits(column, rows);
  return (
    <>
      <div class="card-head">
        <h3>{name}</h3>
        <label class={off > 0 ? "type odd" : "type"}>
          <span class="hidden">Type of {name}</span>
          {missing < rows && (
            <span class="quiet small-text" title="Share of the values that fit this type, and how dates are written">
              {column.pattern !== undefined && `${column.pattern}, `}
              {off > 0 ? percent(column.fit) : "100\u00a0%"}
            </span>
          )}
          <select value={type} onChange={(event) => actions.setType(name, event.currentTarget.value as ColumnType)}>
            {[...new Set([...TYPES, type])].map((one) => (
              <option key={one} value={one}>
                {TYPE_NAMES[one] ?? one}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="meaning">
        <select
          aria-label={`Meaning of ${name}`}
          value={role}
          onChange={(event) => actions.setRole(name, event.currentTarget.value as Role)}
        >
          <option value="other">Other</option>
          {ROLES.map(([group, roles]) => (
            <optgroup key={group} label={group}>
              {roles.map((one) => (
                <option key={one} value={one}>
                  {label(one)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        {role !== "other" && <span class="quiet small-text">{sure(column.roleConfidence)}</span>}
      </div>
      {spread && !isPersonal(column) && <Spread column={column} spread={spread} rows={rows} />}
      <p class="samples quiet">
        <span class="hidden">Examples: </span>
        {column.sample.map((value) => (isPersonal(column) ? masked(value) : value)).join(" · ")}
      </p>
      <p class="facts">
        <span class={missing > 0 ? "" : "quiet"}>
          {missing === 0 ? "None missing" : `${percent(missing / rows)} missing`}
        </span>
        <span class="quiet">{count(distinct)} different</span>
        {off > 0 && <span class="tag warning">{count(off)} do not fit</span>}
        {only && !only.includes(name) && <span class="tag info">not kept in memory</span>}
      </p>
    </>
  );
}

const TYPE_NAMES: Partial<Record<ColumnType, string>> = {
  number: "Number",
  text: "Text",
  date: "Date",
  time: "Date and time",
  boolean: "Yes or no",
  list: "List",
};

const sure = (confidence: number): string =>
  confidence === 1
    ? "as you said"
    : confidence >= 0.9
      ? "sure"
      : confidence >= 0.7
        ? "likely"
        : "a guess: please check";
