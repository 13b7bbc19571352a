import { startBlobWorker } from "./blob-worker.js";
import { type Asset, compile, type Fetch } from "./compile.js";
import type { Engine } from "./engine.js";
import { fail } from "./errors.js";
import { Exchange } from "./exchange.js";
import { LocalEngine } from "./local.js";
import { RemoteEngine } from "./remote.js";
import { SegmenterHandle } from "./segmenter.js";
import type { Segmenter, SegmenterOptions } from "./types/entry.js";
import type { EngineModule, EngineSource } from "./types/host.js";
import { workerSource } from "./worker-source.js";

/** What differs between a browser and Node. */
export interface Platform {
  /** Where the modules lie when nobody says. */
  addresses: Record<Asset, () => URL>;
  fetch: Fetch;
  /** Whether work is done in a worker when nobody says. */
  hasWorker(): boolean;
  /** How many can work at once. */
  cores(): number;
}

/**
 * Engines by default. The browser itself needs a core to bring a file's bytes: with two cores a second engine only takes
 * that away (measured: slower than one). More than four gain little, since one of them joins what all others read.
 */
function workersFor(cores: number): number {
  return Math.max(1, Math.min(cores - 2, 4));
}

/** Fetches and compiles a module without starting it. */
export function loadOn(platform: Platform, asset: Asset, source?: EngineSource): Promise<EngineModule> {
  return compile(asset, source ?? platform.addresses[asset](), platform.fetch);
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
  const module = await loadOn(platform, "engine", options.wasm);
  // Who makes the worker decides about more of them, too.
  const alone = worker === "none" || (workers === "auto" && (worker !== "auto" || !platform.hasWorker()));
  const count = workers === "auto" ? workersFor(platform.cores()) : workers;
  const start = async (): Promise<Engine> => {
    if (typeof worker === "function") return RemoteEngine.start(worker(), module);
    if (worker === "auto" && platform.hasWorker())
      return RemoteEngine.start(startBlobWorker(workerSource, "marquetry"), module);
    return new LocalEngine(module);
  };
  // Most files are no workbooks, and most rules stay here: such modules are fetched when they are first needed.
  const workbooks = kept(() => loadOn(platform, "workbook", options.workbook));
  const exchange = new Exchange(kept(() => loadOn(platform, "exchange", options.exchange)));
  return SegmenterHandle.open(start, workbooks, exchange, alone ? 0 : count - 1);
}

/** Loads once; again only if that failed. */
function kept(load: () => Promise<EngineModule>): () => Promise<EngineModule> {
  let loading: Promise<EngineModule> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
