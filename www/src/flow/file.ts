/** From one or two files to a table on the check screen, and again whenever the person decides something about it. */
import { MarquetryError, type Repair, type Table } from "../engine.ts";
import { plural } from "../format.ts";
import type { Answers, Finding, Question } from "../model.ts";
import { state } from "../state.ts";
import type { Desk } from "./desk.ts";
import { go } from "./go.ts";

const PREVIEW_ROWS = 8;

/** Opens a file, or orders with their customers, in whichever order they come. */
export async function openFiles(desk: Desk, files: File[], synthetic: boolean, answers: Answers = {}): Promise<void> {
  state.waiting.value = null;
  let [file, other] = files;
  if (!file) return;
  let table = await read(desk, file, answers);
  if (!table) return remedy(desk, files);
  let second = other && (await read(desk, other, {}));
  if (other && second && second.kind === "orders" && table.kind !== "orders") {
    [file, other] = [other, file];
    [table, second] = [second, table];
  }
  await desk.mate?.table.close();
  desk.mate = other && second && { file: other, table: second };
  desk.file = file;
  state.answers.value = answers;
  state.segments.value = [];
  state.source.value = { name: file.name, size: file.size, synthetic };
  await start(desk, table, []);
  go(desk, "check");
  if (files.length > 2) {
    const message = `Two files can be opened together; ${plural(files.length - 2, "other")} left aside.`;
    state.problem.value = { message };
  }
}

/** Reads the file again with what was decided, on top of what was decided before. */
export async function answer(desk: Desk, answers: Answers): Promise<void> {
  if (!desk.file) return;
  const columns = { ...state.answers.value.columns, ...answers.columns };
  const next = { ...state.answers.value, ...answers, columns };
  const table = await read(desk, desk.file, next);
  if (!table) return;
  state.answers.value = next;
  const sheet = state.sheet.value;
  await start(desk, table, sheet ? answered([...sheet.answered, ...sheet.questions], table, next) : []);
}

/** A file of names only can be opened as data. */
function remedy(desk: Desk, files: File[]): void {
  const { problem } = state;
  if (!(desk.failure instanceof MarquetryError) || desk.failure.code !== "no-rows" || !problem.value) return;
  desk.remedy = () => openFiles(desk, files, false, { header: false });
  problem.value = { ...problem.value, remedy: "The first row is data" };
}

/** Questions that are asked no more, because they were answered, with what was answered. */
function answered(asked: readonly Question[], table: Table, answers: Answers): Question[] {
  const open = new Set(table.questions.map(({ code, column }) => `${code} ${column}`));
  return asked.flatMap((question) => {
    const answer = answers[optionOf(question)];
    if (open.has(`${question.code} ${question.column}`) || answer === undefined) return [];
    return [{ ...question, taken: String(answer) }];
  });
}

/** The option that answers a question: `date-order` is asked, `dateOrder` is told. */
export function optionOf(question: Question): Exclude<keyof Answers, "columns"> {
  const option = question.code.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return option as Exclude<keyof Answers, "columns">;
}

export async function repair(desk: Desk, code: string, column?: string, choice?: string): Promise<void> {
  const { table } = desk;
  const before = state.sheet.value?.repairs ?? [];
  if (!table) return;
  const wanted = { code, ...(column === undefined ? {} : { column }), ...(choice === undefined ? {} : { choice }) };
  const done = await desk.run("Repairing", () => table.repair([wanted]));
  if (!done) return;
  await take(desk, done.table, [...before, ...done.log.map((log) => ({ repair: wanted, log }))]);
}

/** Makes all repairs but one again, on the file as it was read. */
export async function undo(desk: Desk, index: number): Promise<void> {
  const { loaded } = desk;
  const kept = (state.sheet.value?.repairs ?? []).filter((_, at) => at !== index).map(({ repair }) => repair);
  if (!loaded) return;
  if (kept.length === 0) return take(desk, loaded, []);
  const done = await desk.run("Undoing", () => loaded.repair(kept));
  if (done)
    await take(
      desk,
      done.table,
      kept.map((repair, at) => ({ repair, log: done.log[at] as Finding })),
    );
}

/** Rows behind a finding, as they stood in the file where they can be read again. */
export async function showRows(desk: Desk, finding: Finding): Promise<void> {
  const { loaded, table } = desk;
  if (!loaded || !table) return;
  if (state.shown.value?.finding === finding) {
    state.shown.value = null;
    return;
  }
  // What was found in the file counts its rows; what a repair left counts the rows of the repaired table.
  const same = JSON.stringify(finding);
  const ofFile = table === loaded || loaded.findings.some((found) => JSON.stringify(found) === same);
  const rows = await desk.run("Reading rows", () =>
    Promise.all(
      finding.examples.map(async ({ row }) => {
        const options = { offset: row - 1, limit: 1, raw: ofFile };
        const [cells] = await (ofFile ? loaded : table).rows(options);
        return { row, cells: (cells ?? []).map((cell) => (cell === null ? "" : String(cell))) };
      }),
    ),
  );
  if (rows && desk.table === table) state.shown.value = { finding, rows };
}

function read(desk: Desk, file: File, answers: Answers): Promise<Table | undefined> {
  return desk.run(`Reading ${file.name}`, (job) => desk.segmenter.load(file, { name: file.name, ...answers, ...job }));
}

/** Puts a table that was just read on the desk. */
async function start(desk: Desk, table: Table, questions: readonly Question[]): Promise<void> {
  const former = desk.loaded;
  if (desk.table !== former) await desk.table?.close();
  desk.table = undefined;
  desk.loaded = table;
  await take(desk, table, [], questions);
  await former?.close();
}

/** Shows another table on the check screen and forgets what was made from the former one. */
async function take(
  desk: Desk,
  table: Table,
  repairs: { repair: Repair; log: Finding }[],
  answered: readonly Question[] = state.sheet.value?.answered ?? [],
): Promise<void> {
  const former = desk.table;
  await desk.clearStudy();
  desk.table = table;
  desk.repairs = repairs.map(({ repair }) => repair);
  if (former !== desk.loaded && former !== table) await former?.close();
  const rows = await table.rows({ limit: PREVIEW_ROWS });
  state.referenceDate.value = await lastDay(table);
  state.shown.value = null;
  state.spreads.value = {};
  await pair(desk, table);
  state.sheet.value = {
    kind: table.kind,
    rows: table.rowCount,
    columns: table.columns,
    findings: table.findings,
    questions: table.questions,
    dialect: dialectInWords(table),
    preview: rows.map((row) => row.map((cell) => (cell === null ? "" : String(cell)))),
    answered,
    repairs,
  };
  void spread(desk, table);
}

/** How the second file belongs to the first. */
async function pair(desk: Desk, table: Table): Promise<void> {
  const { mate } = desk;
  if (!mate) {
    state.mate.value = null;
    return;
  }
  const { file, table: other } = mate;
  const proposal = await table.proposeJoin(other);
  const on = state.mate.value?.name === file.name ? state.mate.value.on : true;
  state.mate.value = { name: file.name, rows: other.rowCount, columns: other.columns, proposal, on };
}

/** Small pictures of the columns, one after the other, so that everything else goes first. */
async function spread(desk: Desk, table: Table): Promise<void> {
  for (const { name } of table.columns) {
    const found = await table.distribution(name).catch(() => undefined);
    if (desk.table !== table || !found) return;
    state.spreads.value = { ...state.spreads.value, [name]: found };
  }
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
