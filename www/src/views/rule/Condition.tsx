/** One condition over a column as widgets: column, operator, value. */
import type { Actions } from "../../actions.ts";
import type { ColumnInfo, ColumnType, RuleJson } from "../../model.ts";
import { freshCondition, withOperator } from "../../rule/fresh.ts";
import type { Row } from "../../rule/row.ts";
import { operator, operatorsFor, wordsFor } from "../../rule/vocabulary.ts";
import { Choice } from "./Spans.tsx";
import { Value } from "./Value.tsx";

interface Props {
  node: RuleJson;
  row: Row & { kind: "condition" };
  columns: readonly ColumnInfo[];
  put(node: RuleJson): void;
  actions: Actions;
}

export function Condition({ node, row, columns, put, actions }: Props) {
  const column = columns.find(({ name }) => name === row.column);
  return (
    <>
      <ColumnChoice
        label="Column"
        value={row.column}
        columns={columns}
        put={(next) => put(freshCondition(next, operator(node.operator)))}
      />
      <Choice
        label={`Question about ${row.column}`}
        value={row.operator.name}
        options={operatorsFor(row.type).map((one) => [one.name, wordsFor(one, row.type)])}
        put={(name) => put(withOperator(node, name, column))}
      />
      <Value
        label={`Value for ${row.column}`}
        node={node}
        operator={row.operator}
        column={column}
        columns={columns}
        value={node.value}
        put={(value) => put({ ...node, value })}
        actions={actions}
      />
    </>
  );
}

const KINDS: readonly (readonly [string, readonly ColumnType[]])[] = [
  ["Numbers", ["number"]],
  ["Words", ["text", "list"]],
  ["Days and times", ["date", "time"]],
  ["Yes or no", ["boolean"]],
];

/** A choice among columns, by type. */
export function ColumnChoice({
  label,
  value,
  columns,
  put,
}: {
  label: string;
  value: string;
  columns: readonly ColumnInfo[];
  put(column: ColumnInfo): void;
}) {
  return (
    <select
      class="field-choice"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const next = columns.find(({ name }) => name === event.currentTarget.value);
        if (next) put(next);
      }}
    >
      {KINDS.map(([title, types]) => {
        const own = columns.filter(({ type }) => types.includes(type));
        return (
          own.length > 0 && (
            <optgroup key={title} label={title}>
              {own.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </optgroup>
          )
        );
      })}
    </select>
  );
}
