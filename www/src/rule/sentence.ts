/** What does a rule say in plain English? One sentence for the whole tree. */
import { number } from "../format.ts";
import type { RuleJson } from "../model.ts";
import { type Columns, dayOf, innerRow, type OrdersJson, rowOf, single } from "./row.ts";
import { active, isGroup, quantity } from "./tree.ts";
import { MEASURES, operator, plural, wordsFor } from "./vocabulary.ts";

export interface Words {
  columns: Columns;
  orders: Columns;
  /** What has no words of its own, as rule text. */
  textOf(node: RuleJson): string | undefined;
}

export function sentence(rule: RuleJson, words: Words): string {
  const node = active(rule);
  if (isGroup(node) && node.rules.length === 0 && node.not !== true) return "Everyone.";
  return `Customers ${clause(node, words, true)}.`;
}

function clause(node: RuleJson, words: Words, outermost = false): string {
  if (!isGroup(node)) return leaf(node, words);
  const parts = node.rules.map((part) => clause(part, words));
  if (parts.length === 0) return node.not === true ? "that do not exist" : "of any kind";
  const asked = quantity(node);
  if (asked === "none") return `for whom none of this holds: ${parts.join("; ")}`;
  if (asked === "not-all") return `for whom not all of this holds: ${parts.join("; ")}`;
  if (parts.length === 1) return parts[0] as string;
  const joined = listed(parts, asked === "any" ? "or" : "and");
  return asked === "any" ? `either ${joined}` : outermost ? joined : `both ${joined}`;
}

function listed(parts: readonly string[], word: string): string {
  if (parts.length < 2) return parts[0] ?? "";
  const comma = parts.length > 2 || parts.some((part) => part.includes(",")) ? "," : "";
  return `${parts.slice(0, -1).join(", ")}${comma} ${word} ${parts[parts.length - 1]}`;
}

function leaf(node: RuleJson, words: Words): string {
  const row = rowOf(node, words.columns, words.orders);
  switch (row.kind) {
    case "segment":
      return `who are in “${row.name}”`;
    case "condition":
      return `whose ${said(node, row.column, row.type)}${remarks(node)}`;
    case "event":
      return `${event(row.orders, node, words)}${remarks(node)}`;
    case "text":
      return `for whom ${words.textOf(node) ?? "…"}`;
  }
}

function said(node: RuleJson, column: string, type: Columns[number]["type"]): string {
  const known = operator(node.operator);
  const words = known ? wordsFor(known, type) : String(node.operator);
  const asked = /^(not )?in\b/.test(words) ? `is ${words}` : words;
  return `${spaced(column)} ${asked}${spelt(node)}`;
}

const spaced = (name: string): string => name.replace(/_/g, " ");

/** The value of a condition with the blank before it. */
function spelt({ operator: name, value }: RuleJson): string {
  const details = value as Record<string, unknown>;
  switch (operator(name)?.shape) {
    case "none":
    case undefined:
      return "";
    case "one":
    case "pattern":
      return ` ${plain(value)}`;
    case "two":
      return ` ${(value as unknown[]).map(plain).join(" and ")}`;
    case "many":
      return ` ${listed((value as unknown[]).map(plain), /all|exactly/i.test(String(name)) ? "and" : "or")}`;
    case "span":
      return ` ${number(details.amount as number)} ${plural(String(details.unit), details.amount)}`;
    case "period":
      return ` ${details.which === "this" ? "this" : `the ${details.which}`} ${details.fiscalFrom ? "fiscal " : ""}${details.unit}`;
    case "anniversary":
      return ` ${details.direction} ${details.days} ${plural("day", details.days)}`;
    case "top":
      return ` ${number(details.amount as number)}${details.percent === true ? "\u00a0%" : ""}${details.per ? ` of each ${spaced(String(details.per))}` : ""}`;
  }
}

function plain(value: unknown): string {
  const day = dayOf(value);
  if (day !== undefined) return day;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? number(value) : `“${String(value)}”`;
}

function remarks({ missingAs }: RuleJson): string {
  if (missingAs === undefined || missingAs === null) return "";
  if (typeof missingAs === "boolean") return missingAs ? " (or is missing)" : "";
  return ` (a missing value counts as ${plain(missingAs)})`;
}

/** “who ordered at least 3 times in the last 90 days where category is “Coffee””. */
function event({ orders, of, where, window }: OrdersJson, node: RuleJson, words: Words): string {
  const known = operator(node.operator);
  const asked = known?.words.replace(/^is /, "") ?? "";
  const n = node.value;
  const when = window?.anyDays
    ? ` within any ${window.anyDays} days`
    : window
      ? ` ${operator(window.operator)?.words}${spelt({ operator: String(window.operator), value: window.value })}`
      : "";
  const one = single(where);
  const inner = innerRow(where, words.orders);
  const which = one && inner ? ` where ${said(one, inner.column, inner.type)}` : "";
  if (orders === "count" && node.operator === "=" && n === 0) return `who never ordered${when}${which}`;
  if (orders === "count")
    return `who ordered ${asked || "exactly"} ${plain(n)} ${plural("time", n)}${when}${which}`.replace(
      "ordered  ",
      "ordered ",
    );
  const measure = MEASURES[orders];
  if (!measure?.of)
    return `who have ${asked || "exactly"} ${plain(n)} ${orders === "lines" ? "order lines" : "days with an order"}${when}${which}`;
  return `whose ${measure.words} ${spaced(of ?? "")} of orders${when}${which} ${known?.words ?? ""} ${plain(n)}`;
}
