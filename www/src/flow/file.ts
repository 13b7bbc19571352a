/** What the person decides about a file on the desk: answers, repairs, rows to look at. Each shows the file anew. */
import type { Repair, Table } from "../engine.ts";
import { plural } from "../format.ts";
import type { Answers, Finding, Leaf, Question } from "../model.ts";
import { leaf, state } from "../state.ts";
import type { Desk, Paper } from "./desk.ts";
import { inWords, say } from "./desk.ts";
import { lay, read, show } from "./lay.ts";

/** The file that is looked at, with its place on the desk. */
interface Current {
  at: number;
  paper: Paper;
  now: Leaf;
}

function current(desk: Desk): Current | undefined {
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
  const list = repairs.map(({ repair }) => repair);
  const sheet = { answered: answered(now, made.table, next, list), repairs };
  await lay(desk, at, { file: paper.file, loaded, table: made.table }, { ...now, answers: next }, sheet);
  if (lost) {
    const { message } = inWords(lost);
    state.problem.value = { message: `The repairs could not be made again on the file as it is read now: ${message}` };
  }
}

/** Questions that are asked no more, because they were answered, with what was answered. */
function answered(now: Leaf, table: Table, answers: Answers, repairs: readonly Repair[]): Question[] {
  const open = new Set(table.questions.map(({ code, column }) => `${code} ${column}`));
  return [...now.sheet.answered, ...now.sheet.questions].flatMap((question) => {
    const { code, column } = question;
    const option = code.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof Answers;
    const own = column === undefined ? undefined : answers.columns?.[column];
    const made = repairs.find((one) => one.code === `use-${code}` && (one.column ?? column) === column);
    const answer = made?.choice ?? own?.[option as keyof typeof own] ?? answers[option];
    if (open.has(`${code} ${column}`) || answer === undefined) return [];
    return [{ ...question, taken: String(answer) }];
  });
}

/** Lays the file anew with these repairs instead of those it has; their log says what each has changed. */
async function relay(
  desk: Desk,
  { at, paper, now }: Current,
  table: Table,
  repairs: readonly { repair: Repair; log: Finding }[],
): Promise<void> {
  const list = repairs.map(({ repair }) => repair);
  const kept = { answered: answered(now, table, now.answers, list), repairs };
  await lay(desk, at, { ...paper, table }, now, kept);
}

/** Answers a question by reading the file again; what was answered before, is answered anew. */
export async function decide(desk: Desk, question: Question, choice: string): Promise<void> {
  const found = current(desk);
  if (!found) return;
  const code = `use-${question.code}`;
  // Nobody writes days in two orders: what one column was asked holds for all.
  const column = question.code === "date-order" ? undefined : question.column;
  const others = found.now.sheet.repairs.filter(
    ({ repair }) => repair.code !== code || (repair.column ?? question.column) !== question.column,
  );
  const wanted = others.map(({ repair }) => repair);
  if (choice !== "all") wanted.push({ code, ...(column === undefined ? {} : { column }), choice });
  await remake(desk, found, "Reading the file again", wanted);
}

/** Makes these repairs on the file as it was read. */
async function remake(desk: Desk, found: Current, title: string, wanted: Repair[]): Promise<void> {
  const { loaded } = found.paper;
  if (wanted.length === 0) return relay(desk, found, loaded, []);
  const done = await desk.run(title, (job) => loaded.repair(wanted, job));
  if (!done) return;
  const repairs = wanted.map((repair, place) => ({ repair, log: done.log[place] as Finding }));
  await relay(desk, found, done.table, repairs);
}

export async function repair(desk: Desk, code: string, column?: string, choice?: string): Promise<void> {
  const found = current(desk);
  if (!found) return;
  const wanted = { code, ...(column === undefined ? {} : { column }), ...(choice === undefined ? {} : { choice }) };
  const done = await desk.run("Repairing", (job) => found.paper.table.repair([wanted], job));
  if (!done) return;
  const made = done.log.map((log) => ({ repair: wanted, log }));
  await relay(desk, found, done.table, [...found.now.sheet.repairs, ...made]);
}

/** Makes all repairs but one again, on the file as it was read. */
export async function undo(desk: Desk, index: number): Promise<void> {
  const found = current(desk);
  if (!found) return;
  const kept = found.now.sheet.repairs.filter((_, place) => place !== index).map(({ repair }) => repair);
  await remake(desk, found, "Undoing", kept);
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
