import type { ReadAhead } from "./bytes.js";
import type { Work } from "./engine.js";
import { aborted } from "./errors.js";
import { pause } from "./pause.js";
import type { Others } from "./protocol.js";
import { Spool } from "./spool.js";
import type { Progress } from "./types/host.js";
import type { Cell } from "./types/table.js";
import type { Native } from "./wasm.js";

/** How long the engine works before it lets others have the thread: short enough for an abort to be heard in time. */
const SLICE_MS = 30;

/** One request while it is answered: can it go on, and how far is it? */
export interface Run {
  /** Throws when the request was stopped, or when the engine is no more. */
  check(): void;
  report(progress: Progress): void;
  /** Other engines that may help. */
  others?: Others;
}

/** A run for a request; `alive` throws when the engine is no more. Its progress never falls. */
export function runOf(job: Work, alive: () => void): Run {
  let ratio = 0;
  return {
    ...(job.others && { others: job.others }),
    check() {
      alive();
      if (job.signal?.aborted) throw aborted(job.signal);
    },
    report(progress) {
      ratio = Math.max(ratio, Math.min(1, progress.ratio));
      job.onProgress?.({ ...progress, ratio });
    },
  };
}

/** What offers jobs to be stepped. */
export type Stepped = Pick<Native, "step" | "feed" | "dropJob"> & Partial<Pick<Native, "join">>;

/** Other engines, as a job knows them. */
export interface Helpers {
  /** What the job waits for at a place of its source, or of the engine of a number; nothing where it is not to be had. */
  next(at: number): Promise<Uint8Array | undefined>;
  tell?(message: Uint8Array<ArrayBuffer>): void;
}

/** Everything a job gave. */
export interface Output {
  done: unknown;
  emitted: Spool;
  rows: Cell[][];
}

/**
 * Steps a job of the engine to its end, in slices; whatever happens, the job is gone afterwards. With helpers to tell, what
 * it emits is for them.
 */
export async function drive(
  native: Stepped,
  job: number,
  run: Run,
  source?: ReadAhead,
  helpers?: Helpers,
): Promise<Output> {
  const output: Output = { done: undefined, emitted: new Spool(), rows: [] };
  let until = performance.now() + SLICE_MS;
  let latest: Progress | undefined;
  let candidates: Progress["candidates"];
  let over = false;
  const tell = () => {
    if (latest === undefined) return;
    const { phase, ratio, rows } = latest;
    run.report({ phase, ratio, ...(rows !== undefined && { rows }), ...(candidates && { candidates }) });
    candidates = undefined;
  };
  try {
    for (;;) {
      const step = native.step(job);
      if ("done" in step) {
        over = true;
        output.done = step.done;
        return output;
      }
      if ("need" in step) {
        if (source === undefined) throw new Error("A job asked for bytes of a table that has no source.");
        const bytes = await source.read(...step.need);
        run.check();
        native.feed(job, bytes);
      } else if ("join" in step) {
        const bytes = await helpers?.next(step.join);
        run.check();
        native.join?.(job, bytes ?? new Uint8Array());
      } else if ("emit" in step) {
        if (helpers?.tell) helpers.tell(step.emit);
        else output.emitted.push(step.emit);
      } else if ("page" in step) for (const row of step.page) output.rows.push(row);
      else {
        // Whoever watches hears of a new phase at once.
        const isNew = step.phase !== latest?.phase;
        latest = step;
        candidates = step.candidates ?? candidates;
        if (isNew) {
          tell();
          run.check();
        }
      }
      if (performance.now() < until) continue;
      tell();
      await pause();
      run.check();
      until = performance.now() + SLICE_MS;
    }
  } finally {
    if (!over) quietly(() => native.dropJob(job));
  }
}

/** A broken engine cannot even drop a job; what broke it is being thrown already. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // See above.
  }
}
