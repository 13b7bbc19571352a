import { studyAnswers } from "./answer-study.js";
import { tableAnswers } from "./answer-table.js";
import type { Answers, Desk } from "./answers.js";
import { type Bring, unaided } from "./bring.js";
import type { Engine, Work } from "./engine.js";
import { aborted, closed, type MarquetryError } from "./errors.js";
import type { Method, Params, Result } from "./protocol.js";
import { runOf } from "./run.js";
import type { EngineModule } from "./types/host.js";
import { type Instance, instantiate, understand } from "./wasm.js";

const answers: Answers<Method> = { ...tableAnswers, ...studyAnswers };

/** The engine in this thread. It works in slices, so that the thread stays responsive and aborts are heard. */
export class LocalEngine implements Engine {
  /** Let go of with the engine's life, so that its memory can be taken back though handles still point here. */
  #living: { instance: Instance; desk: Desk } | undefined;
  #death: MarquetryError | undefined;

  constructor(module: EngineModule, bring: Bring = unaided) {
    const instance = instantiate(module);
    this.#living = { instance, desk: { native: instance.native, sources: new Map(), readings: new Map(), bring } };
  }

  get death(): MarquetryError | undefined {
    return this.#death;
  }

  async call<M extends Method>(method: M, params: Params<M>, job: Work = {}): Promise<Result<M>> {
    const living = this.#living;
    if (living === undefined) throw this.#death;
    const run = runOf(job, () => {
      if (this.#death !== undefined) throw this.#death;
    });
    try {
      run.check();
      const answer = await answers[method](living.desk, params, run);
      run.check();
      return answer;
    } catch (thrown) {
      if (this.#death !== undefined) throw this.#death;
      const { error, crashed } = understand(thrown, living.instance);
      if (crashed) this.#die(error as MarquetryError);
      throw job.signal?.aborted ? aborted(job.signal) : error;
    }
  }

  close(): void {
    this.#die(closed());
  }

  #die(death: MarquetryError): void {
    this.#death ??= death;
    this.#living = undefined;
  }
}
