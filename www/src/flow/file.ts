/** From a file to a table on the check screen, and again whenever the person decides something about it. */
import type { Table } from "../engine.ts";
import { plural } from "../format.ts";
import type { Answers } from "../model.ts";
import { state } from "../state.ts";
import type { Desk } from "./desk.ts";
import { go } from "./go.ts";

const PREVIEW_ROWS = 8;

export async function openFile(desk: Desk, file: File, synthetic: boolean): Promise<void> {
  state.waiting.value = null;
  const table = await read(desk, file, {});
  if (!table) return;
  desk.file = file;
  desk.repairs = [];
  state.answers.value = {};
  state.segments.value = [];
  state.source.value = { name: file.name, size: file.size, synthetic };
  await take(desk, table, []);
  go(desk, "check");
}

/** Reads the file again with what was decided, on top of what was decided before. */
export async function answer(desk: Desk, answers: Answers): Promise<void> {
  if (!desk.file) return;
  const columns = { ...state.answers.value.columns, ...answers.columns };
  const next = { ...state.answers.value, ...answers, columns };
  const table = await read(desk, desk.file, next);
  if (!table) return;
  state.answers.value = next;
  desk.repairs = [];
  await take(desk, table, []);
}

export async function repair(desk: Desk, code: string, column?: string, choice?: string): Promise<void> {
  const { table } = desk;
  const before = state.sheet.value?.repairs ?? [];
  if (!table) return;
  const wanted = { code, ...(column === undefined ? {} : { column }), ...(choice === undefined ? {} : { choice }) };
  const done = await desk.run("Repairing", () => table.repair([wanted]));
  if (!done) return;
  desk.repairs = [...desk.repairs, wanted];
  await take(desk, done.table, [...before, ...done.log]);
}

function read(desk: Desk, file: File, answers: Answers): Promise<Table | undefined> {
  return desk.run(`Reading ${file.name}`, (job) => desk.segmenter.load(file, { name: file.name, ...answers, ...job }));
}

/** Shows another table on the check screen and forgets what was made from the former one. */
async function take(desk: Desk, table: Table, repairs: Table["findings"]): Promise<void> {
  const former = desk.table;
  await desk.clearStudy();
  desk.table = table;
  await former?.close();
  const rows = await table.rows({ limit: PREVIEW_ROWS });
  state.referenceDate.value = await lastDay(table);
  state.sheet.value = {
    kind: table.kind,
    rows: table.rowCount,
    columns: table.columns,
    findings: table.findings,
    questions: table.questions,
    dialect: dialectInWords(table),
    preview: rows.map((row) => row.map((cell) => (cell === null ? "" : String(cell)))),
    repairs,
  };
}

const DELIMITERS: Record<string, string> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "bars",
  whitespace: "blanks",
};

function dialectInWords({ dialect }: Table): string {
  const parts = [
    `values parted by ${DELIMITERS[dialect.delimiter] ?? `“${dialect.delimiter}”`}`,
    dialect.header ? "names in the first row" : "no row of names",
    `decimal ${dialect.decimal === "," ? "comma" : "point"}`,
    dialect.encoding.toUpperCase(),
  ];
  if (dialect.skippedLines > 0) parts.push(`${plural(dialect.skippedLines, "line")} above the table skipped`);
  if (dialect.skippedFooter > 0) parts.push(`${plural(dialect.skippedFooter, "row")} below the table left out`);
  return parts.join(", ");
}

/** The last day of the column of dates as ISO text; empty where there is none. */
async function lastDay(table: Table): Promise<string> {
  const dated = table.columns.filter(({ role, type }) => role === "date" && (type === "date" || type === "time"));
  const best = dated.sort((a, b) => b.roleConfidence - a.roleConfidence)[0];
  if (!best) return "";
  let last = Number.NEGATIVE_INFINITY;
  const values = await table.column(best.name);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (typeof value === "number" && value > last) last = value;
  }
  const ms = best.type === "date" ? last * 86_400_000 : last;
  return Math.abs(ms) < 8e14 ? new Date(ms).toISOString().slice(0, 10) : "";
}
