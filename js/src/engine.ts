import type { MarquetryError } from "./errors.js";
import type { Method, Others, Params, Result } from "./protocol.js";
import type { Job } from "./types/host.js";

/** A job, and who may help with it. */
export interface Work extends Job {
  others?: Others;
}

/** More engines for one request; closed with it. */
export interface Helping extends Others {
  close(): void;
}

/** What answers requests: this thread or a worker. Every request settles exactly once. */
export interface Engine {
  /** Why nothing is answered any more; absent while the engine lives. Handles of a dead engine are dead too. */
  readonly death: MarquetryError | undefined;
  /** More engines that may help; none where it works alone. */
  others?: (signal?: AbortSignal) => Helping;
  call<M extends Method>(method: M, params: Params<M>, job?: Work): Promise<Result<M>>;
  /** Ends the engine: whatever is under way is rejected with the code `closed`. */
  close(): void;
}

/** A request with which other engines may help; they end with it. */
export async function helped<T>(engine: Engine, job: Job, request: (work: Work) => Promise<T>): Promise<T> {
  const others = engine.others?.(job.signal);
  try {
    return await request({ ...job, ...(others && { others }) });
  } finally {
    others?.close();
  }
}
