import { aborted, fail, messageOf } from "./errors.js";
import type { WireSource } from "./protocol.js";
import { Spool } from "./spool.js";
import type { LoadOptions, Source } from "./types/read.js";

/** A source made ready to travel, and the name it brings along. */
export interface Parcel {
  source: WireSource;
  name: string | undefined;
}

/** Makes any source ready to travel. Bytes are copied, so that the caller may go on using theirs, unless `transfer` is set. */
export async function pack(source: Source, options: LoadOptions): Promise<Parcel> {
  const name = options.name ?? nameOf(source);
  if (typeof source === "string") return { source: new TextEncoder().encode(source), name };
  if (source instanceof Blob) return { source, name };
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    const bytes = viewOf(source);
    return { source: options.transfer === true ? takeOver(bytes) : bytes.slice(), name };
  }
  if (typeof source === "object" && source !== null && Symbol.asyncIterator in source) {
    return { source: await collect(source, options), name };
  }
  throw fail("bad-source", "A source is a Blob or File, bytes, an async iterable of bytes, or the text itself.");
}

/** Bytes whose buffer may be shared with others become a plain copy; all others are seen as they are. */
function viewOf(source: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  const { buffer, byteOffset, byteLength } = source;
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer, byteOffset, byteLength);
  return new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
}

/** Empties the caller's buffer, so that nobody can change the bytes while they are read. */
function takeOver(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return new Uint8Array(structuredClone(buffer, { transfer: [buffer] }), byteOffset, byteLength);
}

/** A Blob of everything a stream gives: the browser may keep it on disk. */
async function collect(source: AsyncIterable<Uint8Array>, { signal, limits }: LoadOptions): Promise<Blob> {
  const spool = new Spool();
  let size = 0;
  try {
    for await (const part of source) {
      if (signal?.aborted) throw aborted(signal);
      if (!ArrayBuffer.isView(part))
        throw fail("bad-source", "The stream gave something that is not bytes (Uint8Array).");
      size += part.byteLength;
      if (limits?.bytes !== undefined && size > limits.bytes) throw tooLarge(limits.bytes);
      spool.push(viewOf(part).slice());
    }
  } catch (error) {
    if (error instanceof Error && (error.name === "MarquetryError" || error.name === "AbortError")) throw error;
    throw fail("source-unreadable", `The stream broke off: ${messageOf(error)}`, {}, error);
  }
  return spool.blob();
}

/** The error for a source that has more bytes than it may. */
export function tooLarge(limit: number): Error {
  const message = `The file has more than ${limit} bytes, the limit that is set. Raise “limits.bytes” or load a part of it.`;
  return fail("limit-exceeded", message, { limit });
}

function nameOf(source: Source): string | undefined {
  return source instanceof Blob && "name" in source && typeof source.name === "string" ? source.name : undefined;
}
