// Reads files, whole and damaged, in a process of its own: what became of each, how long it took, and the most memory there was.
//
//   node ordeal.mjs MODULE < {"cases": [{"name", "path", "options", "copies"}]}
//
// Prints one line of JSON for each reading, and one with the process's peak. MODULE is the package's entry.
import { readFileSync } from "node:fs";

// Memories of wasm never shrink: what they are at the end of a reading is its peak.
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    memories.push(this.exports.memory);
  }
};

const { createSegmenter, MarquetryError } = await import(process.argv[2]);
const { cases } = JSON.parse(readFileSync(0, "utf8"));

let state = 7;
/** A number below this one: the same ones for a file at every run. */
const below = (end) => (state = (state * 48_271) % 2_147_483_647) % Math.max(1, end);

/** A copy that is cut off (every third), or has bits flipped anywhere or near its end, where archives have their lists. */
function damaged(bytes, round) {
  if (round % 3 === 0) return bytes.slice(0, below(bytes.length));
  const copy = bytes.slice();
  const from = round % 3 === 1 ? Math.max(0, copy.length - 2_000) : 0;
  for (let flips = 0; flips <= round; flips++) copy[from + below(copy.length - from)] ^= 1 << below(8);
  return copy;
}

/** What a reading came to: a table, a typed error's code, or what must not be. */
function verdict(error) {
  const { cause } = error;
  if (cause instanceof WebAssembly.RuntimeError || cause instanceof RangeError) return `trap: ${cause.message}`;
  return error instanceof MarquetryError ? error.code : `untyped: ${error.stack}`;
}

const segmenter = await createSegmenter({ worker: "none" });
for (const { name, path, options, copies } of cases) {
  const bytes = new Uint8Array(readFileSync(path));
  state = 7;
  for (let round = -1; round < copies; round++) {
    const copy = round < 0 ? bytes : damaged(bytes, round);
    const began = process.cpuUsage();
    const preview = await segmenter.preview(copy, options).then(() => "table", verdict);
    const outcome = await segmenter.load(copy, options).then((table) => table.close().then(() => "table"), verdict);
    // Time of the processor, not of the clock: others may have the machine for seconds.
    const { user, system } = process.cpuUsage(began);
    const wasm = Math.max(...memories.map((memory) => memory.buffer.byteLength));
    // The engine's memory stays; a workbook's goes with it.
    memories.splice(1);
    const file = round < 0 ? name : `${name}, copy ${round}`;
    console.log(JSON.stringify({ file, preview, outcome, milliseconds: (user + system) / 1000, wasm }));
  }
}
console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024 }));
