import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { home, manifest } from "./marquetry.js";

/** Pages of 64 KiB that such a module may have above what it starts with. */
const SPARE = 128;

/**
 * A module of the package with a ceiling on its memory, so that a file can be too large for it: a real trap, without a hook for tests in
 * the product. Only the memory section of the module is written anew.
 */
export async function smallEngine(file: "engine.wasm" | "workbook.wasm" = "engine.wasm"): Promise<Uint8Array> {
  const bytes = new Uint8Array(await readFile(join(home, manifest.exports[`./${file}`].default)));
  let at = 8;
  while (at < bytes.length) {
    const [size, start] = number(bytes, at + 1);
    if (bytes[at] === 5) {
      const [pages] = number(bytes, start + 2);
      const memory = [1, 1, ...encode(pages), ...encode(pages + SPARE)];
      return Uint8Array.from([
        ...bytes.subarray(0, at),
        5,
        ...encode(memory.length),
        ...memory,
        ...bytes.subarray(start + size),
      ]);
    }
    at = start + size;
  }
  throw new Error("The module has no memory.");
}

/** A number of the binary format (LEB128) and where the next thing stands. */
function number(bytes: Uint8Array, at: number): [number, number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value |= (byte & 127) << shift;
    if (byte < 128) return [value, at];
  }
}

function encode(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...encode(value >> 7)];
}
