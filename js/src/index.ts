import { type Asset, notFound } from "./compile.js";
import { createOn, loadOn, type Platform } from "./create.js";
import { messageOf } from "./errors.js";
import type { Segmenter, SegmenterOptions } from "./types/entry.js";
import type { EngineModule, EngineSource } from "./types/host.js";

export * from "./exports.js";
export { mapRule } from "./recipe.js";
export { remake } from "./replay.js";

const browser: Platform = {
  // Written out in one piece: this is the form that bundlers recognise.
  addresses: {
    engine: () => new URL("./engine.wasm", import.meta.url),
    exchange: () => new URL("./exchange.wasm", import.meta.url),
    workbook: () => new URL("./workbook.wasm", import.meta.url),
  },
  fetch: fetchAsset,
  hasWorker: () => typeof Worker === "function",
  cores: () => navigator.hardwareConcurrency || 1,
};

/**
 * Makes a segmenter: fetches the engine, compiles it and starts it (in browsers: in a worker).
 *
 * @throws MarquetryError `asset-not-found`, `csp-blocked`, `unsupported` or `bad-option`.
 */
export function createSegmenter(options: SegmenterOptions = {}): Promise<Segmenter> {
  return createOn(browser, options);
}

/**
 * Fetches and compiles the engine without starting it. A page that wants to forbid itself all requests before it reads a
 * file calls this first, then sets its policy, then calls `createSegmenter({ wasm: engine })`: that makes no request.
 */
export function loadEngine(source?: EngineSource): Promise<EngineModule> {
  return loadOn(browser, "engine", source);
}

/**
 * The same for the module that reads workbooks (XLSX, XLSM, ODS): `createSegmenter({ wasm, workbook })` makes no request
 * for them later.
 */
export function loadWorkbook(source?: EngineSource): Promise<EngineModule> {
  return loadOn(browser, "workbook", source);
}

/**
 * The same for the module that says rules in other languages (SQL): `createSegmenter({ wasm, exchange })` makes no request
 * for it later.
 */
export function loadExchange(source?: EngineSource): Promise<EngineModule> {
  return loadOn(browser, "exchange", source);
}

async function fetchAsset(address: URL | string, asset: Asset): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw notFound(asset, address, `the request failed (${messageOf(error)}); a policy may forbid it`, error);
  }
  if (!response.ok) throw notFound(asset, address, `the server answered ${response.status}`);
  return response.arrayBuffer();
}
