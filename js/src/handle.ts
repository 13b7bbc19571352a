import type { Engine } from "./engine.js";
import { closed } from "./errors.js";
import type { Method, Params, Result } from "./protocol.js";
import type { Closable, Job } from "./types/host.js";

/** Something that lives in an engine and is let go of once. */
export abstract class Handle implements Closable {
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  #closed = false;

  constructor(
    protected readonly engine: Engine,
    private readonly what: string,
  ) {
    if (typeof Symbol.asyncDispose === "symbol") {
      Object.defineProperty(this, Symbol.asyncDispose, { value: () => this.close() });
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // With the engine gone there is nothing left to free.
    await this.release().catch(() => undefined);
  }

  get isOpen(): boolean {
    return !this.#closed;
  }

  /** Throws when the handle was closed. */
  check(): void {
    if (this.#closed) throw closed(this.what);
  }

  /** A request to the engine, unless the handle was closed. */
  protected async request<M extends Method>(method: M, params: Params<M>, job?: Job): Promise<Result<M>> {
    this.check();
    return this.engine.call(method, params, job);
  }

  protected abstract release(): Promise<void>;
}
