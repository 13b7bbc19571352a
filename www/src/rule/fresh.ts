/** What does a new row say before anybody has touched it? Always something that is a rule already, so that it can be counted. */
import { round } from "../figures.ts";
import type { ColumnInfo, RuleJson } from "../model.ts";
import { dayOf, isLiteral, type Literal } from "./row.ts";
import { caseMatters, type Operator, operator, operatorsFor, type Shape } from "./vocabulary.ts";

/** Columns that one would ask first: not who somebody is, but what they did. */
export function firstColumn(columns: readonly ColumnInfo[]): ColumnInfo | undefined {
  const known = ["frequency", "recency_days", "monetary"];
  return (
    known.flatMap((name) => columns.find((column) => column.name === name) ?? [])[0] ??
    columns.find(({ role }) => !["customer-id", "order-id", "email", "phone", "name"].includes(role)) ??
    columns[0]
  );
}

/** A new condition over a column; text conditions do not mind capital letters. */
export function freshCondition(column: ColumnInfo, wanted?: Operator): RuleJson {
  const usual = operatorsFor(column.type);
  const { name, shape } = wanted && usual.includes(wanted) ? wanted : (usual[0] as Operator);
  const folds = (column.type === "text" || column.type === "list") && caseMatters(name);
  const value = freshValue(shape, column);
  return {
    field: column.name,
    operator: name,
    value,
    ...(folds && { ignoreCase: true }),
  };
}

function freshValue(shape: Shape, column: ColumnInfo): unknown {
  const one = typicalValue(column);
  switch (shape) {
    case "none":
      return null;
    case "one":
    case "pattern":
      return shape === "pattern" ? String(one) : one;
    case "two":
      return typeof one === "number" ? [0, one] : [one, one];
    case "many":
      return [one];
    case "span":
      return { amount: 90, unit: "day" };
    case "period":
      return { which: "this", unit: "month" };
    case "anniversary":
      return { direction: "next", days: 14 };
    case "top":
      return { amount: 10, percent: true };
  }
}

/** A value of the column’s type, from those that were seen in the file. */
function typicalValue({ type, sample }: ColumnInfo): Literal | { date: string } {
  if (type === "boolean") return true;
  if (type === "number") {
    const seen = sample.map(Number).filter(Number.isFinite);
    const middle = seen.sort((a, b) => a - b)[Math.floor(seen.length / 2)];
    return middle === undefined ? 0 : Number.isInteger(middle) ? middle : round(middle);
  }
  if (type === "date" || type === "time") {
    const day = sample.map((text) => text.slice(0, 10)).find((text) => /^\d{4}-\d{2}-\d{2}$/.test(text));
    return { date: day ?? "2026-01-01" };
  }
  const first = sample[0] ?? "";
  return type === "list" ? (first.split(/[,;|]/)[0]?.trim() ?? "") : first;
}

/** The same condition asked with another operator; the value is kept where it can stay. */
export function withOperator(node: RuleJson, name: string, column: ColumnInfo | undefined): RuleJson {
  const [before, now] = [operator(node.operator), operator(name)];
  if (!now) return node;
  const { ignoreCase, missingAs, ...rest } = node;
  const folds = column !== undefined && (column.type === "text" || column.type === "list") && caseMatters(name);
  const keepsCase = before && caseMatters(before.name) ? ignoreCase : true;
  return {
    ...rest,
    operator: name,
    value: before?.shape === now.shape ? node.value : converted(node.value, now.shape, column),
    ...(folds && keepsCase === true && { ignoreCase: true }),
    ...(missingAs !== undefined && !["null", "notNull", "blank", "notBlank"].includes(name) && { missingAs }),
  };
}

function converted(value: unknown, shape: Shape, column: ColumnInfo | undefined): unknown {
  const plain = (Array.isArray(value) ? value : [value]).filter((one) => isLiteral(one) || dayOf(one) !== undefined);
  if (shape === "one" && plain.length > 0) return plain[0];
  if (shape === "many" && plain.length > 0) return plain;
  if (shape === "two" && plain.length > 0) return [plain[0], plain[1] ?? plain[0]];
  if (shape === "pattern" && typeof plain[0] === "string") return plain[0];
  return column ? freshValue(shape, column) : value;
}

/** “ordered at least 2 times in the last 90 days” */
export const freshEvent = (): RuleJson => ({
  expression: { orders: "count", window: { operator: "inLast", value: { amount: 90, unit: "day" } } },
  operator: ">=",
  value: 2,
});
