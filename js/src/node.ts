import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { type Asset, notFound } from "./compile.js";
import { createOn, loadOn, type Platform } from "./create.js";
import { messageOf } from "./errors.js";
import type { Segmenter, SegmenterOptions } from "./types/entry.js";
import type { EngineModule, EngineSource } from "./types/host.js";

export * from "./exports.js";
export { mapRule } from "./recipe.js";
export { remake } from "./replay.js";

const node: Platform = {
  addresses: {
    engine: () => new URL("./engine.wasm", import.meta.url),
    exchange: () => new URL("./exchange.wasm", import.meta.url),
    workbook: () => new URL("./workbook.wasm", import.meta.url),
  },
  fetch: readAsset,
  hasWorker: () => false,
  cores: availableParallelism,
};

/** As in `index.ts`; works in this thread unless a worker is given. */
export function createSegmenter(options: SegmenterOptions = {}): Promise<Segmenter> {
  return createOn(node, options);
}

/** As in `index.ts`. */
export function loadEngine(source?: EngineSource): Promise<EngineModule> {
  return loadOn(node, "engine", source);
}

/** As in `index.ts`. */
export function loadWorkbook(source?: EngineSource): Promise<EngineModule> {
  return loadOn(node, "workbook", source);
}

/** As in `index.ts`. */
export function loadExchange(source?: EngineSource): Promise<EngineModule> {
  return loadOn(node, "exchange", source);
}

async function readAsset(address: URL | string, asset: Asset): Promise<ArrayBuffer> {
  const url = address instanceof URL ? address : URL.canParse(address) ? new URL(address) : pathToFileURL(address);
  try {
    if (url.protocol === "file:") return new Uint8Array(await readFile(url)).buffer;
    const response = await fetch(url);
    if (response.ok) return await response.arrayBuffer();
    throw new Error(`the server answered ${response.status}`);
  } catch (error) {
    throw notFound(asset, url, messageOf(error), error);
  }
}
