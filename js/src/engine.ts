import type { MarquetryError } from "./errors.js";
import type { Method, Others, Params, Result } from "./protocol.js";
import type { Job } from "./types/host.js";

/** A job, and who may help with it. */
export interface Work extends Job {
  others?: Others;
}

/** What answers requests: this thread or a worker. Every request settles exactly once. */
export interface Engine {
  /** Why nothing is answered any more; absent while the engine lives. Handles of a dead engine are dead too. */
  readonly death: MarquetryError | undefined;
  call<M extends Method>(method: M, params: Params<M>, job?: Work): Promise<Result<M>>;
  /** Ends the engine: whatever is under way is rejected with the code `closed`. */
  close(): void;
}
