import type { EngineModule } from "./types/host.js";
import type { ColumnInfo } from "./types/read.js";
import { type NativeExchange, openExchange, understand } from "./wasm.js";

/** A column's name and type; one without a single value has none. */
export function typed(column: Pick<ColumnInfo, "name" | "type"> & Partial<ColumnInfo>): {
  name: string;
  type: unknown;
} {
  return { name: column.name, type: column.distinct === 0 ? null : column.type };
}

/** Says rules and models in other languages. Its module is fetched for the first request, and again where that failed. */
export class Exchange {
  readonly #load: () => Promise<EngineModule>;
  #open: Promise<ReturnType<typeof openExchange>> | undefined;

  constructor(load: () => Promise<EngineModule>) {
    this.#load = load;
  }

  /** Asks for text or bytes; what broke an instance gets a fresh one next time. */
  async ask<M extends keyof NativeExchange>(method: M, request: object): Promise<ReturnType<NativeExchange[M]>> {
    this.#open ??= this.#load().then(openExchange);
    const native = await this.#open.catch((error: unknown) => {
      this.#open = undefined;
      throw error;
    });
    try {
      return native[method](JSON.stringify(request)) as ReturnType<NativeExchange[M]>;
    } catch (thrown) {
      const { error, crashed } = understand(thrown, native);
      if (crashed) this.#open = undefined;
      throw error;
    }
  }
}
