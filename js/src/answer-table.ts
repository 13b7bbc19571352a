import { type Answers, sourceOf } from "./answers.js";
import { bytesOf, ReadAhead } from "./bytes.js";
import { decode, decodeHead } from "./decode.js";
import type { ReadParams, ReadSettings, TableFacts } from "./protocol.js";
import { rewritten } from "./rewrite.js";
import { drive, type Run } from "./run.js";
import { share } from "./stretches.js";
import type { EngineModule } from "./types/host.js";
import type { Preview } from "./types/read.js";
import type { Native } from "./wasm.js";
import { unfold } from "./workbook.js";

/** Reading files, looking at tables, and rules without a table. */
export const tableAnswers: Answers<
  | "preview"
  | "load"
  | "stretch"
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

  async load({ native, sources }, params, run) {
    const { workbook } = params;
    const limit = native.byteLimit(plain(params.options));
    const { source, options } = workbook === undefined ? params : await unfold(workbook, params, limit, run);
    const { bytes: text, encoding } = await decode(native, source, options, run);
    run.check();
    const { bytes, settings, rest } = await rewritten(native, text, options, run);
    const { ends, others, next } = share(bytes, settings, run.others);
    const job = native.load(bytes.size, encoding, settings, ends, others);
    const table = (await drive(native, job, rest, new ReadAhead(bytes), next)).done as TableFacts;
    if (table.hasSource) sources.set(table.handle, bytes);
    return table;
  },

  async stretch({ native }, { source, options, from, to }, run) {
    const job = native.stretch(source.size, options, from, to);
    return (await drive(native, job, run, new ReadAhead(bytesOf(source)))).done as Uint8Array;
  },

  closeTable({ native, sources }, { table }) {
    sources.delete(table);
    native.dropTable(table);
    return undefined;
  },

  column: ({ native }, { table, name }) => native.column(table, name),

  async rows(desk, { table, options }, run) {
    const job = desk.native.rows(table, options);
    return (await drive(desk.native, job, run, sourceOf(desk, table))).rows;
  },

  repair({ native, sources }, { table, repairs }) {
    const repaired = native.repair(table, repairs);
    const source = sources.get(table);
    if (source !== undefined && repaired.table.hasSource) sources.set(repaired.table.handle, source);
    return repaired;
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
