import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSegmenter, type Segmenter, type Source, type Table } from "./support/marquetry.js";

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter({ worker: "none" });
});
afterAll(() => segmenter.close());

/** A file of more than two pieces, full of characters that take several bytes. */
function text(shift: number, names: string[]): string {
  const row = (at: number) =>
    `${at};${names[at % names.length]}${names[at % 7] ?? ""};${at % 90},5;2026-0${1 + (at % 9)}-11`;
  return `id${"x".repeat(shift)};name;amount;day\n${Array.from({ length: 80_000 }, (_, at) => row(at)).join("\n")}\n`;
}

/** Writes text in an encoding for which the platform has a decoder only: of one or two bytes for each character, or as told. */
function encoder(label: string, more: Record<string, number[]> = {}): (text: string) => Uint8Array<ArrayBuffer> {
  const known = new Map<string, number[]>(Object.entries(more));
  const decoder = new TextDecoder(label);
  const learn = (...bytes: number[]) => {
    const letter = decoder.decode(new Uint8Array(bytes));
    if ([...letter].length === 1 && letter !== "\uFFFD" && !known.has(letter)) known.set(letter, bytes);
  };
  for (let one = 0; one < 256; one++) learn(one);
  if (!known.has("京") && label !== "windows-1251")
    for (let lead = 0x81; lead < 0xff; lead++) for (let trail = 0x40; trail < 0xff; trail++) learn(lead, trail);
  return (text) =>
    Uint8Array.from(
      [...text].flatMap((letter) => known.get(letter) ?? expect.unreachable(`${label} has no ${letter}`)),
    );
}

const wide = (big: boolean) => (text: string) => {
  const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
  return new Uint8Array(big ? bytes.swap16() : bytes);
};
const latin = ["Zoë", "Łódź", "京都", "a😀b", "“Q”"];
const encodings: [string, string[], (text: string) => Uint8Array<ArrayBuffer>][] = [
  ["utf-8", latin, (text) => new TextEncoder().encode(text)],
  ["utf-16le", latin, wide(false)],
  ["utf-16be", latin, wide(true)],
  ["shift_jis", ["京都", "ｻｸﾗ", "サクラa", "表"], encoder("shift_jis")],
  [
    "gb18030",
    ["京都", "Zoö", "a😀b", "龙"],
    encoder("gb18030", { "😀": [0x94, 0x39, 0xfc, 0x36], ö: [0x81, 0x30, 0x8b, 0x32] }),
  ],
  ["windows-1251", ["Москва", "Жанна"], encoder("windows-1251")],
];

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Everything a table says, but for the name of its encoding. */
async function fingerprint(table: Table): Promise<string> {
  const hash = createHash("sha256");
  const { columns, findings, dialect, rowCount } = table;
  const { decimal, delimiter, header } = dialect;
  hash.update(JSON.stringify([columns, findings, decimal, delimiter, header, rowCount]));
  for (const { name } of columns) {
    const values = await table.column(name);
    hash.update(ArrayBuffer.isView(values) ? new Uint8Array(values.buffer) : JSON.stringify(values));
  }
  hash.update(JSON.stringify(await table.rows({ raw: true, offset: 65_530, limit: 20 })));
  await table.close();
  return hash.digest("hex");
}

test.each(encodings)("any split of %s gives the same table", async (encoding, names, encode) => {
  for (const shift of [0, 1, 2, 3]) {
    // One letter more in the header moves every boundary of pieces to another byte of the characters.
    const plain = text(shift, names);
    const bytes = encode(plain);
    expect(bytes.length).toBeGreaterThan(2 << 20);
    expect(new TextDecoder(encoding).decode(bytes)).toBe(plain);
    const expected = await fingerprint(await segmenter.load(plain));
    const packed = gzipSync(bytes, { level: 1 });
    const sources: Source[] = [bytes, new Blob([bytes]), inPieces(bytes, 99_991), inPieces(packed, 7_919)];
    for (const source of sources) expect(await fingerprint(await segmenter.load(source, { encoding }))).toBe(expected);
  }
});
