import { asked } from "./asked.js";
import { ClusteringHandle, PlacedHandle } from "./clustering.js";
import { type Engine, helped, type Work } from "./engine.js";
import { fail, requireSeed, requireTexts } from "./errors.js";
import { type Exchange, typed } from "./exchange.js";
import {
  GroupingHandle,
  HoldoutHandle,
  nameOf,
  RestoredHandle,
  RfmHandle,
  SegmentHandle,
  type SqlSubject,
  StagesHandle,
  type StudyLink,
  type StudyMethod,
} from "./grouping.js";
import { Handle } from "./handle.js";
import { opened, type Remade, remade, trend } from "./past.js";
import type { Changed, Fold, Params, PastFacts, Result, SegmentFacts } from "./protocol.js";
import { given, known, measured, redefined } from "./told.js";
import type { Baseline, Changes, CompareOptions } from "./types/changes.js";
import type { Clustering, ClusterOptions, PlacedClusters, RowsRule } from "./types/clusters.js";
import type { FeaturePreview, PreviewOptions, Scale, ScaleOptions } from "./types/features.js";
import type {
  Agreement,
  Concentration,
  Grouping,
  RestoredSegment,
  RfmGrouping,
  RfmOptions,
  RfmScheme,
  RfmSchemeList,
  Segment,
  Snapshot,
} from "./types/groupings.js";
import type { Job } from "./types/host.js";
import type { Propensity, PropensityOptions } from "./types/propensity.js";
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
import type {
  Cohorts,
  CohortsOptions,
  Hint,
  Holdout,
  HoldoutOptions,
  PastStudy,
  ReviewOptions,
  StagesGrouping,
  StagesOptions,
  Trend,
  TrendOptions,
} from "./types/time.js";
import type { OutcomeTree, OutcomeTreeOptions } from "./types/trees.js";
import type { ValueModel, ValueOptions } from "./types/value.js";

/** What a study asks of tables: the number of one, and those of a past day. */
export interface Tables {
  handleOf(table: Table): number;
  past(facts: PastFacts, fold?: Fold): { customers: Table; orders: Table };
}

/** Numbers are given here, so that a study's first request need not wait for the engine to have opened it. */
let studies = 0;

/** A study in an engine. Whatever was wrong with its options is said at its first request. */
export class StudyHandle extends Handle implements Study, StudyLink {
  readonly table: Table;
  /** What columns of the recipe it was made from are called here. */
  mapping: Record<string, string> = {};
  readonly #exchange: Exchange;
  readonly #orders: Table["columns"] | undefined;
  readonly #tableHandle: number;
  readonly #tables: Tables;
  readonly #fold: Fold | undefined;
  readonly #number = ++studies;
  readonly #opened: Promise<Recipe>;
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
    tables: Tables,
    fold?: Fold,
  ) {
    super(engine, "study");
    this.#exchange = exchange;
    this.table = table;
    this.#tableHandle = tableHandle;
    this.#tables = tables;
    this.#fold = fold;
    // Until the engine has answered: what a study of this table begins with, and what was asked for.
    const { orders, ...rest } = options;
    this.#orders = orders?.columns;
    this.#recipe = { ...recipe, ...given(rest) };
    const joined = orders === undefined ? {} : { orders: tables.handleOf(orders) };
    const open = async () => {
      requireSeed(rest);
      const params = { study: this.#number, table: tableHandle, options: rest, ...joined, ...(fold && { fold }) };
      return engine.call("study", params);
    };
    this.#opened = open();
    this.#opened.then(
      (recipe) => (this.#recipe = recipe),
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
    const whom = isTable(of) ? { list: this.#tables.handleOf(of) } : { of };
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
    const { settings, job } = asked("rfm", options);
    return new RfmHandle(this, this.keep(await this.ask("rfm", { options: settings }, job)));
  }

  schemes(): Promise<RfmSchemeList[]> {
    return this.ask("schemes", {});
  }

  agreement(groupings: (Grouping | string | RfmScheme)[]): Promise<Agreement> {
    const named = groupings.map((one) => (typeof one === "object" && "name" in one ? one.name : one));
    return this.ask("agreement", { groupings: named });
  }

  async concentration(options: { column?: string } & Job = {}): Promise<Concentration> {
    const { settings, job } = asked("concentration", options);
    return this.ask("concentration", settings, job);
  }

  async preview(options: PreviewOptions): Promise<FeaturePreview> {
    const { settings, job } = asked("preview", options);
    const { column, transform } = settings;
    return this.ask("previewFeature", { column, ...(transform && { transform }) }, job);
  }

  async cluster(options: ClusterOptions = {}): Promise<Clustering> {
    const { settings, job } = asked("cluster", options);
    const facts = this.keep(await helped(this.engine, job, (work) => this.ask("cluster", { options: settings }, work)));
    return new ClusteringHandle(this, facts, this.#tables.handleOf);
  }

  async tree(options: OutcomeTreeOptions): Promise<OutcomeTree> {
    const { settings, job } = asked("tree", options);
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
    return new PlacedHandle(this, facts, this.#tables.handleOf);
  }

  async value(options: ValueOptions = {}): Promise<ValueModel> {
    const { settings, job } = asked("value", options);
    return known(this.keep(await this.ask("value", { options: settings }, job)));
  }

  async propensity(options: PropensityOptions): Promise<Propensity> {
    const { settings, job } = asked("propensity", options);
    return measured(this.keep(await this.ask("propensity", { options: settings }, job)));
  }

  async cohorts(options: CohortsOptions = {}): Promise<Cohorts> {
    const { settings, job } = asked("cohorts", options);
    return this.ask("cohorts", { options: settings }, job);
  }

  async stages(options: StagesOptions = {}): Promise<StagesGrouping> {
    const { settings, job } = asked("stages", options);
    return new StagesHandle(this, this.keep(await this.ask("stages", { options: settings }, job)));
  }

  async holdout(options: HoldoutOptions = {}): Promise<Holdout> {
    const { settings, job } = asked("holdout", options);
    const { of, stratifyBy, ...rest } = settings;
    const named = { ...rest, ...(of && { of: nameOf(of) }), ...(stratifyBy && { stratifyBy: nameOf(stratifyBy) }) };
    return new HoldoutHandle(this, this.keep(await this.ask("holdout", { options: named }, job)));
  }

  async review(options: ReviewOptions = {}): Promise<Hint[]> {
    const { settings, job } = asked("review", options);
    const { smallest = 0, overlap = 1 } = settings;
    if (smallest < 0 || overlap < 0 || overlap > 1) {
      throw fail("bad-option", "“smallest” must be 0 or more, and “overlap” a share from 0 to 1.");
    }
    return this.ask("review", { options: settings }, job);
  }

  async asOf(day: string, options: Job = {}): Promise<PastStudy> {
    return (await this.#past(day, options)).study;
  }

  async trend(options: TrendOptions = {}): Promise<Trend> {
    this.check();
    const { settings, job } = asked("trend", options);
    await this.#opened;
    return trend(this.#recipe, { ...settings, ...job }, (day, job) => this.#past(day, job, true));
  }

  async #past(day: string, options: Job, sizesOnly = false): Promise<Remade> {
    requireTexts({ day: day ?? null }, ["day"]);
    const { job } = asked("asOf", options);
    const facts = await this.ask("asOf", { day }, job);
    const fresh = opened(this.#tables.past(facts, this.#fold), this.#recipe, this.#fold !== undefined);
    return remade({ ...fresh, day, notices: facts.notices }, this.#recipe, sizesOnly);
  }

  async overlap(segments?: (Segment | string)[]): Promise<Overlap> {
    if (segments !== undefined && !Array.isArray(segments)) {
      throw fail("bad-option", `overlap() takes a list of segments, not ${String(segments)}.`);
    }
    return this.ask("overlap", segments === undefined ? {} : { segments: segments.map(nameOf) });
  }

  async profile(of: Segment | Grouping, options: ProfileOptions = {}): Promise<Profile[]> {
    const { settings, job } = asked("profile", options);
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

  async compare(before: Study | Baseline, options: CompareOptions = {}): Promise<Changes> {
    const { settings, job } = asked("compare", { mapping: this.mapping, ...options });
    if (before instanceof StudyHandle && before.engine === this.engine) {
      before.check();
      await before.#opened;
      return this.ask("compare", { before: before.#number, options: settings }, job);
    }
    if (typeof before !== "object" || before === null) {
      throw fail("bad-option", `compare() takes another study or a baseline, not ${String(before)}.`);
    }
    // A study of another engine is compared as it would be next month.
    const baseline = isStudy(before)
      ? (JSON.parse(await (await before.export({ what: "baseline", ...job })).text()) as Baseline)
      : before;
    return this.ask("compare", { before: baseline, options: settings }, job);
  }

  async export(options: ExportOptions): Promise<Blob> {
    const { settings, job } = asked("export", options);
    if (settings.what === "baseline") settings.salt ??= randomSalt();
    const { segments, ...rest } = settings;
    const named = segments === undefined ? rest : { ...rest, segments: segments.map(nameOf) };
    return this.ask("export", { table: this.#tableHandle, options: named }, job);
  }

  async ask<M extends StudyMethod>(method: M, params: Omit<Params<M>, "study">, job?: Work): Promise<Result<M>> {
    this.check();
    requireTexts(params, ["name", "id"]);
    // Engines answer one after the other: what was wrong with the study itself is said before what came of that.
    const answer = this.engine.call(method, { ...params, study: this.#number } as Params<M>, job);
    answer.catch(() => undefined);
    await this.#opened;
    return answer;
  }

  /** What is asked about, as SQL: with all that the study knows and rules may name. */
  toSQL(options: SqlOptions, what: SqlSubject): Promise<string> {
    this.check();
    return this.#exchange.ask("sql", { options, recipe: this.#recipe, orders: this.#orders, ...what });
  }

  /** A rule in another format, as JSON. */
  async to(format: RuleTarget, rule: RuleJson): Promise<unknown> {
    this.check();
    const { referenceDate } = await this.#opened;
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
    await this.engine.call("closeStudy", { study: this.#number });
  }
}

function isTable(of: Rule | Table | ExclusionList | null): of is Table {
  return typeof of === "object" && of !== null && "rowCount" in of;
}

function isStudy(before: Study | Baseline): before is Study {
  return typeof before === "object" && before !== null && typeof before.export === "function";
}

/** 128 bits by chance, as text. */
function randomSalt(): string {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
  return digits.join("");
}
