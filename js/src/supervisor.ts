import type { Engine } from "./engine.js";
import { closed } from "./errors.js";

/** Keeps one engine running: after one has died, the next call gets a fresh one. */
export class Supervisor {
  #start: () => Promise<Engine>;
  #engine: Promise<Engine> | undefined;
  #closed = false;

  constructor(start: () => Promise<Engine>) {
    this.#start = start;
  }

  async engine(): Promise<Engine> {
    if (this.#closed) throw closed();
    this.#engine ??= this.#start();
    const starting = this.#engine;
    const engine = await starting.catch((error: unknown) => {
      if (this.#engine === starting) this.#engine = undefined;
      throw error;
    });
    if (this.#closed) {
      engine.close();
      throw closed();
    }
    if (engine.death === undefined) return engine;
    if (this.#engine === starting) this.#engine = undefined;
    return this.engine();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const engine = await this.#engine?.catch(() => undefined);
    engine?.close();
  }
}
