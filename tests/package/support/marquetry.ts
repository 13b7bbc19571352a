import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, inject } from "vitest";
import type { SegmenterOptions, WorkerLike } from "../../../js/src/exports.js";

export type * from "../../../js/src/exports.js";

/** The installed package, where its own export map says. */
export const home = join(inject("consumer"), "node_modules/marquetry");
export const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
const entry: typeof import("../../../js/src/node.js") = await import(
  pathToFileURL(join(home, manifest.exports["."].node)).href
);
export const { createSegmenter, loadEngine, loadExchange, loadWorkbook, MarquetryError, remake } = entry;

/** What the worker's file says; run inside one of Node's workers, which need a few names to look like a browser's. */
const workerCode = `
  const { parentPort } = require("node:worker_threads");
  globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
  parentPort.on("message", (data) => globalThis.onmessage?.({ data }));
  ${readFileSync(join(home, manifest.exports["./worker"].default), "utf8")}`;

/** One of Node's workers that looks like a browser's. `deaf` ones never hear that they should stop; `before` runs in it first. */
export function nodeWorker({ deaf = false, before = "" } = {}): WorkerLike {
  const worker = new Worker(before + workerCode, { eval: true });
  worker.unref();
  const like: WorkerLike = {
    onmessage: null,
    onerror: null,
    postMessage(message, transfer) {
      if (deaf && (message as { type: string }).type === "abort") return;
      worker.postMessage(message, transfer as ArrayBuffer[]);
    },
    terminate: () => void worker.terminate(),
  };
  worker.on("message", (data) => like.onmessage?.({ data }));
  worker.on("error", (error) => like.onerror?.(error));
  return like;
}

/** Both places where the engine can run. */
export const places: [string, SegmenterOptions][] = [
  ["this thread", { worker: "none" }],
  ["a worker", { worker: () => nodeWorker() }],
];

/** The code of the error that a promise is rejected with; fails when it is fulfilled. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => expect.unreachable("the promise was fulfilled"),
    (reason: unknown) => reason,
  );
  if (error instanceof MarquetryError) return error.code;
  return error instanceof Error ? error.name : String(error);
}

/** A generated table: three columns of numbers, one of text. The same for the same number of rows. */
export function numbers(rows: number): string {
  const lines = ["a,b,c,d"];
  let state = 1;
  const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let row = 0; row < rows; row++) {
    const side = row % 3;
    lines.push(`${(next() + side * 2).toFixed(6)},${(next() - side).toFixed(6)},${next().toFixed(6)},x${row % 7}`);
  }
  return lines.join("\n");
}

const shared = fileURLToPath(new URL("../../../../shared/", import.meta.url));

/** A file of the real data beside the repository, or nothing where that folder is absent. */
export function dataFile(name: string): string | undefined {
  return sharedFile("data", name);
}

/** A file of one of the folders beside the repository, or nothing where it is absent. */
export function sharedFile(...path: string[]): string | undefined {
  const full = join(shared, ...path);
  return existsSync(full) ? full : undefined;
}
