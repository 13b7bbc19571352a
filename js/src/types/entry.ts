import type { Closable, EngineSource, WorkerLike } from "./host.js";
import type { ColumnInfo, LoadOptions, Preview, Source } from "./read.js";
import type { ImportedRule, ImportOptions, ParsedRule, RuleJson, RuleSource } from "./rules.js";
import type { Recipe, ReplayedStudy, ReplayOptions } from "./study.js";
import type { Table } from "./table.js";

/** How the engine is run. Everything can be left out. */
export interface SegmenterOptions {
  /**
   * "auto": a worker in browsers, this thread in Node. "none": this thread, in slices of about 30 ms. A function makes the
   * worker itself, from the package's `marquetry/worker`.
   */
  worker?: "auto" | "none" | (() => WorkerLike);
  /**
   * How many engines read a long file at once, or share the rows of a large clustering (k-means, from 200,000 rows), each in
   * a worker; any number gives the same answer, to the bit. "auto": two
   * fewer than the machine has cores, one at least and four at most; one where `worker` is no "auto". Without a worker there is one.
   */
  workers?: number | "auto";
  /** Where the engine comes from, when the default address will not do. */
  wasm?: EngineSource;
  /** The same for the module that says rules in other languages, which is otherwise fetched when one is asked for. */
  exchange?: EngineSource;
  /** The same for the reader of workbooks, which is otherwise fetched when the first one is read. */
  workbook?: EngineSource;
}

/** The way in: reads files, understands rules. */
export interface Segmenter extends Closable {
  /** The package's version. */
  readonly version: string;
  /** Reads a file into a table. */
  load(source: Source, options?: LoadOptions): Promise<Table>;
  /** What `load` would decide, from the first bytes only: dialect, columns, questions, memory estimate. */
  preview(source: Source, options?: LoadOptions): Promise<Preview>;
  /**
   * A saved recipe made again on a new file: the same mapping, repairs, edges, tiers and rules. A column that the file lacks
   * gives the code `unknown-column`, with `details.lacking`; `mapping` or `skip` mend that. Clusters are
   * placed by the model that the recipe holds, not found anew.
   */
  replay(recipe: Recipe, source: Source, options?: ReplayOptions): Promise<ReplayedStudy>;
  /** Reads a rule's text; with `columns` names and types are checked too. Never rejects for a faulty text. */
  parseRule(text: string, columns?: Pick<ColumnInfo, "name" | "type">[]): Promise<ParsedRule>;
  /** A rule as canonical text. */
  formatRule(rule: RuleJson): Promise<string>;
  /**
   * Another system's rule in ours. What cannot be said is listed, never dropped silently; how that system's meaning differs is
   * noted. Rejects (`rule-syntax`) only for what is not in the format at all.
   */
  importRule(format: RuleSource, source: unknown, options?: ImportOptions): Promise<ImportedRule>;
}
