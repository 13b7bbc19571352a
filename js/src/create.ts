import { startBlobWorker } from "./blob-worker.js";
import { compile, type Fetch } from "./compile.js";
import type { Engine } from "./engine.js";
import { fail } from "./errors.js";
import { LocalEngine } from "./local.js";
import { RemoteEngine } from "./remote.js";
import { SegmenterHandle } from "./segmenter.js";
import type { Segmenter, SegmenterOptions } from "./types/entry.js";
import type { EngineModule, EngineSource } from "./types/host.js";

/** What differs between a browser and Node. */
export interface Platform {
  /** Where the engine lies when nobody says. */
  engineAddress(): URL;
  fetch: Fetch;
  /** Whether work is done in a worker when nobody says. */
  hasWorker(): boolean;
}

/** Fetches and compiles the engine without starting it. */
export function loadEngineOn(platform: Platform, source?: EngineSource): Promise<EngineModule> {
  return compile(source ?? platform.engineAddress(), platform.fetch);
}

/** Makes a segmenter. */
export async function createOn(platform: Platform, options: SegmenterOptions): Promise<Segmenter> {
  const { worker = "auto", workers = "auto" } = options;
  if (worker !== "auto" && worker !== "none" && typeof worker !== "function") {
    throw fail("bad-option", "The option “worker” is “auto”, “none”, or a function that makes a worker.");
  }
  if (workers !== "auto" && !(Number.isInteger(workers) && workers > 0)) {
    throw fail("bad-option", "The option “workers” is “auto” or a whole number from 1.");
  }
  const module = await loadEngineOn(platform, options.wasm);
  const start = async (): Promise<Engine> => {
    if (typeof worker === "function") return RemoteEngine.start(worker(), module);
    if (worker === "auto" && platform.hasWorker()) return RemoteEngine.start(startBlobWorker(), module);
    return new LocalEngine(module);
  };
  return SegmenterHandle.open(start);
}
