/** A question about orders in one line: “ordered at least 3 times in the last 90 days where category is Coffee”. */
import type { Actions } from "../../actions.ts";
import type { ColumnInfo, RuleJson } from "../../model.ts";
import { firstColumn, freshCondition } from "../../rule/fresh.ts";
import { innerRow, type OrdersJson, type Row, single } from "../../rule/row.ts";
import { MEASURES, operator, operatorsFor, wordsFor } from "../../rule/vocabulary.ts";
import { ColumnChoice, Condition } from "./Condition.tsx";
import { Counted, NumberInput, One } from "./Inputs.tsx";
import { Choice, Span } from "./Spans.tsx";

interface Props {
  node: RuleJson;
  row: Row & { kind: "event" };
  columns: readonly ColumnInfo[];
  put(node: RuleJson): void;
  actions: Actions;
}

export function Event({ node, row, columns, put, actions }: Props) {
  const { orders } = row;
  const measured = columns.find(({ name }) => name === orders.of);
  const type = NUMERIC.has(orders.orders) ? "number" : (measured?.type ?? "number");
  // What is taken away must not be there at all.
  const change = (next: { [K in keyof OrdersJson]?: OrdersJson[K] | undefined }): void => {
    const known = Object.entries({ ...orders, ...next }).filter(([, value]) => value !== undefined && value !== null);
    put({ ...node, expression: Object.fromEntries(known) });
  };
  const measure = (name: string): void => {
    const { of: _, ...rest } = orders;
    const fitting = columns.filter((column) => !NUMERIC_ONLY.has(name) || column.type === "number");
    const of = MEASURES[name]?.of ? (fitting.find((column) => column.name === orders.of) ?? fitting[0]) : undefined;
    if (MEASURES[name]?.of && !of) return;
    const asked = of && !NUMERIC.has(name) ? freshCondition(of) : undefined;
    const takes = asked && operator(asked.operator)?.shape === "one" ? asked : undefined;
    const { ignoreCase: _case, ...plain } = node;
    put({
      ...plain,
      operator: takes
        ? String(takes.operator)
        : asked
          ? "="
          : /^[<>=!]+$/.test(String(node.operator))
            ? String(node.operator)
            : ">=",
      value: takes ? takes.value : asked ? (of?.sample[0] ?? "") : typeof node.value === "number" ? node.value : 1,
      expression: { ...rest, orders: name, ...(of && { of: of.name }) },
    });
  };
  return (
    <>
      <Choice
        label="What is counted of orders"
        value={orders.orders}
        options={Object.entries(MEASURES).map(([name, { words }]) => [name, words])}
        put={measure}
      />
      {measured && (
        <ColumnChoice
          label="Column of orders"
          value={measured.name}
          columns={columns.filter((column) => !NUMERIC_ONLY.has(orders.orders) || column.type === "number")}
          put={(column) => change({ of: column.name })}
        />
      )}
      <Choice
        label="Comparison"
        value={row.operator.name}
        options={operatorsFor(type)
          .filter(({ shape }) => shape === "one")
          .map((one) => [
            one.name,
            type === "number" ? one.words.replace(/^is (?=at|more|less)/, "") : wordsFor(one, type),
          ])}
        put={(name) => put({ ...node, operator: name })}
      />
      <One
        label="Value"
        column={measured && !NUMERIC.has(orders.orders) ? measured : undefined}
        columns={columns}
        value={node.value}
        put={(value) => put({ ...node, value })}
        actions={actions}
      />
      {orders.orders === "count" && <Counted word="time" n={node.value} />}
      <Window orders={orders} put={(window) => change({ window })} />
      <Where orders={orders} columns={columns} put={(where) => change({ where })} actions={actions} />
    </>
  );
}

/** What is a number whatever it is of, and what can only be of numbers. */
const NUMERIC = new Set(["count", "lines", "days_active", "distinct", "sum", "avg"]);
const NUMERIC_ONLY = new Set(["sum", "avg"]);

function Window({ orders, put }: { orders: OrdersJson; put(window: OrdersJson["window"]): void }) {
  const { window } = orders;
  const kind = window?.anyDays ? "any" : (window?.operator ?? "ever");
  const any = ["count", "lines", "days_active", "sum"].includes(orders.orders);
  return (
    <>
      <Choice
        label="When"
        value={kind}
        options={[
          ["ever", "ever"],
          ["inLast", "in the last"],
          ...(any ? [["any", "within any"] as const] : []),
          ...(kind === "inNext" ? [["inNext", "in the next"] as const] : []),
        ]}
        put={(next) =>
          put(
            next === "ever"
              ? undefined
              : next === "any"
                ? { anyDays: 30 }
                : { operator: next, value: window?.value ?? { amount: 90, unit: "day" } },
          )
        }
      />
      {window?.anyDays !== undefined && (
        <>
          <NumberInput label="How many days" value={window.anyDays} put={(anyDays) => put({ anyDays })} whole />
          <Counted word="day" n={window.anyDays} />
        </>
      )}
      {window?.operator !== undefined && (
        <Span label="When" value={{ ...(window.value as object) }} put={(value) => put({ ...window, value })} />
      )}
    </>
  );
}

function Where({
  orders,
  columns,
  put,
  actions,
}: {
  orders: OrdersJson;
  columns: readonly ColumnInfo[];
  put(where: RuleJson | undefined): void;
  actions: Actions;
}) {
  const inner = innerRow(orders.where, columns);
  const node = single(orders.where);
  if (!inner || !node) {
    const named = (role: string): ColumnInfo | undefined => columns.find((column) => column.role === role);
    const first = named("category") ?? named("product") ?? firstColumn(columns);
    return (
      <button type="button" class="chip" onClick={() => first && put(freshCondition(first))}>
        which orders?
      </button>
    );
  }
  return (
    <>
      <span class="word">where</span>
      <Condition node={node} row={inner} columns={columns} put={put} actions={actions} />
      <button type="button" class="chip" onClick={() => put(undefined)}>
        any orders
      </button>
    </>
  );
}
