import { aided, unaided } from "./bring.js";
import { LocalEngine } from "./local.js";
import { buffersOf, type Others, type Reply, type Request, toWire } from "./protocol.js";

/** What a worker's global scope offers; the same names in a dedicated worker and in an adapter around Node's. */
interface Scope {
  onmessage: ((event: { data: Request }) => void) | null;
  postMessage(message: Reply, transfer?: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
const stops = new Map<number, AbortController>();
let engine: LocalEngine | undefined;

/** As this worker was started, another can be. Whoever made it from a file of his own may have a policy against that. */
const bring = globalThis.location?.protocol === "blob:" ? aided : unaided;

scope.onmessage = ({ data }) => {
  if (data.type === "start") start(data.module);
  else if (data.type === "abort") stops.get(data.id)?.abort();
  else if (data.type === "part") take(data);
  else void answer(data);
};

function start(module: object): void {
  try {
    engine = new LocalEngine(module, bring);
    scope.postMessage({ type: "ready" });
  } catch (error) {
    scope.postMessage({ type: "refused", error: toWire(error) });
  }
}

/** Parts that other engines were asked for. */
const asked = new Map<number, (part: Uint8Array | undefined) => void>();
let asks = 0;

function take({ ask, part }: Request & { type: "part" }): void {
  asked.get(ask)?.(part);
  asked.delete(ask);
}

/** The other engines, which only the page's side can start. */
function others(id: number, count: number): Others {
  return {
    count,
    ask: (other, help) =>
      new Promise((resolve) => {
        asks += 1;
        asked.set(asks, resolve);
        scope.postMessage({ type: "ask", id, ask: asks, other, help }, buffersOf(help));
      }),
  };
}

async function answer({ id, method, params, others: count }: Request & { type: "call" }): Promise<void> {
  if (engine === undefined) throw new Error("A call came before the start.");
  const stop = new AbortController();
  stops.set(id, stop);
  try {
    const value = await engine.call(method, params as never, {
      signal: stop.signal,
      others: others(id, count),
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
