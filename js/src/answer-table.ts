import { type Answers, type Desk, sourceOf } from "./answers.js";
import { bytesOf, ReadAhead } from "./bytes.js";
import { decode, decodeHead } from "./decode.js";
import { fail } from "./errors.js";
import type { ReadParams, ReadSettings, TableFacts } from "./protocol.js";
import { changes, isReading, logged, reread } from "./reread.js";
import { rewritten } from "./rewrite.js";
import { drive, type Run } from "./run.js";
import { share } from "./stretches.js";
import type { EngineModule } from "./types/host.js";
import type { Finding, Preview } from "./types/read.js";
import type { Repair } from "./types/table.js";
import type { Native } from "./wasm.js";
import { unfold } from "./workbook.js";

/** Reading files, looking at tables, and rules without a table. */
export const tableAnswers: Answers<
  | "preview"
  | "load"
  | "stretch"
  | "share"
  | "closeTable"
  | "column"
  | "rows"
  | "repair"
  | "distribution"
  | "proposeJoin"
  | "customers"
  | "parseRule"
  | "formatRule"
> = {
  async preview({ native }, params, run) {
    if (params.workbook !== undefined) return previewWorkbook(native, params.workbook, params, run);
    const { head, totalBytes, encoding } = await decodeHead(native, params.source, params.options);
    run.check();
    return native.preview(head, totalBytes, encoding, params.options);
  },

  load,

  async stretch({ native }, { source, options, from, to }, run) {
    const job = native.stretch(source.size, options, from, to);
    return (await drive(native, job, run, new ReadAhead(bytesOf(source)))).done as Uint8Array;
  },

  share: ({ native }, { message }) => native.share(message),

  closeTable(desk, { table }) {
    drop(desk, table);
    return undefined;
  },

  column: ({ native }, { table, name }) => native.column(table, name),

  async rows(desk, { table, options }, run) {
    const job = desk.native.rows(table, options);
    return (await drive(desk.native, job, run, sourceOf(desk, table))).rows;
  },

  async repair(desk, { table, repairs }, run) {
    if (!repairs.some(isReading)) return mend(desk, table, repairs);
    const made = desk.readings.get(table);
    if (made === undefined) throw fail("bad-option", "This table was not read from a file, which could be read again.");
    const [mending, asked] = [repairs.filter((one) => !isReading(one)), repairs.filter(isReading)];
    const reading = [...made.repairs.filter(isReading), ...asked];
    const options = { ...reread(made, reading), repairs: reading };
    const fresh = await load(desk, { ...made.params, options }, run);
    // What was repaired before is repaired again, and then what is asked for now.
    const before = made.repairs.filter((one) => !isReading(one));
    const now = before.length === 0 ? fresh : mend(desk, fresh.handle, before).table;
    const told: Finding[] = [];
    for (const one of asked) told.push(await compared(desk, table, now, one, run));
    const rest = mending.length === 0 ? { table: now, log: [] } : mend(desk, now.handle, mending);
    for (const { handle } of new Set([fresh, now])) if (handle !== rest.table.handle) drop(desk, handle);
    desk.readings.set(rest.table.handle, { ...made, repairs: rest.table.repairs });
    const log = repairs.map((one) => (isReading(one) ? told.shift() : rest.log.shift()) as Finding);
    return { table: rest.table, log };
  },

  distribution: ({ native }, { table, column }) => native.distribution(table, column),

  proposeJoin: ({ native }, { table, other }) => native.proposeJoin(table, other),

  async customers({ native }, { table, options, attributes }, run) {
    const job = native.customers(table, options, attributes);
    return (await drive(native, job, run)).done as TableFacts;
  },

  parseRule: ({ native }, { text, columns }) => native.parseRule(text, columns),

  formatRule: ({ native }, { rule }) => native.formatRule(rule),
};

/** Reads a file into a table. */
async function load(desk: Desk, params: ReadParams, run: Run): Promise<TableFacts> {
  const { native } = desk;
  const { workbook } = params;
  const limit = native.byteLimit(plain(params.options));
  const { source, options } = workbook === undefined ? params : await unfold(workbook, params, limit, run);
  const { bytes: text, encoding } = await decode(native, source, options, run);
  run.check();
  const { bytes, settings, rest } = await rewritten(native, text, options, run);
  const { ends, others, next } = share(bytes, settings, run.others);
  const job = native.load(bytes.size, encoding, settings, ends, others);
  const brought = desk.bring(bytes);
  const reading = drive(native, job, rest, new ReadAhead(brought), { next }).finally(brought.close);
  const table = (await reading).done as TableFacts;
  if (table.hasSource) desk.sources.set(table.handle, bytes);
  desk.readings.set(table.handle, { params, columns: table.columns, repairs: table.repairs });
  return table;
}

/** Repairs what can be repaired in the table itself. */
function mend({ native, sources, readings }: Desk, table: number, repairs: Repair[]) {
  const repaired = native.repair(table, repairs);
  const [source, reading] = [sources.get(table), readings.get(table)];
  if (source !== undefined && repaired.table.hasSource) sources.set(repaired.table.handle, source);
  if (reading !== undefined) readings.set(repaired.table.handle, { ...reading, repairs: repaired.table.repairs });
  return repaired;
}

function drop({ native, sources, readings }: Desk, table: number): void {
  sources.delete(table);
  readings.delete(table);
  native.dropTable(table);
}

/** What reading the file again has changed: in the column it was about, or in all. */
async function compared(desk: Desk, table: number, now: TableFacts, repair: Repair, run: Run): Promise<Finding> {
  const wanted = repair.column === undefined ? now.columns.map(({ name }) => name) : [repair.column];
  const names = wanted.filter((name) => valuesOf(desk, now.handle, name) !== undefined);
  const values = (of: number) => names.map((name) => valuesOf(desk, of, name)).filter((found) => found !== undefined);
  const found = changes(values(table), values(now.handle));
  const cell = async (of: number, row: number, name: string): Promise<string> => {
    const job = desk.native.rows(of, { offset: row, limit: 1, columns: [name] });
    const [cells] = (await drive(desk.native, job, run, sourceOf(desk, of))).rows;
    return String(cells?.[0] ?? "");
  };
  const examples: Finding["examples"] = [];
  for (const { row, column } of found.first) {
    const name = names[column] as string;
    const [value, after] = [await cell(table, row, name), await cell(now.handle, row, name)];
    examples.push({ row: row + 1, value, ...(after !== "" && { after }) });
  }
  return logged(repair, found, now.rowCount, examples);
}

/** A column's values; none where there is no such column, or it is not in memory. */
function valuesOf({ native }: Desk, table: number, name: string) {
  try {
    return native.column(table, name);
  } catch {
    return undefined;
  }
}

/** Rows of a workbook that a preview looks at. */
const FIRST_ROWS = 5_000;

/** The engine reads text: a workbook's format is no matter of its own any more. */
function plain({ format: _, ...options }: ReadSettings): ReadSettings {
  return options;
}

async function previewWorkbook(native: Native, module: EngineModule, params: ReadParams, run: Run): Promise<Preview> {
  const limit = native.byteLimit(plain(params.options));
  const { source, options, story } = await unfold(module, params, limit, run, FIRST_ROWS);
  const { head, totalBytes, encoding } = await decodeHead(native, source, options);
  const scale = story.rows === 0 ? 1 : story.ofRows / story.rows;
  const found = native.preview(head, Math.round(totalBytes * scale), encoding, options);
  return { ...found, sheets: story.sheets };
}
