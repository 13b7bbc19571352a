// Runs a test program compiled for wasm32-wasip1: cargo calls it as the target's runner.
//
// Node 20 itself crashes now and then (a signal, no exit code) at the end of long programs, whatever they tested. So the
// program runs in a process of its own, and one that died by a signal is run again, a few times, and said; an exit code is
// final at once.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { WASI } from "node:wasi";

const ATTEMPTS = 4;
const [program, ...args] = process.argv.slice(2);
if (process.env.MARQUETRY_WASI === undefined) {
  const node = ["--no-warnings", fileURLToPath(import.meta.url), program, ...args];
  const env = { ...process.env, MARQUETRY_WASI: "1" };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, node, { env, maxBuffer: 2 ** 28 });
    if (signal !== null && attempt < ATTEMPTS) {
      console.error(`${program}: Node died by ${signal}; run again (${attempt} of ${ATTEMPTS - 1})`);
      continue;
    }
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    process.exitCode = status ?? 1;
    break;
  }
} else {
  // The program's exit ends the process at once, without an exception through its frames.
  const preopens = { "/": "/" };
  const wasi = new WASI({ version: "preview1", args: [program, ...args], env: {}, preopens, returnOnExit: false });
  const module = await WebAssembly.compile(await readFile(program));
  wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
}
