/** What lies on the desk: the engine's handles behind the plain data in state.ts, and how one piece of work is run. */
import {
  type ClusterModel,
  type Grouping,
  type LoadOptions,
  MarquetryError,
  type RfmGrouping,
  type Segment,
  type Segmenter,
  type Study,
  type Table,
} from "../engine.ts";
import type { Problem } from "../model.ts";
import type { AxisName, Bands } from "../rfm/shapes.ts";
import { emptyDraft, lead, state } from "../state.ts";

/** The seed of everything random here; it stands in the recipe. */
export const SEED = 1;

/** What long work is given. */
export type Job = Required<Pick<LoadOptions, "signal" | "onProgress">>;

/** A file: as it was read, and with its repairs. Undoing goes back to what was read. */
export interface Paper {
  file: File;
  loaded: Table;
  table: Table;
}

export class Desk {
  /** One file, or customers and orders; in the order of `state.leaves`. */
  papers: Paper[] = [];
  /** One row a customer; the same table when the file already was so. */
  customers: Table | undefined;
  study: Study | undefined;
  /** The earlier customers that were compared with, as long as rules can ask who they were. */
  before: Study | undefined;
  /** The column of money, missing as NaN. */
  revenue: Float64Array | undefined;
  rfm: RfmGrouping | undefined;
  /** What RFM is made of, by customer; without an order NaN. */
  axes: Record<AxisName, Float64Array> | undefined;
  /** The nested bands that were last asked for. */
  bands: Bands | undefined;
  stages: Grouping | undefined;
  clustering: ClusterModel | undefined;
  /** Makes it again, the same, in another study of the same customers. */
  clusterAgain: ((study: Study, job: Job) => Promise<ClusterModel>) | undefined;
  segments = new Map<string, Segment>();
  /** By name. */
  tiers = new Map<string, Grouping>();
  /** Who is kept out of a campaign, to see what it does. */
  holdout: Grouping | undefined;
  /** Settles when no segment is there that only helps to look at the rule being written. */
  scratch: Promise<unknown> = Promise.resolve();
  /** Whom everything leaves out: those of a rule, or those that a file lists. */
  excluded: string | File | null = null;
  /** Makes everything on the desk again after the engine has died. */
  revive: () => Promise<void> = async () => undefined;
  #controller: AbortController | undefined;

  constructor(readonly segmenter: Segmenter) {}

  /** The file that is studied. */
  get file(): File | undefined {
    return this.papers[lead.value]?.file;
  }

  /** The same as a table, with its repairs. */
  get table(): Table | undefined {
    return this.papers[lead.value]?.table;
  }

  cancel(): void {
    this.#controller?.abort();
    this.keep(undefined);
  }

  #chosen: ((only: string[] | undefined) => void) | undefined;

  /** Waits for the columns to keep of a file that is too large; nothing comes where it is not read at all. */
  choose(): Promise<string[] | undefined> {
    this.keep(undefined);
    return new Promise((resolve) => {
      this.#chosen = resolve;
    });
  }

  /** Answers that question. */
  keep(only: string[] | undefined): void {
    this.#chosen?.(only);
    this.#chosen = undefined;
  }

  /** Asks the browser for a file, as a person’s click does. */
  chooseFile(): void {
    document.getElementById("chooser")?.click();
  }

  /** Runs one piece of work with progress and Cancel; nothing comes back when it failed or was cancelled. */
  async run<T>(title: string, work: (job: Job) => Promise<T>): Promise<T | undefined> {
    this.cancel();
    const own = new AbortController();
    this.#controller = own;
    const began = performance.now();
    state.running.value = { title, phase: "", ratio: 0, rows: undefined, began };
    try {
      const result = await work({
        signal: own.signal,
        onProgress: ({ phase, ratio, rows }) => {
          if (this.#controller === own) state.running.value = { title, phase, ratio, rows, began };
        },
      });
      if (own.signal.aborted) return undefined;
      state.problem.value = null;
      say(`${title}: done`);
      return result;
    } catch (error) {
      if (own.signal.aborted) {
        say(`${title}: cancelled`);
        void this.lookAfterEngine();
      } else this.fail(error);
      return undefined;
    } finally {
      if (this.#controller === own) {
        this.#controller = undefined;
        state.running.value = null;
      }
    }
  }

  /** What went wrong last, and what would mend it at once, by the words of its button. */
  failure: unknown;
  remedies: Record<string, () => void> = {};

  /** Shows what went wrong, or mends it where the engine itself has died. */
  fail(error: unknown): void {
    this.failure = error;
    if (isDeath(error)) void this.revive();
    else state.problem.value = inWords(error);
  }

  /** Work that does not stop in time costs the engine its life; any call on an old handle tells. */
  async lookAfterEngine(): Promise<void> {
    try {
      await this.table?.rows({ limit: 1 });
    } catch (error) {
      if (isDeath(error)) await this.revive();
    }
  }

  /** Puts away everything that was made from the table, and frees it. */
  async clearStudy(): Promise<void> {
    const own = this.papers.every(({ table }) => table !== this.customers);
    const old = [this.before, this.before?.table, this.study, own ? this.customers : undefined];
    this.before = undefined;
    this.study = undefined;
    this.customers = undefined;
    this.revenue = undefined;
    this.rfm = undefined;
    this.axes = undefined;
    this.bands = undefined;
    this.stages = undefined;
    this.clustering = undefined;
    this.segments = new Map();
    this.tiers = new Map();
    this.holdout = undefined;
    this.excluded = null;
    state.tiers.value = [];
    state.templates.value = [];
    state.imported.value = null;
    state.sql.value = null;
    state.exclusion.value = null;
    state.parameters.value = {};
    state.study.value = null;
    if (state.project.value) state.project.value = { ...state.project.value, made: [], lacking: [], skipped: [] };
    state.compared.value = null;
    state.waits.value = null;
    state.trend.value = null;
    state.review.value = null;
    state.holdout.value = null;
    state.rfm.value = null;
    state.strips.value = null;
    state.inside.value = null;
    state.agreement.value = null;
    state.concentration.value = null;
    state.overlap.value = null;
    state.clusters.value = null;
    state.search.value = null;
    state.shapes.value = new Map();
    state.lassoed.value = null;
    state.faces.value = null;
    state.profiled.value = null;
    state.estimate.value = null;
    state.check.value = null;
    state.range.value = null;
    state.risk.value = null;
    state.cohorts.value = null;
    state.stages.value = null;
    state.examples.value = [];
    state.draft.value = emptyDraft();
    state.history.value = { past: [], future: [] };
    state.live.value = null;
    state.why.value = null;
    state.values.value = new Map();
    for (const handle of old) await handle?.close();
  }

  /** The engine's handle behind a choice's key. */
  handle(key: string): Segment | Grouping | undefined {
    if (key === "rfm") return this.rfm;
    if (key === "holdout") return this.holdout;
    if (key === "stages") return this.stages;
    if (key.startsWith("tiers ")) return this.tiers.get(key.slice(6));
    return key === "clusters" ? this.clustering : this.segments.get(key.replace(/^segment /, ""));
  }
}

/** Read out once by screen readers. */
export function say(text: string): void {
  state.said.value = text;
}

/** Whether the engine has died, and every handle with it. */
function isDeath(error: unknown): boolean {
  return error instanceof MarquetryError && (error.code === "engine-restarted" || error.code === "engine-crashed");
}

/** An error as a person reads it: the engine's messages already say what, where and what to do. */
export function inWords(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const hint = (error as { details?: { hint?: unknown } } | undefined)?.details?.hint;
  return { message, ...(typeof hint === "string" ? { hint } : {}) };
}
