/** From dropped files to the desk: which of them is what, a look at the beginning, the question of memory, and then the reading. */
import { MarquetryError } from "../engine.ts";
import { plural } from "../format.ts";
import type { Answers, Project, Screen } from "../model.ts";
import { state } from "../state.ts";
import { type Desk, say } from "./desk.ts";
import { go } from "./go.ts";
import { dialectInWords, lay, read } from "./lay.ts";
import { asProject, repairedAs, takeProject } from "./project.ts";

/** Above so many rows the reading is long enough to be watched. */
const LONG = 200_000;

/** Opens a file, or orders with their customers, in whichever order they come; a project may be among them. */
export async function openFiles(desk: Desk, files: File[], synthetic: boolean, answers: Answers = {}): Promise<void> {
  state.waiting.value = null;
  const tables: File[] = [];
  let project: Project | undefined;
  for (const file of files) {
    const saved = await asProject(file);
    if (saved) project = saved;
    else tables.push(file);
  }
  if (project) await takeProject(desk, project, tables.length > 0);
  const chosen = tables.slice(0, 2);
  const from = state.screen.value;
  const opened: Parameters<typeof lay>[2][] = [];
  const about: Parameters<typeof lay>[3][] = [];
  for (const file of chosen) {
    const own = file === chosen[0] ? answers : {};
    const found = await readOne(desk, file, own);
    if (!found) {
      leaveGlance(from);
      if (opened.length === 0) return remedy(desk, files);
      continue;
    }
    opened.push({ file, loaded: found.table, table: found.table });
    about.push({ name: file.name, size: file.size, synthetic, answers: found.answers });
  }
  if (opened.length === 0) return;
  const trouble = state.problem.value;
  const former = desk.papers;
  desk.papers = [];
  state.leaves.value = [];
  state.segments.value = [];
  state.join.value = null;
  // Orders lead: they are looked at first.
  const order = opened.map((_, at) => at).sort((a, b) => orders(opened[b]) - orders(opened[a]));
  state.turned.value = 0;
  for (const at of order) {
    const [paper, told] = [opened[at], about[at]];
    if (!paper || !told) continue;
    const repairs = at === order[0] && project ? await repairedAs(desk, project, paper) : [];
    await lay(desk, desk.papers.length, paper, told, { answered: [], repairs });
  }
  for (const { table, loaded } of former) for (const old of new Set([table, loaded])) await old.close();
  state.glance.value = null;
  go(desk, "check");
  state.problem.value = trouble;
  if (tables.length > 2) {
    const message = `Two files can be opened together; ${plural(tables.length - 2, "other")} left aside.`;
    state.problem.value = { message };
  }
}

const orders = (paper: { table: { kind: string } } | undefined): number => Number(paper?.table.kind === "orders");

/** Looks at the beginning of a file, asks where it is too large, and reads it. */
async function readOne(desk: Desk, file: File, answers: Answers) {
  const found = await desk.run(`Looking at ${file.name}`, ({ signal }) =>
    desk.segmenter.preview(file, { name: file.name, ...answers, limits: ANY, signal }),
  );
  if (!found) return undefined;
  const { columns, rows, estimate } = found;
  const limit = tabMemory();
  const tooMuch = estimate.memoryBytes > limit;
  if (tooMuch || estimate.rows > LONG) {
    const glance = { name: file.name, size: file.size, dialect: dialectInWords(found), columns, rows, estimate };
    state.glance.value = { ...glance, ...(tooMuch && { limit }) };
    state.screen.value = "check";
  }
  let next = answers;
  if (tooMuch) {
    say(`“${file.name}” needs more memory than this tab may use. Choose the columns to keep.`);
    const only = await desk.choose();
    if (only === undefined) return undefined;
    next = { ...answers, only };
    if (state.glance.value) {
      const { limit: _, ...rest } = state.glance.value;
      state.glance.value = rest;
    }
  }
  const table = await read(desk, file, tooMuch ? { ...next, limits: ANY } : next);
  return table && { table, answers: next };
}

/** The person has seen the estimate, and the engine need not refuse it. */
const ANY = { memoryBytes: 2 ** 32 };

/** Bytes of columns that this tab can be trusted with: a quarter of the machine’s memory, at most what the engine takes. */
function tabMemory(): number {
  const { deviceMemory = 4 } = navigator as { deviceMemory?: number };
  return Math.min(2 ** 31, deviceMemory * 2 ** 28);
}

/** Back to where the person was, when nothing came of it. */
function leaveGlance(from: Screen): void {
  if (!state.glance.value) return;
  state.glance.value = null;
  state.screen.value = from;
}

/** What can be done at once about a file that could not be opened. */
function remedy(desk: Desk, files: File[]): void {
  const { problem } = state;
  if (!(desk.failure instanceof MarquetryError) || !problem.value) return;
  desk.remedies = { "Choose another file": () => desk.chooseFile() };
  if (desk.failure.code === "no-rows")
    desk.remedies["The first row is data"] = () => void openFiles(desk, files, false, { header: false });
  problem.value = { ...problem.value, remedies: Object.keys(desk.remedies) };
}
