// The native peers: a Python environment of the bench's own, and programs in it that answer line by line.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { must, root } from "../scripts/run.mjs";

const venv = join(root, ".cache", "bench", "venv");
const packages = ["scikit-learn==1.9.1", "threadpoolctl", "polars==2.1.0", "duckdb==2.0.0", "lifetimes==0.11.3"];

/** The environment's Python, made on first use. */
async function python() {
  const program = join(venv, "bin", "python");
  const ready = join(venv, "ready");
  const list = packages.join(" ");
  if (existsSync(ready) && readFileSync(ready, "utf8") === list) return program;
  await must("Making a Python environment", "python3", ["-m", "venv", venv]);
  await must("Installing the native peers", program, [
    "-m",
    "pip",
    "install",
    "-q",
    "--disable-pip-version-check",
    ...packages,
  ]);
  writeFileSync(ready, list);
  return program;
}

/**
 * Starts a program of bench/native on one thread. `ask(request)` sends one JSON line and gives the JSON line that comes back.
 * OpenBLAS picks its kernel for this processor by itself.
 */
export async function native(script, ...args) {
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", POLARS_MAX_THREADS: "1" };
  delete env.OPENBLAS_CORETYPE;
  delete env.OPENBLAS_L2_SIZE;
  const child = spawn(await python(), [join(root, "bench", "native", script), ...args], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`bench/native/${script} ended without an answer`);
    return JSON.parse(value);
  };
  return {
    about: await answer(),
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return answer();
    },
    close: () => child.stdin.end(),
  };
}
