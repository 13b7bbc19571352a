import type { Engine, Work } from "./engine.js";
import { aborted, closed, fail, type MarquetryError, messageOf } from "./errors.js";
import { buffersOf, fromWire, type Method, type Params, type Reply, type Request, type Result } from "./protocol.js";
import type { EngineModule, WorkerLike } from "./types/host.js";

/** When an abort is still unheard after this, its request is rejected all the same: nobody waits longer. */
const PROMISED_MS = 150;

/** When it is still unheard after this, the worker is ended by force. A busy machine alone does not take that long. */
const PATIENCE_MS = 1_000;

/** How long a worker may take to start. */
const START_MS = 30_000;

/** A request under way; either end settles it, and it is settled once. */
interface Pending {
  job: Work;
  resolve(value: unknown): void;
  reject(error: Error): void;
  /** Heard when the caller's signal aborts. */
  stop(): void;
}

/** The engine in a worker. */
export class RemoteEngine implements Engine {
  #worker: WorkerLike;
  #pending = new Map<number, Pending>();
  /** Requests that were stopped and of which the worker has not yet said that it has. */
  #unheard = new Set<number>();
  #last = 0;
  #death: MarquetryError | undefined;

  private constructor(worker: WorkerLike) {
    this.#worker = worker;
  }

  get death(): MarquetryError | undefined {
    return this.#death;
  }

  /** Hands the compiled module to a fresh worker; settles when the engine in it is ready to answer. */
  static start(worker: WorkerLike, module: EngineModule): Promise<RemoteEngine> {
    const engine = new RemoteEngine(worker);
    return new Promise((resolve, reject) => {
      const silence = setTimeout(() => refuse(cannotStart(new Error("It did not answer."))), START_MS);
      const refuse = (error: Error) => {
        clearTimeout(silence);
        worker.terminate();
        reject(error);
      };
      worker.onerror = (event) => refuse(cannotStart(event));
      // A message that cannot be read would leave its request waiting for ever.
      Object.assign(worker, { onmessageerror: (event: unknown) => engine.#die(brokeDown(event)) });
      worker.onmessage = ({ data }) => {
        const reply = data as Reply;
        if (reply.type === "refused") return refuse(fromWire(reply.error));
        clearTimeout(silence);
        worker.onmessage = (event) => engine.#hear(event.data as Reply);
        worker.onerror = (event) => engine.#die(brokeDown(event));
        resolve(engine);
      };
      const request: Request = { type: "start", module };
      worker.postMessage(request);
    });
  }

  call<M extends Method>(method: M, params: Params<M>, job: Work = {}): Promise<Result<M>> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    if (job.signal?.aborted) return Promise.reject(aborted(job.signal));
    const id = ++this.#last;
    return new Promise<unknown>((resolve, reject) => {
      const stop = () => this.#stop(id);
      this.#pending.set(id, { job, resolve, reject, stop });
      job.signal?.addEventListener("abort", stop, { once: true });
      try {
        this.#post({ type: "call", id, method, params, others: job.others?.count ?? 0 }, buffersOf(params));
      } catch (error) {
        const message = `An option cannot be handed over: ${messageOf(error)}`;
        this.#take(id)?.reject(fail("bad-option", message, {}, error));
      }
    }) as Promise<Result<M>>;
  }

  close(): void {
    this.#die(closed());
  }

  #post(request: Request, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  #hear(reply: Reply): void {
    if (reply.type === "result" || reply.type === "error") this.#unheard.delete(reply.id);
    if (reply.type === "crash") this.#die(fromWire(reply.error) as MarquetryError);
    else if (reply.type === "progress") tell(this.#pending.get(reply.id)?.job, reply);
    else if (reply.type === "ask") void this.#ask(reply);
    else if (reply.type === "result") this.#take(reply.id)?.resolve(reply.value);
    else if (reply.type === "error") {
      const pending = this.#take(reply.id);
      pending?.reject(fromWire(reply.error, pending.job.signal));
    }
  }

  /** Has another engine do what the worker asks for, and hands it on. */
  async #ask({ id, ask, other, help }: Reply & { type: "ask" }): Promise<void> {
    const part = await this.#pending.get(id)?.job.others?.ask(other, help);
    if (this.#death === undefined) this.#post({ type: "part", ask, part }, buffersOf(part));
  }

  /** The request of this id, to be settled; nobody else will find it any more. */
  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.job.signal?.removeEventListener("abort", pending.stop);
    return pending;
  }

  /** Asks the worker to stop a request. If it does not hear, it is ended, and all its handles with it. */
  #stop(id: number): void {
    this.#unheard.add(id);
    this.#post({ type: "abort", id });
    setTimeout(() => {
      const pending = this.#take(id);
      pending?.reject(aborted(pending.job.signal));
    }, PROMISED_MS);
    setTimeout(() => this.#unheard.has(id) && this.#die(restarted()), PATIENCE_MS);
  }

  /** Ends the worker and settles whatever is under way. */
  #die(death: MarquetryError): void {
    if (this.#death !== undefined) return;
    this.#death = death;
    this.#worker.onmessage = null;
    this.#worker.onerror = null;
    this.#worker.terminate();
    for (const id of [...this.#pending.keys()]) {
      const pending = this.#take(id);
      const signal = pending?.job.signal;
      pending?.reject(signal?.aborted ? aborted(signal) : death);
    }
  }
}

function tell(job: Work | undefined, { progress }: Reply & { type: "progress" }): void {
  if (!job?.signal?.aborted) job?.onProgress?.(progress);
}

function restarted(): MarquetryError {
  const hint = "Tables and studies from before are gone; the next call runs in a fresh engine.";
  const message = `The engine was restarted, since work that had to stop could not. Load the file again. ${hint}`;
  return fail("engine-restarted", message, { hint });
}

function cannotStart(event: unknown): Error {
  const hint = "The page's content security policy must allow “worker-src blob:” and “script-src 'wasm-unsafe-eval'”.";
  return fail("csp-blocked", `The engine's worker could not be started. ${hint} ${reasonOf(event)}`.trim(), { hint });
}

function brokeDown(event: unknown): MarquetryError {
  const hint = "A fresh engine starts with the next call; load the file again.";
  return fail("engine-crashed", `The engine's worker broke down. ${hint} ${reasonOf(event)}`.trim(), { hint });
}

function reasonOf(event: unknown): string {
  if (typeof event === "object" && event !== null && "message" in event && typeof event.message === "string")
    return event.message;
  return event instanceof Error ? event.message : "";
}
