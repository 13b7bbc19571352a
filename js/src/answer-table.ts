import { type Answers, sourceOf } from "./answers.js";
import { ReadAhead } from "./bytes.js";
import { decode, decodeHead } from "./decode.js";
import type { TableFacts } from "./protocol.js";
import { drive } from "./run.js";

/** Reading files, looking at tables, and rules without a table. */
export const tableAnswers: Answers<
  | "preview"
  | "load"
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
  async preview({ native }, { source, options }, run) {
    const { head, totalBytes, encoding } = await decodeHead(native, source, options);
    run.check();
    return native.preview(head, totalBytes, encoding, options);
  },

  async load({ native, sources }, { source, options }, run) {
    const { bytes, encoding } = await decode(native, source, options, run);
    run.check();
    const job = native.load(bytes.size, encoding, options);
    const table = (await drive(native, job, run, new ReadAhead(bytes))).done as TableFacts;
    if (table.hasSource) sources.set(table.handle, bytes);
    return table;
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
