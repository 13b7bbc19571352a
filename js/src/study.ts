import { ClusteringHandle, PlacedHandle } from "./clustering.js";
import { type Engine, helped, type Work } from "./engine.js";
import { fail, requireNumbers, requireSeed, requireTexts } from "./errors.js";
import { type Exchange, typed } from "./exchange.js";
import {
  GroupingHandle,
  RestoredHandle,
  RfmHandle,
  SegmentHandle,
  type SqlSubject,
  type StudyLink,
  type StudyMethod,
} from "./grouping.js";
import { Handle, split } from "./handle.js";
import type { Changed, Params, Result, SegmentFacts, StudyFacts } from "./protocol.js";
import type {
  Clustering,
  ClusterOptions,
  FeaturePreview,
  OutcomeTree,
  OutcomeTreeOptions,
  PlacedClusters,
  PreviewOptions,
  RowsRule,
  Scale,
  ScaleOptions,
} from "./types/clusters.js";
import type { Grouping, RestoredSegment, RfmGrouping, RfmOptions, Segment, Snapshot } from "./types/groupings.js";
import type { Finding } from "./types/read.js";
import type { Overlap, Rule, RuleCounts, RuleJson, RuleTarget, SqlOptions, Template } from "./types/rules.js";
import type {
  Exclusion,
  ExclusionList,
  ExportOptions,
  Profile,
  ProfileOptions,
  Recipe,
  RuleParameters,
  Study,
  StudyOptions,
  TiersOptions,
} from "./types/study.js";
import type { Distribution, Table } from "./types/table.js";
import type { ValueModel, ValueOptions } from "./types/value.js";

/** A study in an engine. It is opened by its first request; whatever was wrong with its options is said there. */
export class StudyHandle extends Handle implements Study, StudyLink {
  readonly table: Table;
  readonly #exchange: Exchange;
  readonly #orders: Table["columns"] | undefined;
  readonly #tableHandle: number;
  readonly #handleOf: (table: Table) => number;
  readonly #opened: Promise<StudyFacts>;
  /** What segments say by now, by id. */
  readonly #segments = new Map<string, SegmentFacts>();
  #recipe: Recipe;

  constructor(
    engine: Engine,
    exchange: Exchange,
    table: Table,
    tableHandle: number,
    recipe: Recipe,
    options: StudyOptions,
    handleOf: (table: Table) => number,
  ) {
    super(engine, "study");
    this.#exchange = exchange;
    this.table = table;
    this.#tableHandle = tableHandle;
    this.#handleOf = handleOf;
    // Until the engine has answered: what a study of this table begins with, and what was asked for.
    const { orders, ...rest } = options;
    this.#orders = orders?.columns;
    this.#recipe = { ...recipe, ...given(rest) };
    const joined = orders === undefined ? {} : { orders: handleOf(orders) };
    this.#opened = engine.call("study", { table: tableHandle, options: rest, ...joined });
    this.#opened.then(
      (facts) => (this.#recipe = facts.recipe),
      () => undefined,
    );
  }

  get recipe(): Recipe {
    return this.#recipe;
  }

  async segment(name: string, rule: Rule): Promise<Segment> {
    return new SegmentHandle(this, this.keep(await this.ask("segment", { name, rule })));
  }

  async tiers(name: string, tiers: { name: string; rule: Rule }[], options: TiersOptions = {}): Promise<Grouping> {
    requireTexts(options, ["everyoneElse"]);
    return new GroupingHandle(this, this.keep(await this.ask("tiers", { name, tiers, options })));
  }

  get parameters(): RuleParameters {
    return (this.#recipe.parameters ?? {}) as RuleParameters;
  }

  async setParameters(parameters: RuleParameters): Promise<void> {
    this.keep(await this.ask("setParameters", { parameters }));
  }

  async exclude(of: Rule | Table | ExclusionList | null): Promise<Exclusion | null> {
    const whom = isTable(of) ? { list: this.#handleOf(of) } : { of };
    return this.keep(await this.ask("exclude", whom));
  }

  async restore(snapshot: Snapshot, options: { name?: string } = {}): Promise<RestoredSegment> {
    return new RestoredHandle(this, this.keep(await this.ask("restore", { snapshot, ...options })));
  }

  findings(): Promise<Finding[]> {
    return this.ask("findings", {});
  }

  count(rule: Rule): Promise<RuleCounts> {
    return this.ask("count", { rule });
  }

  async scales(scales: ScaleOptions[]): Promise<Scale[]> {
    return this.keep(await this.ask("scales", { scales }));
  }

  async rfm(options: RfmOptions = {}): Promise<RfmGrouping> {
    const { settings, job } = split(options);
    return new RfmHandle(this, this.keep(await this.ask("rfm", { options: settings }, job)));
  }

  preview(options: PreviewOptions): Promise<FeaturePreview> {
    const { settings, job } = split(options);
    const { column, transform } = settings;
    return this.ask("previewFeature", { column, ...(transform && { transform }) }, job);
  }

  async cluster(options: ClusterOptions = {}): Promise<Clustering> {
    const { k, features = [] } = options;
    requireSeed(options);
    requireNumbers(options, ["restarts", "maxIterations", "minClusterSize", "gamma", "minShare"]);
    requireNumbers(typeof k === "object" && k !== null ? k : { k }, ["k", "min", "max"]);
    for (const feature of features) if (typeof feature === "object") requireNumbers({ ...feature }, ["weight"]);
    const { settings, job } = split(options);
    const facts = this.keep(await helped(this.engine, job, (work) => this.ask("cluster", { options: settings }, work)));
    return new ClusteringHandle(this, facts, this.#handleOf);
  }

  async tree(options: OutcomeTreeOptions): Promise<OutcomeTree> {
    const { settings, job } = split(options);
    return this.ask("outcomeTree", { options: settings }, job);
  }

  async explainRows(rows: Uint32Array, columns?: string[]): Promise<RowsRule> {
    if (!(rows instanceof Uint32Array)) throw fail("bad-option", "“rows” must be row numbers in a Uint32Array.");
    // A copy: what is asked with is handed over to the worker, and the caller’s rows stay the caller’s.
    const own = rows.slice();
    return this.ask("explainRows", columns === undefined ? { rows: own } : { rows: own, columns });
  }

  async place(model: object, options: { name?: string } = {}): Promise<PlacedClusters> {
    requireTexts(options, ["name"]);
    const facts = this.keep(await this.ask("place", { model: { ...model }, ...options }));
    return new PlacedHandle(this, facts, this.#handleOf);
  }

  async value(options: ValueOptions = {}): Promise<ValueModel> {
    const { settings, job } = split(options);
    return known(this.keep(await this.ask("value", { options: settings }, job)));
  }

  overlap(segments?: (Segment | string)[]): Promise<Overlap> {
    return this.ask("overlap", segments === undefined ? {} : { segments: segments.map(nameOf) });
  }

  profile(of: Segment | Grouping, options: ProfileOptions = {}): Promise<Profile[]> {
    const { settings, job } = split(options);
    const { baseline, columns } = settings;
    const wanted = { of: nameOf(of), ...(baseline && { baseline: nameOf(baseline) }), ...(columns && { columns }) };
    return this.ask("profile", { options: wanted }, job);
  }

  async explain(row: number, segment: Segment): Promise<RuleCounts> {
    const last = this.table.rowCount - 1;
    if (!Number.isInteger(row) || row < 0 || row > last) {
      throw fail("bad-option", `There is no row ${String(row)}; rows are numbered from 0 to ${last}.`);
    }
    return this.ask("explain", { row, id: segment.id });
  }

  export(options: ExportOptions): Promise<Blob> {
    const { settings, job } = split(options);
    const { segments, ...rest } = settings;
    const named = segments === undefined ? rest : { ...rest, segments: segments.map(nameOf) };
    return this.ask("export", { table: this.#tableHandle, options: named }, job);
  }

  async ask<M extends StudyMethod>(method: M, params: Omit<Params<M>, "study">, job?: Work): Promise<Result<M>> {
    this.check();
    requireTexts(params, ["name", "id"]);
    const { handle } = await this.#opened;
    this.check();
    return this.engine.call(method, { ...params, study: handle } as Params<M>, job);
  }

  /** What is asked about, as SQL: with all that the study knows and rules may name. */
  toSQL(options: SqlOptions, what: SqlSubject): Promise<string> {
    this.check();
    return this.#exchange.ask("sql", { options, recipe: this.#recipe, orders: this.#orders, ...what });
  }

  /** A rule in another format, as JSON. */
  async to(format: RuleTarget, rule: RuleJson): Promise<unknown> {
    this.check();
    const { referenceDate } = await this.#opened.then(({ recipe }) => recipe);
    return JSON.parse(
      await this.#exchange.ask("exportRule", { format, rule, columns: this.table.columns.map(typed), referenceDate }),
    );
  }

  toONNX(model: object): Promise<Uint8Array> {
    this.check();
    return this.#exchange.ask("onnx", { model });
  }

  toPMML(model: object): Promise<string> {
    this.check();
    return this.#exchange.ask("pmml", { model });
  }

  async templates(): Promise<Template[]> {
    this.check();
    const { columns, rowCount } = this.table;
    // Columns are called as they like, also `__proto__`.
    const spreads: Record<string, Distribution> = Object.create(null);
    // The second time around all that the rules' numbers are taken from is there.
    for (;;) {
      const answer = await this.#exchange.ask("templates", { columns, rows: rowCount, spreads });
      const { templates, wanted } = JSON.parse(answer) as { templates: Template[]; wanted: string[] };
      if (wanted.length === 0) return templates;
      for (const name of wanted) spreads[name] = await this.table.distribution(name);
    }
  }

  keep<T>(changed: Changed<T>): T {
    this.#recipe = changed.recipe ?? redefined(this.#recipe, changed.segments);
    for (const facts of changed.segments) this.#segments.set(facts.id, facts);
    return changed.value;
  }

  known(id: string): SegmentFacts | undefined {
    return this.#segments.get(id);
  }

  protected async release(): Promise<void> {
    const { handle } = await this.#opened;
    await this.engine.call("closeStudy", { study: handle });
  }
}

/** Options without those that say nothing. */
function given(options: Omit<StudyOptions, "orders">): Partial<Recipe> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** A recipe with other rules of segments: a whole one for every edit would make a hundred segments slow. */
function redefined(recipe: Recipe, changed: SegmentFacts[]): Recipe {
  const segments = [...(recipe.segments as Omit<SegmentFacts, "id" | "counts">[])];
  for (const { name, text, rule } of changed) {
    const at = segments.findIndex((known) => known.name === name);
    segments[at < 0 ? segments.length : at] = { name, text, rule };
  }
  return { ...recipe, segments };
}

function isTable(of: Rule | Table | ExclusionList | null): of is Table {
  return typeof of === "object" && of !== null && "rowCount" in of;
}

/** What the engine knows a segment by (its id), or a grouping (its name). */
function nameOf(of: Segment | Grouping | string): string {
  if (typeof of === "string") return of;
  return "id" in of ? of.id : of.name;
}

/** JSON has no NaN: an error that is not known comes as null. */
function known(model: ValueModel): ValueModel {
  for (const { standardErrors } of [model, ...model.candidates, ...(model.spend ? [model.spend] : [])]) {
    for (const name of Object.keys(standardErrors)) standardErrors[name] ??= Number.NaN;
  }
  return model;
}
