/** From a table to a file on the check screen: its first rows, its findings, small pictures, and how two files belong together. */
import type { LoadOptions, Preview, Repair, Table } from "../engine.ts";
import { plural } from "../format.ts";
import type { Answers, Finding, Leaf, Question, Source } from "../model.ts";
import { FIRST_FOLDING } from "../rfm/shapes.ts";
import { slices } from "../slices.ts";
import { lead, state } from "../state.ts";
import { FIRST_CHURN } from "../value/shapes.ts";
import type { Desk, Paper } from "./desk.ts";
import { foldingOf } from "./folding.ts";

const PREVIEW_ROWS = 8;

export function read(
  desk: Desk,
  file: File,
  options: Answers & Pick<LoadOptions, "limits">,
): Promise<Table | undefined> {
  return desk.run(`Reading ${file.name}`, (job) => desk.segmenter.load(file, { name: file.name, ...options, ...job }));
}

/** What a sheet keeps from one table to the next. */
interface Kept {
  answered: readonly Question[];
  repairs: readonly { repair: Repair; log: Finding }[];
}

/** Puts a table in a place on the desk, shows it, and forgets what was made from the former one there. */
export async function lay(
  desk: Desk,
  at: number,
  paper: Paper,
  about: Source & { answers: Answers },
  { answered, repairs }: Kept,
): Promise<void> {
  const former = desk.papers[at];
  await desk.clearStudy();
  desk.papers[at] = paper;
  const { table, loaded } = paper;
  const left = new Set([former?.table, former?.loaded].filter((old) => old !== table && old !== loaded));
  for (const old of left) await old?.close();
  // Columns that are not in memory have their cells in the file only.
  const rows = await table.rows({ limit: PREVIEW_ROWS, raw: about.answers.only !== undefined });
  const { name, size, synthetic, answers } = about;
  const next: Leaf = {
    name,
    size,
    synthetic,
    answers,
    spreads: new Map(),
    sheet: {
      kind: table.kind,
      rows: table.rowCount,
      columns: table.columns,
      findings: table.findings,
      questions: table.questions,
      dialect: dialectInWords(table),
      preview: rows.map((row) => row.map((cell) => (cell === null ? "" : String(cell)))),
      answered,
      repairs,
    },
  };
  state.shown.value = null;
  state.leaves.value = desk.papers.map((_, place) => (place === at ? next : state.leaves.value[place])) as Leaf[];
  const project = state.project.value;
  state.folding.value = project ? await foldingOf(desk.segmenter, project) : FIRST_FOLDING;
  state.churnSetup.value = FIRST_CHURN;
  state.referenceDate.value = await lastDay(desk.papers[lead.value]?.table ?? table);
  await pair(desk);
  show(desk, at);
}

/** How the two files on the desk belong together. */
async function pair(desk: Desk): Promise<void> {
  const [orders, customers] = [desk.papers[lead.value], desk.papers[1 - lead.value]];
  if (!orders || !customers) {
    state.join.value = null;
    return;
  }
  const proposal = await orders.table.proposeJoin(customers.table);
  state.join.value = { proposal, on: state.join.value?.on ?? true };
}

/** Draws small pictures of the columns, one after the other, so that everything else goes first. */
export function show(desk: Desk, at: number): void {
  const table = desk.papers[at]?.table;
  const known = state.leaves.value[at];
  if (!table || !known || known.spreads.size > 0) return;
  void (async () => {
    for (const { name } of table.columns) {
      const found = await table.distribution(name).catch(() => undefined);
      if (desk.papers[at]?.table !== table || !found) return;
      state.leaves.value = state.leaves.value.map((leaf, place) =>
        place === at ? { ...leaf, spreads: new Map(leaf.spreads).set(name, found) } : leaf,
      );
    }
  })();
}

const DELIMITERS: Record<string, string> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "bars",
  whitespace: "blanks",
};

/** How a file is written, in words. */
export function dialectInWords({ dialect }: Pick<Table | Preview, "dialect">): string {
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

/** The last day of the column of dates as ISO text; empty where there is none, or none in memory. */
async function lastDay(table: Table): Promise<string> {
  const dated = table.columns.filter(({ role, type }) => role === "date" && (type === "date" || type === "time"));
  const best = dated.sort((a, b) => b.roleConfidence - a.roleConfidence)[0];
  const values = best && (await table.column(best.name).catch(() => undefined));
  if (!values) return "";
  let last = Number.NEGATIVE_INFINITY;
  await slices(values.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = values[row];
      if (typeof value === "number" && value > last) last = value;
    }
  });
  const ms = best.type === "date" ? last * 86_400_000 : last;
  return Math.abs(ms) < 8e14 ? new Date(ms).toISOString().slice(0, 10) : "";
}
