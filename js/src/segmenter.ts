import { asked } from "./asked.js";
import { type Engine, helped } from "./engine.js";
import { aborted, requireTexts } from "./errors.js";
import { type Exchange, typed } from "./exchange.js";
import { OtherEngines } from "./others.js";
import type { Method, Params, ReadParams, Result } from "./protocol.js";
import { replay } from "./replay.js";
import { pack } from "./source.js";
import { Supervisor } from "./supervisor.js";
import { TableHandle } from "./table.js";
import type { Segmenter } from "./types/entry.js";
import type { EngineModule, Job } from "./types/host.js";
import type { ColumnInfo, LoadOptions, Preview, Source } from "./types/read.js";
import type { ImportedRule, ImportOptions, ParsedRule, RuleJson, RuleSource } from "./types/rules.js";
import type { Recipe, ReplayedStudy, ReplayOptions } from "./types/study.js";
import type { Table } from "./types/table.js";
import { isWorkbook } from "./workbook.js";

/** The way in: asks an engine that is restarted when it has died. */
export class SegmenterHandle implements Segmenter {
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly version = __VERSION__;
  #supervisor: Supervisor;
  #workbooks: () => Promise<EngineModule>;
  #exchange: Exchange;

  private constructor(supervisor: Supervisor, workbooks: () => Promise<EngineModule>, exchange: Exchange) {
    this.#supervisor = supervisor;
    this.#workbooks = workbooks;
    this.#exchange = exchange;
    if (typeof Symbol.asyncDispose === "symbol") {
      Object.defineProperty(this, Symbol.asyncDispose, { value: () => this.close() });
    }
  }

  /**
   * Starts the first engine at once, so that a page that cannot start one hears of it here; `workbooks` gives the module
   * that reads those, `exchange` says rules in other languages, and so many more engines may help with long files.
   */
  static async open(
    start: () => Promise<Engine>,
    workbooks: () => Promise<EngineModule>,
    exchange: Exchange,
    others: number,
  ): Promise<SegmenterHandle> {
    const helping = (signal?: AbortSignal) => new OtherEngines(others, start, signal);
    const supervisor = new Supervisor(async () => Object.assign(await start(), { others: helping }));
    await supervisor.engine();
    return new SegmenterHandle(supervisor, workbooks, exchange);
  }

  async load(source: Source, options: LoadOptions = {}): Promise<Table> {
    const { params, job } = await this.#prepare(source, options);
    const engine = await this.#supervisor.engine();
    const facts = await helped(engine, job, (work) => engine.call("load", params, work));
    return new TableHandle(engine, this.#exchange, facts);
  }

  async preview(source: Source, options: LoadOptions = {}): Promise<Preview> {
    const { params, job } = await this.#prepare(source, options);
    return this.#ask("preview", params, job);
  }

  async replay(recipe: Recipe, source: Source, options: ReplayOptions = {}): Promise<ReplayedStudy> {
    const { study, skipped } = await replay(this, recipe, source, options);
    return Object.assign(study, { skipped, mapping: options.mapping ?? {} });
  }

  async parseRule(text: string, columns?: Pick<ColumnInfo, "name" | "type">[]): Promise<ParsedRule> {
    requireTexts({ text: text ?? null }, ["text"]);
    const known = columns?.map(({ name, type }) => ({ name, type }));
    return this.#ask("parseRule", { text, ...(known && { columns: known }) });
  }

  formatRule(rule: RuleJson): Promise<string> {
    return this.#ask("formatRule", { rule });
  }

  async importRule(format: RuleSource, source: unknown, options: ImportOptions = {}): Promise<ImportedRule> {
    const { columns, orders } = options;
    const known = { ...(columns && { columns: columns.map(typed) }), ...(orders && { orders: orders.map(typed) }) };
    return JSON.parse(await this.#exchange.ask("importRule", { format, source, ...known })) as ImportedRule;
  }

  close(): Promise<void> {
    return this.#supervisor.close();
  }

  /** What is to be read, with the module for it where the engine's own will not do. */
  async #prepare(source: Source, options: LoadOptions): Promise<{ params: ReadParams; job: Job }> {
    const { params, job } = await prepare(source, options);
    if (!(await isWorkbook(params.source, params.options))) return { params, job };
    return { params: { ...params, workbook: await this.#workbooks() }, job };
  }

  async #ask<M extends Method>(method: M, params: Params<M>, job?: Job): Promise<Result<M>> {
    const engine = await this.#supervisor.engine();
    return engine.call(method, params, job);
  }
}

/** A source and its options, made ready to travel. */
async function prepare(source: Source, options: LoadOptions): Promise<{ params: ReadParams; job: Job }> {
  const { settings, job } = asked("load", options);
  if (options.signal?.aborted) throw aborted(options.signal);
  const { transfer, ...rest } = settings;
  const parcel = await pack(source, { ...rest, ...job, ...(transfer !== undefined && { transfer }) });
  return {
    params: { source: parcel.source, options: { ...rest, ...(parcel.name !== undefined && { name: parcel.name }) } },
    job,
  };
}
