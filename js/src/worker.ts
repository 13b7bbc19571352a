import { LocalEngine } from "./local.js";
import { buffersOf, type Reply, type Request, toWire } from "./protocol.js";

/** What a worker's global scope offers; the same names in a dedicated worker and in an adapter around Node's. */
interface Scope {
  onmessage: ((event: { data: Request }) => void) | null;
  postMessage(message: Reply, transfer?: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
const stops = new Map<number, AbortController>();
let engine: LocalEngine | undefined;

scope.onmessage = ({ data }) => {
  if (data.type === "start") start(data.module);
  else if (data.type === "abort") stops.get(data.id)?.abort();
  else void answer(data);
};

function start(module: object): void {
  try {
    engine = new LocalEngine(module);
    scope.postMessage({ type: "ready" });
  } catch (error) {
    scope.postMessage({ type: "refused", error: toWire(error) });
  }
}

async function answer({ id, method, params }: Request & { type: "call" }): Promise<void> {
  if (engine === undefined) throw new Error("A call came before the start.");
  const stop = new AbortController();
  stops.set(id, stop);
  try {
    const value = await engine.call(method, params as never, {
      signal: stop.signal,
      onProgress: (progress) => scope.postMessage({ type: "progress", id, progress }),
    });
    scope.postMessage({ type: "result", id, value }, buffersOf(value));
  } catch (error) {
    // A broken engine takes every request with it: the other side hears of it once and ends this worker.
    scope.postMessage(
      engine.death === undefined
        ? { type: "error", id, error: toWire(error) }
        : { type: "crash", error: toWire(error) },
    );
  } finally {
    stops.delete(id);
  }
}
