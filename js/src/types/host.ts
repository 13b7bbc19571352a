/// <reference lib="esnext.disposable" preserve="true" />

import type { ClusterCandidate } from "./clusters.js";

/** Bytes in memory. */
export type BytesLike = ArrayBuffer | ArrayBufferView;

/** What the package needs of a worker: the browser's `Worker` fits, and so does a small adapter around Node's. */
export interface WorkerLike {
  postMessage(message: unknown, transfer?: unknown[]): void;
  terminate(): void;
  onmessage: Listener<{ data: unknown }> | null;
  onerror: Listener<unknown> | null;
}

/** A function of an event; written so that the browser's own, more particular event types fit. */
type Listener<E> = { listen(event: E): void }["listen"];

/**
 * The compiled engine: a `WebAssembly.Module`. Declared as an object, so that these declarations check without browser
 * types too.
 */
export type EngineModule = object;

/** Where a module comes from: its address, its bytes, or the compiled module that `loadEngine`, `loadExchange` or `loadWorkbook` gives. */
export type EngineSource = URL | string | BytesLike | EngineModule;

/** How far a piece of work has come. */
export interface Progress {
  /** What is being done, as a word a person understands. */
  phase: string;
  /** Share of the whole work that is done, 0 to 1, never falling. */
  ratio: number;
  /** Rows dealt with so far. */
  rows?: number;
  /** Of clusters: every number of them that was tried so far, each time there is one more. */
  candidates?: ClusterCandidate[];
}

/** Options of everything that may take long. */
export interface Job {
  /**
   * Stops the work: the promise is rejected with a `DOMException` named "AbortError", within 250 ms. A worker that has not
   * heard of it after a second is ended and replaced, and handles from before then give the code `engine-restarted`.
   */
  signal?: AbortSignal;
  /** Called a few dozen times a second at most. */
  onProgress?(progress: Progress): void;
}

/** Something in the engine that is let go of with `close()`, or by `await using` where the platform has it. */
export interface Closable {
  /** Frees what the handle stands for. Closing twice is fine; using the handle afterwards gives the code `closed`. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
