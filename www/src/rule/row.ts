/** What does a row of the builder show? Every part of a rule is one of these; whatever has no widget is a line of text. */
import type { ColumnInfo, ColumnType, RuleJson } from "../model.ts";
import { MEASURES, type Operator, operator, operatorsFor } from "./vocabulary.ts";

export type Literal = string | number | boolean;

/** What a customer’s orders come to, as JSON says it. */
export interface OrdersJson {
  orders: string;
  of?: string;
  where?: RuleJson;
  window?: { operator?: string; value?: unknown; anyDays?: number };
  nth?: number;
}

export type Row =
  | { kind: "condition"; column: string; type: ColumnType; operator: Operator }
  | { kind: "event"; orders: OrdersJson; operator: Operator }
  | { kind: "segment"; name: string }
  | { kind: "text" };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

export const isLiteral = (value: unknown): value is Literal => ["string", "number", "boolean"].includes(typeof value);
/** A day as the JSON writes it. */
export const dayOf = (value: unknown): string | undefined =>
  isObject(value) && typeof value.date === "string" && Object.keys(value).length === 1 ? value.date : undefined;

const isPlain = (value: unknown): boolean => isLiteral(value) || dayOf(value) !== undefined;

/** Whether the widgets of an operator can show this value. */
function fits({ shape }: Operator, value: unknown): boolean {
  if (shape === "none") return true;
  if (shape === "one" || shape === "pattern") return isPlain(value);
  if (shape === "two") return Array.isArray(value) && value.length === 2 && value.every(isPlain);
  if (shape === "many") return Array.isArray(value) && value.every(isPlain);
  return isObject(value);
}

/** The columns that rows may ask, with the type by which they are asked. */
export type Columns = readonly Pick<ColumnInfo, "name" | "type">[];

export function rowOf(node: RuleJson, columns: Columns, orders: Columns = []): Row {
  if (typeof node.segment === "string") return { kind: "segment", name: node.segment };
  const known = operator(node.operator);
  if (!known || node.valueSource === "field" || !fits(known, node.value)) return { kind: "text" };
  const type = columns.find(({ name }) => name === node.field)?.type;
  if (type && operatorsFor(type).includes(known)) {
    return { kind: "condition", column: String(node.field), type, operator: known };
  }
  const { expression } = node;
  if (isEvent(expression, orders) && known.shape === "one")
    return { kind: "event", orders: expression, operator: known };
  return { kind: "text" };
}

/** Whether one line of widgets says it: at most one inner condition, and a window of the last or next so many days. */
function isEvent(value: unknown, columns: Columns): value is OrdersJson {
  if (!isObject(value) || typeof value.orders !== "string" || !Object.hasOwn(MEASURES, value.orders)) return false;
  const { of, where, window, nth } = value;
  if (nth !== undefined) return false;
  if (MEASURES[value.orders]?.of && !columns.some(({ name }) => name === of)) return false;
  if (isObject(window)) {
    const { operator: name, anyDays } = window;
    if (anyDays === undefined && name !== "inLast" && name !== "inNext") return false;
  }
  return where === undefined || where === null || innerRow(where as RuleJson, columns) !== undefined;
}

/** The one condition inside an event row. */
export function innerRow(where: RuleJson | undefined, columns: Columns): (Row & { kind: "condition" }) | undefined {
  const only = single(where);
  const row = only && rowOf(only, columns);
  return row?.kind === "condition" ? row : undefined;
}

/** The condition that a group of one holds. */
export const single = (rule: RuleJson | undefined): RuleJson | undefined =>
  rule?.rules ? (rule.not !== true && rule.rules.length === 1 ? single(rule.rules[0]) : undefined) : rule;
