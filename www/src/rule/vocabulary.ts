/** Which questions can a row ask of a column, how are they called, and what do they need? The names are those of the rule JSON. */
import type { ColumnType, RuleJson } from "../model.ts";

/** What stands behind the operator. */
export type Shape = "none" | "one" | "two" | "many" | "pattern" | "span" | "period" | "anniversary" | "top";

export interface Operator {
  name: string;
  /** As the builder's menu says it. */
  words: string;
  shape: Shape;
  /** The operator that asks the opposite. */
  opposite: string;
}

type Line = [name: string, words: string, shape: Shape, opposite: string];

const LINES: readonly Line[] = [
  ["=", "is", "one", "!="],
  ["!=", "is not", "one", "="],
  ["<", "is less than", "one", ">="],
  ["<=", "is at most", "one", ">"],
  [">", "is more than", "one", "<="],
  [">=", "is at least", "one", "<"],
  ["between", "is between", "two", "notBetween"],
  ["notBetween", "is not between", "two", "between"],
  ["in", "is one of", "many", "notIn"],
  ["notIn", "is none of", "many", "in"],
  ["contains", "contains", "one", "doesNotContain"],
  ["doesNotContain", "does not contain", "one", "contains"],
  ["beginsWith", "starts with", "one", "doesNotBeginWith"],
  ["doesNotBeginWith", "does not start with", "one", "beginsWith"],
  ["endsWith", "ends with", "one", "doesNotEndWith"],
  ["doesNotEndWith", "does not end with", "one", "endsWith"],
  ["like", "is like", "pattern", "notLike"],
  ["notLike", "is not like", "pattern", "like"],
  ["matches", "matches", "pattern", "notMatches"],
  ["notMatches", "does not match", "pattern", "matches"],
  ["inLast", "in the last", "span", "notInLast"],
  ["notInLast", "not in the last", "span", "inLast"],
  ["inNext", "in the next", "span", "notInNext"],
  ["notInNext", "not in the next", "span", "inNext"],
  ["inPeriod", "in", "period", "notInPeriod"],
  ["notInPeriod", "not in", "period", "inPeriod"],
  ["anniversary", "has its anniversary in the", "anniversary", "notAnniversary"],
  ["notAnniversary", "has no anniversary in the", "anniversary", "anniversary"],
  ["inTop", "is in the top", "top", "notInTop"],
  ["notInTop", "is not in the top", "top", "inTop"],
  ["inBottom", "is in the bottom", "top", "notInBottom"],
  ["notInBottom", "is not in the bottom", "top", "inBottom"],
  ["anyOf", "has any of", "many", "noneOf"],
  ["noneOf", "has none of", "many", "anyOf"],
  ["allOf", "has all of", "many", "notAllOf"],
  ["notAllOf", "does not have all of", "many", "allOf"],
  ["exactly", "has exactly", "many", "notExactly"],
  ["notExactly", "does not have exactly", "many", "exactly"],
  ["null", "is missing", "none", "notNull"],
  ["notNull", "is not missing", "none", "null"],
  ["blank", "is blank", "none", "notBlank"],
  ["notBlank", "is not blank", "none", "blank"],
];

const OPERATORS = new Map(
  LINES.map(([name, words, shape, opposite]): [string, Operator] => [name, { name, words, shape, opposite }]),
);

export const operator = (name: unknown): Operator | undefined => OPERATORS.get(String(name));

const DAYS = "= != < <= > >= between notBetween inLast notInLast inNext notInNext inPeriod notInPeriod";
const BY_TYPE: Record<ColumnType, string> = {
  number: ">= > <= < = != between notBetween in notIn inTop inBottom notInTop notInBottom null notNull",
  text: "= != in notIn contains doesNotContain beginsWith doesNotBeginWith endsWith doesNotEndWith like notLike matches notMatches blank notBlank null notNull",
  date: `inLast notInLast ${DAYS} anniversary notAnniversary null notNull`,
  time: `inLast notInLast ${DAYS} anniversary notAnniversary null notNull`,
  boolean: "= != null notNull",
  list: "anyOf noneOf allOf notAllOf exactly notExactly blank notBlank",
};

/** What can be asked of a column of this type, the usual first. */
export const operatorsFor = (type: ColumnType): Operator[] =>
  [...new Set(BY_TYPE[type].split(" "))].flatMap((name) => operator(name) ?? []);

/** How the operator reads for a type: days are before and after, not less and more. */
export function wordsFor({ name, words }: Operator, type: ColumnType | undefined): string {
  if (type !== "date" && type !== "time") return words;
  const day: Record<string, string> = {
    "=": "is on",
    "!=": "is not on",
    "<": "is before",
    "<=": "is on or before",
    ">": "is after",
    ">=": "is on or after",
  };
  return day[name] ?? words;
}

/** Operators for which “ignoring case” says something. */
export const caseMatters = (name: string): boolean => {
  const { shape } = operator(name) ?? {};
  return (shape === "one" && !/^[<>]/.test(name)) || shape === "many" || shape === "pattern" || name === "between";
};

export const UNITS = ["hour", "day", "week", "month", "quarter", "year"] as const;
export const plural = (unit: string, amount: unknown): string => (amount === 1 ? unit : `${unit}s`);

export const WHICH = ["previous", "this", "next"] as const;

/** What a customer’s orders come to, by the measure’s name; those with “of” need a column of orders. */
export const MEASURES: Record<string, { words: string; of: boolean }> = {
  count: { words: "ordered", of: false },
  lines: { words: "has order lines", of: false },
  days_active: { words: "has days with an order", of: false },
  sum: { words: "total", of: true },
  avg: { words: "average", of: true },
  min: { words: "smallest", of: true },
  max: { words: "greatest", of: true },
  distinct: { words: "different values of", of: true },
  first: { words: "first", of: true },
  last: { words: "last", of: true },
  most_frequent: { words: "most frequent", of: true },
};

/** The row that asks the opposite. Unknown stays unknown. */
export function opposite(node: RuleJson): RuleJson {
  const known = operator(node.operator);
  if (known && !node.rules) return { ...node, operator: known.opposite };
  if (node.rules) {
    const { not, ...group } = node;
    return not === true ? group : { ...group, not: true };
  }
  return { combinator: "and", not: true, rules: [node] };
}
