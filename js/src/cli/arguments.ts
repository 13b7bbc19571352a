import { parseArgs } from "node:util";
import type { LoadOptions } from "../types/read.js";

/** The command line cannot be understood: exit code 2 and a hint at --help. */
export class UsageError extends Error {}

const options = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
  json: { type: "boolean" },
  format: { type: "string" },
  delimiter: { type: "string" },
  quote: { type: "string" },
  header: { type: "string" },
  encoding: { type: "string" },
  sheet: { type: "string" },
  decimal: { type: "string" },
  "date-order": { type: "string" },
  missing: { type: "string" },
  role: { type: "string", multiple: true },
  type: { type: "string", multiple: true },
  "reference-date": { type: "string" },
  customers: { type: "boolean" },
  "as-of": { type: "string" },
  by: { type: "string" },
  scheme: { type: "string" },
  scale: { type: "string" },
  bands: { type: "string" },
  nested: { type: "boolean" },
  compatibility: { type: "string" },
  "window-days": { type: "string" },
  refunds: { type: "string" },
  column: { type: "string" },
  rule: { type: "string" },
  name: { type: "string" },
  features: { type: "string" },
  categories: { type: "string" },
  method: { type: "string" },
  gamma: { type: "string" },
  covariance: { type: "string" },
  "min-cluster-size": { type: "string" },
  k: { type: "string" },
  transform: { type: "string" },
  seed: { type: "string" },
  restarts: { type: "string" },
  "initial-rows": { type: "boolean" },
  assignments: { type: "boolean" },
  rfm: { type: "boolean" },
  horizon: { type: "string" },
  discount: { type: "string" },
  "calibration-end": { type: "string" },
  days: { type: "string" },
  outcome: { type: "string" },
  positive: { type: "string" },
  columns: { type: "string" },
  members: { type: "string" },
  out: { type: "string" },
  model: { type: "string" },
  onnx: { type: "string" },
  pmml: { type: "string" },
  dialect: { type: "string" },
  table: { type: "string" },
  key: { type: "string" },
  "orders-table": { type: "string" },
  "orders-key": { type: "string" },
  baseline: { type: "string" },
  recipe: { type: "string" },
  mapping: { type: "string", multiple: true },
  skip: { type: "string", multiple: true },
  alerts: { type: "string" },
  smallest: { type: "string" },
  refit: { type: "boolean" },
} as const;

/** What was asked for on the command line. */
export interface Arguments {
  command: string | undefined;
  file: string | undefined;
  /** The second file of “compare”. */
  other: string | undefined;
  values: ReturnType<typeof read>["values"];
}

export function parseCommandLine(args: string[]): Arguments {
  const { values, positionals } = read(args);
  const [command, file, ...rest] = positionals;
  const [other, ...more] = command === "compare" ? rest : [undefined, ...rest];
  if (more.length > 0) throw new UsageError(`One file at a time, please; “${more.join(" ")}” is too much.`);
  return { command, file, other, values };
}

function read(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The options of reading; the engine judges their values. */
export function loadOptions({ values }: Arguments): LoadOptions {
  const columns: Record<string, Record<string, string>> = Object.create(null);
  for (const key of ["role", "type"] as const) {
    for (const [name, value] of Object.entries(pairs(key, values[key])))
      columns[name] = { ...columns[name], [key]: value };
  }
  return {
    format: values.format,
    delimiter: values.delimiter === "tab" ? "\t" : values.delimiter,
    quote: values.quote,
    header: values.header === undefined ? undefined : yes("header", values.header),
    encoding: values.encoding,
    sheet: values.sheet,
    decimal: values.decimal,
    dateOrder: values["date-order"],
    missing: list(values.missing),
    columns,
  } as LoadOptions;
}

/** What is written as NAME=VALUE, as often as it likes. */
export function pairs(key: string, list: string[] = []): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (const pair of list) {
    const at = pair.lastIndexOf("=");
    if (at < 1)
      throw new UsageError(
        `--${key} is written as COLUMN=${key === "mapping" ? "NEW NAME" : key.toUpperCase()}, not “${pair}”.`,
      );
    found[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return found;
}

/** A list written with commas. */
export function list(text: string | undefined): string[] | undefined {
  return text?.split(",").map((item) => item.trim());
}

export function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new UsageError(`--${name} takes a number, not “${text}”.`);
  return value;
}

/** A number of clusters, or a range such as 2..10. */
export function clusters(text: string | undefined): number | { min: number; max: number } | undefined {
  const range = text === undefined ? null : /^(\d+)(?:\.\.|-)(\d+)$/.exec(text);
  return range ? { min: Number(range[1]), max: Number(range[2]) } : number("k", text);
}

function yes(name: string, text: string): boolean {
  if (text === "yes" || text === "no") return text === "yes";
  throw new UsageError(`--${name} is yes or no, not “${text}”.`);
}
