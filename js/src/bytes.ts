import { fail, messageOf } from "./errors.js";
import type { WireSource } from "./protocol.js";

/** Bytes from which it is found out what a source is. */
export const HEAD = 1 << 20;

/** Bytes that can be read in pieces, again and again. */
export interface ByteSource {
  readonly size: number;
  /** All of them as a Blob, where they are one: that can be handed to others by reference. */
  readonly blob?: Blob;
  read(start: number, end: number): Promise<Uint8Array>;
}

/** A source as bytes to be read in pieces. */
export function bytesOf(source: WireSource): ByteSource {
  if (source instanceof Uint8Array) {
    return { size: source.byteLength, read: async (start, end) => source.subarray(start, end) };
  }
  return { size: source.size, blob: source, read: (start, end) => readBlob(source, start, end) };
}

async function readBlob(blob: Blob, start: number, end: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.slice(start, end).arrayBuffer());
  } catch (error) {
    throw unreadable(error);
  }
}

/** The error for a file that cannot be read (any more): moved, changed on disk, or withdrawn. */
export function unreadable(error: unknown): Error {
  const hint = "Choose the file again; it may have been changed or moved since it was chosen.";
  return fail("source-unreadable", `The file cannot be read: ${messageOf(error)}. ${hint}`, { hint }, error);
}

/** Reads in order, each piece while the one before is still being worked on. */
export class ReadAhead {
  #source: ByteSource;
  #next: { start: number; end: number; bytes: Promise<Uint8Array> } | undefined;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    const ready = this.#next;
    const bytes = ready?.start === start && ready.end === end ? ready.bytes : this.#source.read(start, end);
    const nextEnd = Math.min(end + (end - start), this.#source.size);
    if (nextEnd > end) {
      const ahead = this.#source.read(end, nextEnd);
      // Whoever asks for the piece hears of its failure; nobody has to ask.
      ahead.catch(() => undefined);
      this.#next = { start: end, end: nextEnd, bytes: ahead };
    } else {
      this.#next = undefined;
    }
    return bytes;
  }
}
