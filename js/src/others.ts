import type { Engine } from "./engine.js";
import type { Help, Others } from "./protocol.js";

/** More engines, started when they are first asked and ended with the request they help with: so is their memory. */
export class OtherEngines implements Others {
  #start: () => Promise<Engine>;
  #engines = new Map<number, Promise<Engine>>();
  #signal: AbortSignal | undefined;
  #closed = false;

  constructor(
    readonly count: number,
    start: () => Promise<Engine>,
    signal?: AbortSignal,
  ) {
    this.#start = start;
    this.#signal = signal;
  }

  /** Whatever goes wrong in another engine, the one that asks can do the work itself. */
  async ask(other: number, { method, params }: Help): Promise<Uint8Array | undefined> {
    try {
      if (this.#closed) return undefined;
      const starting = this.#engines.get(other) ?? this.#start();
      this.#engines.set(other, starting);
      const engine = await starting;
      return await engine.call(method, params, this.#signal && { signal: this.#signal });
    } catch {
      return undefined;
    }
  }

  close(): void {
    this.#closed = true;
    for (const starting of this.#engines.values())
      starting.then(
        (engine) => engine.close(),
        () => undefined,
      );
  }
}
