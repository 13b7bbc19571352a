import { studyAnswers } from "./answer-study.js";
import { tableAnswers } from "./answer-table.js";
import type { Answers, Desk } from "./answers.js";
import type { Engine } from "./engine.js";
import { aborted, closed, type MarquetryError } from "./errors.js";
import type { Method, Params, Result } from "./protocol.js";
import { runOf } from "./run.js";
import type { EngineModule, Job } from "./types/host.js";
import { crash, isCurrent, openNative, understand } from "./wasm.js";

const answers: Answers<Method> = { ...tableAnswers, ...studyAnswers };

/** The engine in this thread. It works in slices, so that the thread stays responsive and aborts are heard. */
export class LocalEngine implements Engine {
  #desk: Desk;
  #generation: number;
  #death: MarquetryError | undefined;

  constructor(module: EngineModule) {
    const { native, generation } = openNative(module);
    this.#desk = { native, sources: new Map() };
    this.#generation = generation;
  }

  get death(): MarquetryError | undefined {
    // All sessions of a thread share an instance: when another one's work broke it, this one is gone too.
    if (this.#death === undefined && !isCurrent(this.#generation))
      this.#death = crash("other work in this thread broke it");
    return this.#death;
  }

  async call<M extends Method>(method: M, params: Params<M>, job: Job = {}): Promise<Result<M>> {
    const run = runOf(job, () => {
      if (this.death !== undefined) throw this.death;
    });
    try {
      run.check();
      const answer = await answers[method](this.#desk, params, run);
      run.check();
      return answer;
    } catch (thrown) {
      if (job.signal?.aborted && this.death === undefined) throw aborted(job.signal);
      const { error, crashed } = understand(thrown);
      if (crashed) this.#death = error as MarquetryError;
      throw error;
    }
  }

  close(): void {
    if (this.death !== undefined) return;
    this.#death = closed();
    this.#desk.sources.clear();
    this.#desk.native.free();
  }
}
