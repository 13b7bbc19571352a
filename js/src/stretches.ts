import type { ByteSource } from "./bytes.js";
import type { Others, ReadSettings } from "./protocol.js";

/** Shorter texts are read by one engine: to start another takes longer. */
const WORTH_IT = 16 << 20;

/** A stretch has at most so many bytes, so that nothing large is handed over at once. */
const LONGEST = 16 << 20;

/** How a text is shared out: stretches in turn for the engine that asks and for each of the others. */
export interface Shared {
  /** Where stretches end; none where the text is not shared. */
  ends: Float64Array;
  others: number;
  /** The next stretch of another engine, in order. */
  next(): Promise<Uint8Array | undefined>;
}

/** Shares a text out, and has the others begin with theirs. Each goes on as soon as it is done. */
export function share(bytes: ByteSource, options: ReadSettings, others: Others | undefined): Shared {
  const { blob, size } = bytes;
  const count = others?.count ?? 0;
  const next = async () => undefined;
  if (others === undefined || count === 0 || blob === undefined || size < WORTH_IT) {
    return { ends: new Float64Array(), others: 0, next };
  }
  const engines = count + 1;
  const stretches = engines * Math.ceil(size / (engines * LONGEST));
  const ends = Float64Array.from({ length: stretches }, (_, at) => Math.floor((size / stretches) * (at + 1)));
  const parts: Promise<Uint8Array | undefined>[] = [];
  const latest: Promise<unknown>[] = [];
  ends.forEach((to, at) => {
    const other = at % engines;
    if (other === 0) return;
    const params = { source: blob, options, from: ends[at - 1] ?? 0, to };
    const part = (latest[other] ?? Promise.resolve()).then(() => others.ask(other - 1, { method: "stretch", params }));
    latest[other] = part;
    parts.push(part);
  });
  return { ends, others: count, next: async () => parts.shift() };
}
