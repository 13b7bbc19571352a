import { type ByteSource, bytesOf, HEAD, unreadable } from "./bytes.js";
import { fail, MarquetryError, messageOf } from "./errors.js";
import type { ReadSettings, WireSource } from "./protocol.js";
import type { Run } from "./run.js";
import { tooLarge } from "./source.js";
import { Spool } from "./spool.js";
import type { Encoding, Native } from "./wasm.js";
import { CheckSum, damaged, type ZippedFile, zippedFile } from "./zip.js";

/** Text of a source as UTF-8, whatever it was compressed with or written in, and what it was written in. */
export interface Decoded {
  bytes: ByteSource;
  encoding: Encoding;
}

/** Makes a whole source readable as UTF-8. Only compressed or otherwise written text is copied, piece by piece, to a Blob. */
export async function decode(native: Native, source: WireSource, options: ReadSettings, run: Run): Promise<Decoded> {
  const limit = native.byteLimit(options);
  let bytes = bytesOf(source);
  const packed = await packing(source, bytes);
  if (packed) {
    const most = mostOf(bytes.size);
    const tooMuch = () => (most < limit ? swollen(most) : tooLarge(limit));
    bytes = bytesOf(await gather(packed.unpack(), Math.min(limit, most), tooMuch, "unpacking", run));
  } else if (bytes.size > limit) {
    throw tooLarge(limit);
  }
  const head = await bytes.read(0, Math.min(HEAD, bytes.size));
  const encoding = native.detect(head, head.byteLength === bytes.size, options);
  if (encoding.name === "utf-8") return { bytes, encoding };
  const text = rewrite(restream(bytes), encoding.name);
  return {
    bytes: bytesOf(await gather(text, limit * 3, () => tooLarge(limit * 3), "decoding", run)),
    encoding: { ...encoding, bom: 0 },
  };
}

/** The first bytes of a source as UTF-8, and how many there would be in all, as far as that can be told. */
export async function decodeHead(
  native: Native,
  source: WireSource,
  options: ReadSettings,
): Promise<{ head: Uint8Array; totalBytes: number; encoding: Encoding }> {
  const bytes = bytesOf(source);
  const packed = await packing(source, bytes);
  let head = packed ? await first(packed.unpack(), HEAD) : await bytes.read(0, Math.min(HEAD, bytes.size));
  let totalBytes = packed ? Math.max(packed.size, head.byteLength) : bytes.size;
  const encoding = native.detect(head, head.byteLength === totalBytes, options);
  if (encoding.name === "utf-8") return { head, totalBytes, encoding };
  const raw = head.byteLength;
  head = new TextEncoder().encode(decoderFor(encoding.name).decode(head, { stream: raw < totalBytes }));
  totalBytes = raw < totalBytes ? Math.round((totalBytes / raw) * head.byteLength) : head.byteLength;
  return { head, totalBytes, encoding: { ...encoding, bom: 0 } };
}

/** A compressed source: how to unpack it, and what it says about its size. */
interface Packing {
  size: number;
  unpack(): ByteStream;
}

/** How a source is compressed, told by its content; nothing if it is not. */
async function packing(source: WireSource, bytes: ByteSource): Promise<Packing | undefined> {
  if (await isGzip(bytes)) {
    const unpack = () => unzip(streamOf(source), "gzip");
    return { size: await unpackedSize(bytes), unpack };
  }
  const file = await zippedFile(bytes);
  if (file === undefined) return undefined;
  const part = source instanceof Blob ? source.slice(file.start, file.end) : source.subarray(file.start, file.end);
  const plain = streamOf(part);
  return { size: file.size, unpack: () => checked(file.deflated ? unzip(plain, "deflate-raw") : plain, file) };
}

/** Compressed text comes to at most so many bytes: beyond that it was made to fill memory. */
function mostOf(packed: number): number {
  return Math.max(64 << 20, packed * 200);
}

function swollen(limit: number): Error {
  const message = `The compressed file grows to more than 200 times its size (${limit} bytes and more), as no table of customers does. Unpack it and load the file itself.`;
  return fail("limit-exceeded", message, { limit });
}

/** A file out of an archive must be what the archive says it is. */
function checked(bytes: ByteStream, { size, crc }: ZippedFile): ByteStream {
  const sum = new CheckSum();
  let found = 0;
  const transform = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, out) {
      found += piece.byteLength;
      if (found > size) throw damaged();
      sum.add(piece);
      out.enqueue(piece);
    },
    flush() {
      if (found !== size || sum.value !== crc) throw damaged();
    },
  });
  return bytes.pipeThrough(transform);
}

async function isGzip(bytes: ByteSource): Promise<boolean> {
  const head = await bytes.read(0, Math.min(3, bytes.size));
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/** What a gzip file says about itself in its last four bytes (modulo 4 GiB). */
async function unpackedSize(bytes: ByteSource): Promise<number> {
  const tail = await bytes.read(Math.max(0, bytes.size - 4), bytes.size);
  return tail.byteLength < 4 ? 0 : new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
}

type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;

function streamOf(source: WireSource): ByteStream {
  return (source instanceof Blob ? source : new Blob([source])).stream();
}

function unzip(packed: ByteStream, format: "gzip" | "deflate-raw"): ByteStream {
  return packed.pipeThrough(new DecompressionStream(format));
}

function rewrite(bytes: ByteStream, label: string): ByteStream {
  const decoder = decoderFor(label);
  const encoder = new TextEncoder();
  const transform = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform: (piece, out) => out.enqueue(encoder.encode(decoder.decode(piece, { stream: true }))),
    flush: (out) => out.enqueue(encoder.encode(decoder.decode())),
  });
  return bytes.pipeThrough(transform);
}

function decoderFor(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch (error) {
    throw fail("bad-option", `The platform has no decoder for the encoding “${label}”.`, {}, error);
  }
}

function restream(bytes: ByteSource): ByteStream {
  let at = 0;
  return new ReadableStream({
    async pull(out) {
      if (at >= bytes.size) return out.close();
      const end = Math.min(at + HEAD, bytes.size);
      out.enqueue(new Uint8Array(await bytes.read(at, end)));
      at = end;
    },
  });
}

async function gather(stream: ByteStream, limit: number, tooMuch: () => Error, phase: string, run: Run): Promise<Blob> {
  const spool = new Spool();
  let size = 0;
  for await (const part of pieces(stream)) {
    size += part.byteLength;
    if (size > limit) throw tooMuch();
    spool.push(part);
    run.report({ phase, ratio: 0 });
    run.check();
  }
  return spool.blob();
}

async function first(stream: ByteStream, wanted: number): Promise<Uint8Array> {
  const head = new Uint8Array(wanted);
  let size = 0;
  for await (const part of pieces(stream)) {
    const fits = part.subarray(0, wanted - size);
    head.set(fits, size);
    size += fits.byteLength;
    if (size === wanted) break;
  }
  return head.subarray(0, size);
}

/** The pieces of a stream; leaving the loop early stops the stream. (Not every browser's streams can be iterated.) */
async function* pieces(stream: ByteStream): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await readPiece(reader);
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

async function readPiece(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>) {
  try {
    return await reader.read();
  } catch (error) {
    if (error instanceof MarquetryError) throw error;
    if (error instanceof DOMException) throw unreadable(error);
    throw fail("not-text", `The compressed file is damaged or cut off: ${messageOf(error)}`, {}, error);
  }
}
