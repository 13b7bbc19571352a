/** What else does a project know of how order lines become customers, and what of it holds for a table? */
import type { ColumnInfo, RuleJson } from "../model.ts";
import type { FoldingOfProject } from "./shapes.ts";

type Columns = readonly Pick<ColumnInfo, "name" | "type" | "role">[];
type Named = FoldingOfProject["columns"];

/** The roles by which a column is found where none is named. */
export const FOUND_BY: Record<Named[number]["option"], readonly string[]> = {
  id: ["customer-id", "email", "phone"],
  order: ["order-id"],
  date: ["date"],
  amount: ["amount"],
};
const READ: Record<Named[number]["option"], string> = {
  id: "customers",
  order: "orders",
  date: "days",
  amount: "money",
};

/** Columns that would not be found without their names. */
function named(columns: Named, table: Columns): Named {
  return columns.filter(({ option, name }) => {
    const [role] = FOUND_BY[option].filter((role) => table.some((column) => column.role === role));
    return table.find((column) => column.role === role)?.name !== name;
  });
}

/** The options that hold for a table, and the columns that it lacks for the others. */
export function fitting({ window, exclude, prospects, columns }: FoldingOfProject, table: Columns) {
  const of = (name: string) => table.find((column) => column.name === name);
  const there = ({ name, type }: Named[number]): boolean => {
    const column = of(name);
    return column !== undefined && (type === undefined || column.type === type);
  };
  const wanted = named(columns, table);
  const unknown = exclude ? namesIn(exclude.rule).filter((name) => !of(name)) : [];
  return {
    options: {
      ...(window && { window }),
      ...(exclude && unknown.length === 0 && { exclude: exclude.rule }),
      ...(prospects !== undefined && { prospects }),
      ...Object.fromEntries(wanted.filter(there).map(({ option, name }) => [option, name])),
    },
    lacking: [...new Set([...wanted.filter((one) => !there(one)).map(({ name }) => name), ...unknown])],
  };
}

/** What holds for a table besides what a person can set, in words; empty for nothing. */
export function inWords(also: FoldingOfProject, table: Columns): string {
  const { options, lacking } = fitting(also, table);
  const { from, to } = options.window ?? {};
  const read = named(also.columns, table).filter(({ name }) => !lacking.includes(name));
  return [
    from === undefined ? "" : `orders from ${from} on`,
    to === undefined ? "" : `orders up to ${to}`,
    options.exclude ? `without lines where ${also.exclude?.text}` : "",
    options.prospects === undefined
      ? ""
      : `listed customers without orders are ${options.prospects ? "kept" : "left out"}`,
    ...read.map(({ option, name }) => `${READ[option]} read from “${name}”`),
  ]
    .filter((part) => part !== "")
    .join("; ");
}

/** The columns that a rule over order lines names. */
function namesIn(rule: RuleJson): string[] {
  if (rule.rules) return rule.rules.flatMap(namesIn);
  const { field, valueSource, value } = rule;
  return [field, valueSource === "field" ? value : undefined].filter((name) => typeof name === "string");
}
