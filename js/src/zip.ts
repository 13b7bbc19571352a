import type { ByteSource } from "./bytes.js";
import { fail } from "./errors.js";

/** The one file in an archive: where its bytes lie, how they are packed, and what they must come to. */
export interface ZippedFile {
  name: string;
  start: number;
  end: number;
  deflated: boolean;
  size: number;
  crc: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** A size of this value stands in a larger field (zip64), which single tables of text do not need. */
const ELSEWHERE = 0xffffffff;
/** Longest comment that may follow the end record. */
const COMMENT = 0xffff;

/** The one file in a zip archive; nothing if it is no zip, or is a workbook, which are zips of many parts. */
export async function zippedFile(source: ByteSource): Promise<ZippedFile | undefined> {
  const head = await view(source, 0, 4);
  if (head.byteLength < 4 || head.getUint32(0, true) !== LOCAL) return undefined;
  const files = (await entries(source)).filter(({ name }) => !isBeside(name));
  if (files.some(({ name }) => name === "[Content_Types].xml" || name === "mimetype")) return undefined;
  const [file, ...more] = files;
  if (file === undefined) throw fail("not-text", "The ZIP archive holds no file. Choose another one.");
  if (more.length > 0) {
    const names = files.slice(0, 5).map(({ name }) => `“${name}”`);
    const message = `The ZIP archive holds ${files.length} files (${names.join(", ")}${files.length > 5 ? ", …" : ""}), and one table is read at a time. Unpack it and choose the file you want.`;
    throw fail("unsupported", message, { suggestions: files.slice(0, 5).map(({ name }) => name) });
  }
  if (file.encrypted)
    throw fail("unsupported", `“${file.name}” in the ZIP archive is encrypted. Unpack it and load the file itself.`);
  if (file.method !== 0 && file.method !== 8) {
    throw fail(
      "unsupported",
      `“${file.name}” is packed in a way that browsers cannot unpack (method ${file.method}). Unpack it and load the file itself.`,
    );
  }
  const local = await view(source, file.at, file.at + 30);
  if (local.byteLength < 30 || local.getUint32(0, true) !== LOCAL) throw damaged();
  const start = file.at + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const end = start + file.packed;
  if (end > source.size) throw damaged();
  return { name: file.name, start, end, deflated: file.method === 8, size: file.size, crc: file.crc };
}

/** A file as an archive's table of contents lists it; `at` is where what belongs to it begins. */
export interface Entry {
  name: string;
  encrypted: boolean;
  method: number;
  crc: number;
  packed: number;
  size: number;
  at: number;
}

/** What the archive's table of contents lists. */
export async function entries(source: ByteSource): Promise<Entry[]> {
  const from = Math.max(0, source.size - 22 - COMMENT);
  const tail = await view(source, from, source.size);
  let at = tail.byteLength - 22;
  while (at >= 0 && !(tail.getUint32(at, true) === END && at + 22 + tail.getUint16(at + 20, true) <= tail.byteLength))
    at--;
  if (at < 0) throw damaged();
  const count = tail.getUint16(at + 10, true);
  const size = tail.getUint32(at + 12, true);
  const start = tail.getUint32(at + 16, true);
  if (count === 0xffff || size === ELSEWHERE || start === ELSEWHERE) throw tooLong();
  if (tail.getUint16(at + 8, true) !== count || start + size > from + at) throw damaged();
  const table = await view(source, start, start + size);
  const found: Entry[] = [];
  for (let place = 0; found.length < count; ) {
    if (place + 46 > size || table.getUint32(place, true) !== ENTRY) throw damaged();
    const length = table.getUint16(place + 28, true);
    const next = place + 46 + length + table.getUint16(place + 30, true) + table.getUint16(place + 32, true);
    if (next > size) throw damaged();
    const entry = {
      name: new TextDecoder().decode(new Uint8Array(table.buffer, table.byteOffset + place + 46, length)),
      encrypted: (table.getUint16(place + 8, true) & 1) === 1,
      method: table.getUint16(place + 10, true),
      crc: table.getUint32(place + 16, true),
      packed: table.getUint32(place + 20, true),
      size: table.getUint32(place + 24, true),
      at: table.getUint32(place + 42, true),
    };
    if (entry.packed === ELSEWHERE || entry.size === ELSEWHERE || entry.at === ELSEWHERE) throw tooLong();
    found.push(entry);
    place = next;
  }
  return found;
}

/** Folders, and what a Mac puts beside the files. */
function isBeside(name: string): boolean {
  return name.endsWith("/") || name.startsWith("__MACOSX/") || name.endsWith(".DS_Store");
}

async function view(source: ByteSource, start: number, end: number): Promise<DataView> {
  const bytes = await source.read(start, Math.min(end, source.size));
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The error for an archive that does not hold what it says. */
export function damaged(): Error {
  return fail(
    "not-text",
    "The ZIP archive is damaged or cut off. Get it again, or unpack it and load the file itself.",
  );
}

function tooLong(): Error {
  return fail(
    "unsupported",
    "The ZIP archive is of the kind for very large files (ZIP64). Unpack it and load the file itself.",
  );
}

/** The check sum of zip (CRC-32), piece by piece. */
export class CheckSum {
  #value = ELSEWHERE;

  add(bytes: Uint8Array): void {
    let value = this.#value;
    for (let at = 0; at < bytes.length; at++) {
      value = (TABLE[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8);
    }
    this.#value = value;
  }

  get value(): number {
    return (this.#value ^ ELSEWHERE) >>> 0;
  }
}

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
