import { type ByteSource, bytesOf, HEAD, ReadAhead } from "./bytes.js";
import type { Origin, ReadSettings } from "./protocol.js";
import { drive, type Run } from "./run.js";
import type { Native } from "./wasm.js";

/** A source that the engine's reader can take, and how far the work is that made it so. */
export interface Rewritten {
  bytes: ByteSource;
  /** How it is to be read now. */
  settings: ReadSettings;
  /** The run from here on. */
  rest: Run;
}

/** What is not one row a line (JSON) as CSV, which is kept in a Blob; anything else as it is. */
export async function rewritten(
  native: Native,
  bytes: ByteSource,
  options: ReadSettings,
  run: Run,
): Promise<Rewritten> {
  const head = await bytes.read(0, Math.min(HEAD, bytes.size));
  const job = native.rewrite(head, bytes.size, options);
  if (job === undefined) return { bytes, settings: options, rest: run };
  const { emitted, done } = await drive(native, job, part(run, 0), new ReadAhead(bytes));
  return {
    bytes: bytesOf(emitted.blob()),
    settings: { ...options, origin: done as Origin },
    rest: part(run, 0.5),
  };
}

/** One half of a run. */
function part(run: Run, from: number): Run {
  return {
    ...run,
    check: () => run.check(),
    report: (progress) => run.report({ ...progress, ratio: from + progress.ratio / 2 }),
  };
}
