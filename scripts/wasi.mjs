// Runs a test program compiled for wasm32-wasip1: cargo calls it as the target's runner.
import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { WASI } from "node:wasi";

// Calls from compiled code straight into Node's WASI may collect garbage, which such calls must not: the collector finds a
// stack it does not know, and Node dies by signal 11, mostly at the end of long programs (nodejs/node#46777).
setFlagsFromString("--no-turbo-fast-api-calls");

const [program, ...args] = process.argv.slice(2);
// The program's exit ends the process at once, without an exception through its frames.
const wasi = new WASI({
  version: "preview1",
  args: [program, ...args],
  preopens: { "/": "/" },
  returnOnExit: false,
});
const module = await WebAssembly.compile(await readFile(program));
wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
