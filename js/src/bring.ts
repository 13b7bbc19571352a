import { startBlobWorker } from "./blob-worker.js";
import type { Asked, Brought } from "./bringer.js";
import { bringerSource } from "./bringer-source.js";
import type { ByteSource } from "./bytes.js";
import type { WorkerLike } from "./types/host.js";

/** Shorter files are read by the engine's own thread: to start another takes longer. */
const WORTH_IT = 16 << 20;

/** Bytes that another thread may be bringing; closed with the work they are for. */
export interface BroughtSource extends ByteSource {
  close(): void;
}

/** Has the bytes of a source brought, if that is worth while. */
export type Bring = (source: ByteSource) => BroughtSource;

/** All bytes are read by this thread itself. */
export const unaided: Bring = (source) => ({ ...source, close: () => undefined });

/**
 * Has a file's pieces read by a thread of its own. A browser hands over a file in many small parts, and does so on the thread
 * that reads it: were that the engine's, each part would wait for a pause of its work. What the other thread cannot bring is
 * read here.
 */
export const aided: Bring = (source) => {
  const { blob, size } = source;
  if (blob === undefined || size < WORTH_IT) return unaided(source);
  const worker = started();
  if (worker === undefined) return unaided(source);
  const waiting = new Map<number, (bytes: ArrayBuffer | undefined) => void>();
  let asks = 0;
  // It takes a while to start, and may break down.
  let works = false;
  const answer = ({ id, bytes }: Brought) => {
    waiting.get(id)?.(bytes);
    waiting.delete(id);
  };
  worker.onmessage = ({ data }) => {
    works = true;
    answer(data as Brought);
  };
  worker.onerror = () => {
    works = false;
    for (const id of [...waiting.keys()]) answer({ id, bytes: undefined });
  };
  const ask = (start: number, end: number) =>
    new Promise<ArrayBuffer | undefined>((resolve) => {
      asks += 1;
      waiting.set(asks, resolve);
      const asked: Asked = { id: asks, blob, start, end };
      worker.postMessage(asked);
    });
  const read = async (start: number, end: number) => {
    const bytes = works ? await ask(start, end) : undefined;
    return bytes ? new Uint8Array(bytes) : source.read(start, end);
  };
  return { size, blob, read, close: () => worker.terminate() };
};

/** A fresh thread; none where a worker may start no others. */
function started(): WorkerLike | undefined {
  try {
    return startBlobWorker(bringerSource, "marquetry: bytes");
  } catch {
    return undefined;
  }
}
