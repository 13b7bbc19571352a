/**
 * What may be meant at the caret of a rule’s text? Looks at the few words before it, no more: whether the text is a rule, only the
 * engine says.
 */
import { field, literal } from "../figures.ts";
import type { ColumnType } from "../model.ts";
import type { Columns } from "./row.ts";
import { MEASURES, UNITS } from "./vocabulary.ts";

export interface Option {
  /** What is shown and what is written. */
  text: string;
  hint: string;
}

export interface Completion {
  /** The piece of the text that an option replaces. */
  from: number;
  to: number;
  options: Option[];
  /** Whether it is worth saying before anybody asks: not what may always follow, and not where nothing was typed. */
  eager: boolean;
}

export interface Known {
  columns: Columns;
  orders: Columns;
  segments: readonly string[];
  parameters: readonly string[];
  /** Values worth offering, by column. */
  values(column: string): readonly string[];
}

const MOST = 60;
const FUNCTIONS =
  "length absolute year quarter month day weekday hour days_between reference_date distance_km distance_miles percentile_rank random";

const OPERATORS: Record<ColumnType, string> = {
  number: ">= <= = != > < between|in (|in top |in bottom |is missing|is not missing",
  text: "=|!=|in (|contains|starts with|ends with|does not contain|not in (|like|matches|is blank|is missing|is not missing",
  date: "in last |in next |in this |in previous |>=|<=|=|between|not in last |anniversary in next |is missing|is not missing",
  time: "in last |in next |in this |in previous |>=|<=|between|not in last |is missing|is not missing",
  boolean: "= true|= false|is missing|is not missing",
  list: "any of (|all of (|none of (|exactly (|is blank",
};

type Token = { kind: "word" | "name" | "text" | "number" | "sign"; text: string };

const TOKEN = /"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([\p{L}_][\p{L}\p{N}_.]*)|(\d[\d.]*)|(<=|>=|<>|!=|[^\s])/gu;

function tokens(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map(([all, name, string, word, figure]): Token => {
    if (name !== undefined) return { kind: "name", text: name.replaceAll('""', '"') };
    if (string !== undefined) return { kind: "text", text: string };
    if (word !== undefined) return { kind: "word", text: word };
    return figure !== undefined ? { kind: "number", text: figure } : { kind: "sign", text: all };
  });
}

/** The word that is being written: a bare word, or a name or text whose quote is still open. */
function partial(text: string): { from: number; typed: string; quote: "" | "'" | '"' } {
  let open: { from: number; quote: "'" | '"' } | undefined;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index];
    if (open ? letter === open.quote : letter === "'" || letter === '"')
      open = open ? undefined : { from: index, quote: letter as "'" | '"' };
  }
  if (open) return { ...open, typed: text.slice(open.from + 1) };
  const word = /[\p{L}_:][\p{L}\p{N}_]*$/u.exec(text);
  return { from: word?.index ?? text.length, typed: word?.[0] ?? "", quote: "" };
}

export function complete(text: string, caret: number, known: Known): Completion | undefined {
  const { from, typed, quote } = partial(text.slice(0, caret));
  const before = tokens(text.slice(0, from));
  const options = quote === "'" ? valuesAt(before, known, true) : expected(before, known, quote === '"');
  const wanted = typed.toLowerCase();
  const plain = (option: string): string => option.replace(/^['":]/, "").toLowerCase();
  const bare = wanted.replace(/^:/, "");
  const fitting = options.filter(({ text: one }) => plain(one).includes(bare));
  const begins = ({ text: one }: Option): number => (plain(one).startsWith(bare) ? 0 : 1);
  const found = fitting.sort((a, b) => begins(a) - begins(b)).slice(0, MOST);
  const done = found.length === 1 && found[0]?.text.trim().toLowerCase() === wanted;
  // A quote that was closed by hand behind the caret goes with what it closed.
  const to = quote !== "" && text[caret] === quote ? caret + 1 : caret;
  return found.length === 0 || done ? undefined : { from, to, options: found, eager: typed !== "" || quote !== "" };
}

/** Whether the words stand inside what orders come to, where columns are those of orders. */
function insideOrders(before: readonly Token[]): boolean {
  const open: boolean[] = [];
  for (const [index, { kind, text }] of before.entries()) {
    const word = before[index - 1];
    if (kind === "sign" && text === "(")
      open.push(word?.kind === "word" && (isMeasure(word.text) || word.text.toLowerCase() === "sequence"));
    if (kind === "sign" && text === ")") open.pop();
  }
  return open.includes(true);
}

const isMeasure = (word: string): boolean =>
  Object.hasOwn(MEASURES, word.toLowerCase()) || ["never", "ever", "nth", "list"].includes(word.toLowerCase());

const all = (texts: readonly string[], hint: string): Option[] => texts.map((text) => ({ text, hint }));

function expected(before: readonly Token[], known: Known, quoted: boolean): Option[] {
  const columns = insideOrders(before) && known.orders.length > 0 ? known.orders : known.columns;
  const names = columns.map(({ name, type }) => ({
    text: quoted ? `"${name.replaceAll('"', '""')}"` : field(name),
    hint: type,
  }));
  if (quoted) return names;
  const last = before.at(-1);
  const word = last?.kind === "word" ? last.text.toLowerCase() : last?.kind === "sign" ? last.text : "";
  const former = before.at(-2)?.text.toLowerCase();
  const column = columns.find(({ name }) => (last?.kind === "word" || last?.kind === "name") && name === last.text);
  if (word === "segment" && former === "in") return all(known.segments.map(literal), "segment");
  if (word === "(" && former && isMeasure(former)) {
    const of = known.orders.map(({ name, type }) => ({ text: `${field(name)} of orders`, hint: type }));
    return ["count", "never", "ever", "days_active"].includes(former)
      ? all(["orders", "lines"], "what is counted")
      : of;
  }
  if (["orders", "lines"].includes(word)) return all(["where ", "in last ", "in any ", "between "], "which orders");
  if (["this", "previous"].includes(word)) return all(UNITS.slice(1), "calendar");
  if (last?.kind === "number" && /^(last|next)$/.test(former ?? ""))
    return all(
      UNITS.map((unit) => `${unit}s`),
      "time",
    );
  if (column && !isValuePlace(before)) return all(operators(column.type), `for ${column.type}`);
  if (isValuePlace(before)) {
    const others = names.filter(({ hint }) => hint !== "list");
    const parameters = all(
      known.parameters.map((name) => `:${name}`),
      "parameter",
    );
    return [...valuesAt(before, known, false), ...parameters, ...others];
  }
  const starts = !last || ["(", "and", "or", "not", "where"].includes(word);
  if (starts) {
    const segments = all(
      known.segments.map((name) => `in segment ${literal(name)}`),
      "segment",
    );
    const orders =
      known.orders.length === 0
        ? []
        : all(
            Object.keys(MEASURES).map((name) => `${name}(`),
            "of orders",
          );
    const calls = all(
      FUNCTIONS.split(" ").map((name) => `${name}(`),
      "function",
    );
    return [...names, ...segments, ...orders, ...calls, ...all(["not ", "everyone"], "")];
  }
  if (
    ["number", "text", "name"].includes(last?.kind ?? "") ||
    [")", "missing", "blank", "true", "false", "case"].includes(word) ||
    isUnit(word)
  ) {
    const more = last?.kind === "text" || word === ")" ? ["ignoring case"] : [];
    return all(["and ", "or ", ...more, "treat missing as "], "");
  }
  return [];
}

const isUnit = (word: string): boolean => UNITS.some((unit) => word === unit || word === `${unit}s`);

const operators = (type: ColumnType): string[] =>
  OPERATORS[type]
    .split("|")
    .flatMap((part) =>
      /^[<>=]/.test(part) && part.includes(" ") && !part.startsWith("= ") ? part.split(" ") : [part],
    );

/** Whether a value is what comes next. */
function isValuePlace(before: readonly Token[]): boolean {
  const last = before.at(-1);
  if (last?.kind === "sign") return ["=", "!=", "<>", "<", "<=", ">", ">="].includes(last.text) || isInList(before);
  return (
    last?.kind === "word" &&
    ["contains", "contain", "with", "between", "like", "matches", "match"].includes(last.text.toLowerCase())
  );
}

/** Whether the words end inside the brackets of “in (…”, “any of (…”. */
function isInList(before: readonly Token[]): boolean {
  const last = before.at(-1)?.text;
  if (last !== "(" && last !== ",") return false;
  for (let index = before.length - 1; index >= 0; index--) {
    const { kind, text } = before[index] as Token;
    if (kind === "sign" && text === "(") return /^(in|of|exactly)$/i.test(before[index - 1]?.text ?? "");
    if (kind === "sign" && text === ")") return false;
  }
  return false;
}

/** Values of the column that is asked last. */
function valuesAt(before: readonly Token[], known: Known, quoted: boolean): Option[] {
  const columns = insideOrders(before) && known.orders.length > 0 ? known.orders : known.columns;
  if (quoted && before.at(-1)?.text.toLowerCase() === "segment") return all(known.segments.map(literal), "segment");
  for (let index = before.length - 1; index >= 0; index--) {
    const { kind, text } = before[index] as Token;
    const column = kind === "word" || kind === "name" ? columns.find(({ name }) => name === text) : undefined;
    if (!column) continue;
    const { type, name } = column;
    if (type === "boolean") return all(["true", "false"], name);
    const write = (value: string): string =>
      type === "number"
        ? value
        : type === "date" || type === "time"
          ? `date ${literal(value.slice(0, 10))}`
          : literal(value);
    const values = known.values(name).filter((value) => type !== "number" || Number.isFinite(Number(value)));
    return quoted && type === "number" ? [] : all([...new Set(values.map(write))], name);
  }
  return [];
}
