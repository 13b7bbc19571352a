import type { Engine } from "./engine.js";
import { aborted } from "./errors.js";
import { split } from "./handle.js";
import type { Method, Params, Result } from "./protocol.js";
import { pack } from "./source.js";
import { Supervisor } from "./supervisor.js";
import { TableHandle } from "./table.js";
import type { Segmenter } from "./types/entry.js";
import type { Job } from "./types/host.js";
import type { ColumnInfo, LoadOptions, Preview, Source } from "./types/read.js";
import type { ParsedRule, RuleJson } from "./types/rules.js";
import type { Table } from "./types/table.js";

/** The way in: asks an engine that is restarted when it has died. */
export class SegmenterHandle implements Segmenter {
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly version = __VERSION__;
  #supervisor: Supervisor;

  private constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
    if (typeof Symbol.asyncDispose === "symbol") {
      Object.defineProperty(this, Symbol.asyncDispose, { value: () => this.close() });
    }
  }

  /** Starts the first engine at once, so that a page that cannot start one hears of it here. */
  static async open(start: () => Promise<Engine>): Promise<SegmenterHandle> {
    const supervisor = new Supervisor(start);
    await supervisor.engine();
    return new SegmenterHandle(supervisor);
  }

  async load(source: Source, options: LoadOptions = {}): Promise<Table> {
    const { params, job } = await prepare(source, options);
    const engine = await this.#supervisor.engine();
    return new TableHandle(engine, await engine.call("load", params, job));
  }

  async preview(source: Source, options: LoadOptions = {}): Promise<Preview> {
    const { params, job } = await prepare(source, options);
    return this.#ask("preview", params, job);
  }

  parseRule(text: string, columns?: Pick<ColumnInfo, "name" | "type">[]): Promise<ParsedRule> {
    const known = columns?.map(({ name, type }) => ({ name, type }));
    return this.#ask("parseRule", { text, ...(known && { columns: known }) });
  }

  formatRule(rule: RuleJson): Promise<string> {
    return this.#ask("formatRule", { rule });
  }

  close(): Promise<void> {
    return this.#supervisor.close();
  }

  async #ask<M extends Method>(method: M, params: Params<M>, job?: Job): Promise<Result<M>> {
    const engine = await this.#supervisor.engine();
    return engine.call(method, params, job);
  }
}

/** A source and its options, made ready to travel. */
async function prepare(source: Source, options: LoadOptions): Promise<{ params: Params<"load">; job: Job }> {
  if (options.signal?.aborted) throw aborted(options.signal);
  const { settings, job } = split(options);
  const { transfer, ...rest } = settings;
  const parcel = await pack(source, { ...rest, ...job, ...(transfer !== undefined && { transfer }) });
  return {
    params: { source: parcel.source, options: { ...rest, ...(parcel.name !== undefined && { name: parcel.name }) } },
    job,
  };
}
