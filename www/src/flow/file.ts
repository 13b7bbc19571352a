/** What the person decides about a file on the desk: answers, repairs, rows to look at. Each shows the file anew. */
import type { Table } from "../engine.ts";
import { plural } from "../format.ts";
import type { Answers, Finding, Leaf, Question } from "../model.ts";
import { leaf, state } from "../state.ts";
import type { Desk, Paper } from "./desk.ts";
import { inWords, say } from "./desk.ts";
import { lay, read, show } from "./lay.ts";

/** The file that is looked at, with its place on the desk. */
function current(desk: Desk): { at: number; paper: Paper; now: Leaf } | undefined {
  const at = state.turned.value;
  const [paper, now] = [desk.papers[at], leaf.value];
  return paper && now && { at, paper, now };
}

/** Reads the file again with what was decided, on top of what was decided before; its repairs are made again. */
export async function answer(desk: Desk, answers: Answers): Promise<void> {
  const found = current(desk);
  if (!found) return;
  const { at, paper, now } = found;
  const columns = { ...now.answers.columns, ...answers.columns };
  const next = { ...now.answers, ...answers, columns };
  const loaded = await read(desk, paper.file, next);
  if (!loaded) return;
  const wanted = now.sheet.repairs.map(({ repair }) => repair);
  let made: { table: Table; log: readonly Finding[] } = { table: loaded, log: [] };
  let lost: unknown;
  if (wanted.length > 0) {
    try {
      made = await loaded.repair(wanted);
    } catch (error) {
      lost = error;
    }
  }
  const repairs = made.log.map((log, index) => ({ repair: wanted[index] ?? { code: log.code }, log }));
  const sheet = { answered: answered([...now.sheet.answered, ...now.sheet.questions], loaded, next), repairs };
  await lay(desk, at, { file: paper.file, loaded, table: made.table }, { ...now, answers: next }, sheet);
  if (lost) {
    const { message } = inWords(lost);
    state.problem.value = { message: `The repairs could not be made again on the file as it is read now: ${message}` };
  }
}

/** Questions that are asked no more, because they were answered, with what was answered. */
function answered(asked: readonly Question[], table: Table, answers: Answers): Question[] {
  const open = new Set(table.questions.map(({ code, column }) => `${code} ${column}`));
  return asked.flatMap((question) => {
    const { code, column } = question;
    const option = code.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof Answers;
    const own = column === undefined ? undefined : answers.columns?.[column];
    const answer = own?.[option as keyof typeof own] ?? answers[option];
    if (open.has(`${code} ${column}`) || answer === undefined) return [];
    return [{ ...question, taken: String(answer) }];
  });
}

export async function repair(desk: Desk, code: string, column?: string, choice?: string): Promise<void> {
  const found = current(desk);
  if (!found) return;
  const { at, paper, now } = found;
  const wanted = { code, ...(column === undefined ? {} : { column }), ...(choice === undefined ? {} : { choice }) };
  const done = await desk.run("Repairing", (job) => paper.table.repair([wanted], job));
  if (!done) return;
  const repairs = [...now.sheet.repairs, ...done.log.map((log) => ({ repair: wanted, log }))];
  await lay(desk, at, { ...paper, table: done.table }, now, { ...now.sheet, repairs });
}

/** Makes all repairs but one again, on the file as it was read. */
export async function undo(desk: Desk, index: number): Promise<void> {
  const found = current(desk);
  if (!found) return;
  const { at, paper, now } = found;
  const kept = now.sheet.repairs.filter((_, place) => place !== index).map(({ repair }) => repair);
  if (kept.length === 0) return lay(desk, at, { ...paper, table: paper.loaded }, now, { ...now.sheet, repairs: [] });
  const done = await desk.run("Undoing", (job) => paper.loaded.repair(kept, job));
  if (!done) return;
  const repairs = kept.map((repair, place) => ({ repair, log: done.log[place] as Finding }));
  await lay(desk, at, { ...paper, table: done.table }, now, { ...now.sheet, repairs });
}

/** Turns to the other file. */
export function turn(desk: Desk, at: number): void {
  if (!desk.papers[at]) return;
  state.turned.value = at;
  state.shown.value = null;
  show(desk, at);
  const { name, sheet } = leaf.value ?? {};
  if (sheet) say(`${name}: ${plural(sheet.rows, "row")}, ${plural(sheet.columns.length, "column")}`);
}

/** Rows behind a finding, as they stood in the file where they can be read again. */
export async function showRows(desk: Desk, finding: Finding): Promise<void> {
  const found = current(desk);
  if (!found) return;
  if (state.shown.value?.finding === finding) {
    state.shown.value = null;
    return;
  }
  const { loaded, table } = found.paper;
  // What was found in the file counts its rows; what a repair left counts the rows of the repaired table.
  const same = JSON.stringify(finding);
  const ofFile = table === loaded || loaded.findings.some((one) => JSON.stringify(one) === same);
  const rows = await desk.run("Reading rows", () =>
    Promise.all(
      finding.examples.map(async ({ row }) => {
        const options = { offset: row - 1, limit: 1, raw: ofFile };
        const [cells] = await (ofFile ? loaded : table).rows(options);
        return { row, cells: (cells ?? []).map((cell) => (cell === null ? "" : String(cell))) };
      }),
    ),
  );
  if (rows && desk.papers[found.at]?.table === table) state.shown.value = { finding, rows };
}
