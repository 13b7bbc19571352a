/**
 * Which columns of order lines make the customers, and how are they found again in another file? The recipe says which ones the
 * fold used and as what; a file in which one of them is missing is not folded by another that looks alike.
 */
import type { ColumnInfo, ColumnOptions, Role } from "./types/read.js";
import type { RuleJson } from "./types/rules.js";
import type { Skipped } from "./types/study.js";
import type { CustomersOptions, Line, Table } from "./types/table.js";

/** How lines were folded, as a recipe says it. Those of earlier versions do not say which lines the columns were. */
export type SavedFold = Omit<CustomersOptions, "exclude"> & { exclude?: RuleJson; lines?: Line[] };

/** What a column is for a fold, by the option that names it; the roles by which it is found where none does, best first. */
const FOUND: readonly [option: "id" | "order" | "date", roles: readonly Role[]][] = [
  ["id", ["customer-id", "email", "phone"]],
  ["order", ["order-id"]],
  ["date", ["date"]],
];

/** What follows where the lines have no such column. */
const WITHOUT: Partial<Record<Role, string>> = {
  "order-id": "every row counts as an order of its own",
  date: "no order has a day",
  amount: "the money of every customer is 0",
  "unit-price": "the money of every customer is 0",
  quantity: "the money of every customer is 0",
  refund: "refunds in a column of their own are not taken off",
  cancellation: "cancelled orders count like others",
};

/** The columns by which lines are folded: those that are named, else those of the role, as the engine finds them. */
export function linesOf(columns: readonly ColumnInfo[], fold: CustomersOptions): Line[] {
  const first = (role: Role): ColumnInfo | undefined => columns.find((one) => one.role === role);
  const named = (name: string): ColumnInfo | undefined => columns.find((one) => one.name === name);
  const keys = FOUND.map(([option, roles]) => {
    const name = fold[option];
    return name === undefined ? roles.map(first).find((one) => one !== undefined) : named(name);
  });
  const priced = [first("unit-price"), first("quantity")];
  const money = first("amount") ? [first("amount")] : priced.every((one) => one !== undefined) ? priced : [];
  const amounts = fold.amount === undefined ? money : [named(fold.amount)];
  const refund = fold.amount === undefined && money.length > 0 ? first("refund") : undefined;
  const used = [...keys, ...amounts, refund, first("cancellation")].filter((one) => one !== undefined);
  return [...new Set(used)].map(({ name, type, role }) => ({ name, type, role }));
}

/** The saved columns that are not in the file, without those of a role that the reader is told of some other column. */
export function missingLines(
  lines: readonly Line[],
  now: (name: string) => string,
  found: readonly ColumnInfo[],
  told: Record<string, ColumnOptions> = {},
): Line[] {
  const there = new Set(found.map(({ name }) => name));
  const roles = new Set(Object.values(told).map(({ role }) => role));
  return lines.filter(({ name, role }) => !there.has(now(name)) && !(role !== "other" && roles.has(role)));
}

/**
 * How the columns of the lines are read: those of the recipe as what they were. Another one is not taken in place of one of them:
 * what would be found before it, or instead of it, means nothing.
 */
export function meantLines(
  lines: readonly Line[],
  now: (name: string) => string,
  found: readonly ColumnInfo[],
): Record<string, ColumnOptions> {
  const place = (name: string): number => found.findIndex((one) => one.name === name);
  const ours = new Map(lines.map((one) => [now(one.name), one]));
  const roles = new Set<Role>(lines.map(({ role }) => role).filter((role) => role !== "other"));
  // Where prices and pieces made the money, a new column of amounts does not.
  if (roles.has("unit-price")) roles.add("amount");
  const instead = ({ name, role }: ColumnInfo): boolean => {
    const rightful = lines.find((one) => one.role === role);
    const at = rightful === undefined ? -1 : place(now(rightful.name));
    return roles.has(role) && !ours.has(name) && (at < 0 || place(name) < at);
  };
  return Object.fromEntries(
    found.flatMap((column): [string, ColumnOptions][] => {
      const { name } = column;
      const line = ours.get(name);
      if (line) return [[name, { type: line.type, ...(line.role !== "other" && { role: line.role }) }]];
      return instead(column) ? [[name, { role: "other" }]] : [];
    }),
  );
}

/** A column of the lines that is not what it was when the recipe was made. */
export interface Misfit {
  line: Line;
  /** What its cells hold now. */
  found: string;
  row?: number;
}

/**
 * The first column by which lines are folded that holds no values of its type any more: most of its cells are something else, or
 * those of money or days are all empty. One whose type or meaning the caller says (`told`) is as the caller wants it; where it was
 * said otherwise how its cells are read, as by a currency that is kept, most may be left out, but not all.
 */
export function misfitting(
  { lines = [], amount, date }: SavedFold,
  now: (name: string) => string,
  { columns, findings, repairs, rowCount }: Table,
  told: Record<string, ColumnOptions> = {},
): Misfit | undefined {
  for (const line of lines) {
    const column = columns.find(({ name }) => name === now(line.name));
    const { type, role = line.role } = (Object.hasOwn(told, now(line.name)) && told[now(line.name)]) || {};
    if (column === undefined || line.type === "text" || type !== undefined || role !== line.role) continue;
    const needed = MEASURED.includes(line.role) || line.name === amount || line.name === date;
    if (needed && rowCount > 0 && column.missing === rowCount && column.fit === 1)
      return { line, found: "it is empty in every row" };
    const decided =
      Object.hasOwn(told, column.name) ||
      repairs.some((one) => one.column === column.name && one.code.startsWith("use-"));
    if (decided ? column.fit > 0 : column.fit >= 0.5) continue;
    const misfit = findings.find((one) => MISFITS.includes(one.code) && one.column === column.name);
    const [first] = misfit?.examples ?? [];
    const share = `${(100 * (1 - column.fit)).toFixed(1)} %`;
    const cells = misfit ? `${misfit.rows.toLocaleString("en")} of its values (${share})` : `${share} of its values`;
    const example = first ? `, e.g. “${first.value}” in row ${first.row.toLocaleString("en")}` : "";
    return { line, found: `${cells} are none${example}`, ...(first && { row: first.row }) };
  }
  return undefined;
}

/** The findings of cells that are not of their column's type. */
const MISFITS: readonly string[] = ["type-misfit", "dates-do-not-fit", "mixed-decimals"];

/** What lines cannot do without, where it is there: customers would have no money, or no days. */
const MEASURED: readonly Role[] = ["amount", "unit-price", "quantity", "date"];

/** The columns of the lines that a fold needs: those it was made by, and those that its rules ask for. */
export function linesIn({ lines = [], exclude, counts }: SavedFold): Line[] {
  const names = namesIn([exclude, counts?.test]).filter((name) => lines.every((one) => one.name !== name));
  return [...lines, ...[...new Set(names)].map((name) => ({ name, type: "text" as const, role: "other" as const }))];
}

/** What follows from columns of lines that are not there, or were left out as asked. */
export function withoutLines(missing: readonly Line[], unwanted: readonly Line[], fold: SavedFold): Skipped[] {
  const [exclusion, test] = [namesIn(fold.exclude), namesIn(fold.counts?.test)];
  const what = ({ name, role }: Line): string => {
    if (exclusion.includes(name)) return "no lines are excluded by its rule";
    if (test.includes(name)) return "no orders are taken for tests by its rule";
    return consequence({ name, role }, fold);
  };
  return [
    ...missing.map((one) => ({ part: one.name, reason: `“${one.name}” is not in this file: ${what(one)}` })),
    ...unwanted.map((one) => ({ part: one.name, reason: `“${one.name}” was left out as asked: ${what(one)}` })),
  ];
}

/** What follows where the lines do without the column. */
export const consequence = ({ name, role }: Pick<Line, "name" | "role">, fold: SavedFold): string =>
  WITHOUT[fold.amount === name ? "amount" : role] ?? "the fold does without it";

/** Where the JSON of a recipe names columns, besides the lists of columns themselves. */
const NAMING = ["id", "order", "date", "amount", "field", "column", "of", "per", "tiesBy", "same", "items", "reverse"];
const MORE = ["features", "ordersKey", "by", "stratifyBy"];

/** Every name that a part of the recipe has for a column. */
export function namesIn(json: unknown, key = ""): string[] {
  if (typeof json === "string") return NAMING.includes(key) || MORE.includes(key) ? [json] : [];
  if (Array.isArray(json)) return json.flatMap((one) => namesIn(one, key));
  if (typeof json !== "object" || json === null) return [];
  const fields = "valueSource" in json && json.valueSource === "field";
  return Object.entries(json).flatMap(([name, value]) => {
    if ((name === "columns" || name === "lines") && Array.isArray(value))
      return value.map((one) => one?.name ?? one).filter((one) => typeof one === "string");
    return namesIn(value, fields && name === "value" ? "field" : name);
  });
}
