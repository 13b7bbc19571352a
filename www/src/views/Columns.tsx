import type { Actions } from "../actions.ts";
import { count, label, percent } from "../format.ts";
import type { ColumnInfo, Role } from "../model.ts";

const ROLES: readonly [group: string, roles: Role[]][] = [
  ["Order", ["customer-id", "order-id", "date", "amount", "refund", "cancellation", "unit-price", "quantity", "product", "category"]],
  ["Place", ["country", "region", "city", "postcode"]],
  ["Personal", ["email", "phone", "name", "consent"]],
  ["About the customer", ["demographic", "psychographic", "technographic", "firmographic"]],
];
const PERSONAL: readonly Role[] = ["email", "phone", "name"];

/** Whether values of the column are kept out of sight. */
export const isPersonal = (column: ColumnInfo): boolean => PERSONAL.includes(column.role);
/** A personal value as it is shown: its first letter. */
export const masked = (value: string): string => (value === "" ? "" : `${value.charAt(0)}•••`);

/** How many cells are not of the column's type; they count as missing. */
const misfits = ({ fit, missing }: ColumnInfo, rows: number): number => Math.round((1 - fit) * (rows - missing));

/** One row a column; on narrow screens one card a column. */
export function Columns({
  columns,
  rows,
  actions,
}: {
  columns: readonly ColumnInfo[];
  rows: number;
  actions: Actions;
}) {
  return (
    <div class="scroll">
      <table class="cards">
        <caption class="hidden">Columns of the file, their type and their meaning</caption>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Meaning</th>
            <th scope="col">Type</th>
            <th scope="col">Examples</th>
            <th scope="col" class="number">
              Missing
            </th>
            <th scope="col" class="number">
              Different
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.name}>
              <th scope="row" class="name">
                {column.name}
              </th>
              <td>
                <select
                  aria-label={`Meaning of ${column.name}`}
                  value={column.role}
                  onChange={(event) => actions.setRole(column.name, event.currentTarget.value as Role)}
                >
                  <option value="other">Other</option>
                  {ROLES.map(([group, roles]) => (
                    <optgroup key={group} label={group}>
                      {roles.map((role) => (
                        <option key={role} value={role}>
                          {label(role)}
                        </option>
                      ))}
                    </optgroup>
                  ))}
                </select>
              </td>
              <td>
                <span class={column.fit < 0.98 ? "tag warning" : "tag"}>{column.type}</span>
                {misfits(column, rows) > 0 && (
                  <span class="quiet small-text misfits"> {count(misfits(column, rows))} do not fit</span>
                )}
              </td>
              <td class="samples quiet">
                <span>
                  {column.sample
                    .slice(0, 3)
                    .map((value) => (isPersonal(column) ? masked(value) : value))
                    .join(" · ")}
                </span>
              </td>
              <td class="number" data-name="Missing">
                {column.missing === 0 ? "–" : percent(column.missing / rows)}
              </td>
              <td class="number" data-name="Different">
                {count(column.distinct)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
