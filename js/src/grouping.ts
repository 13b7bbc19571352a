import { fail } from "./errors.js";
import type {
  Changed,
  GroupingFacts,
  HoldoutFacts,
  Method,
  Params,
  Result,
  RfmFacts,
  SegmentFacts,
  StagesFacts,
} from "./protocol.js";
import type { Grouping, RestoredSegment, RfmGrouping, Segment, Snapshot } from "./types/groupings.js";
import type { Job } from "./types/host.js";
import type { Rule, RuleCounts, RuleJson, RuleTarget, SqlOptions } from "./types/rules.js";
import type { Holdout, StagesGrouping } from "./types/time.js";

/** What segments and groupings need of their study. */
export interface StudyLink {
  /** A request about the study; `params` lack only the study's own number. */
  ask<M extends StudyMethod>(method: M, params: Omit<Params<M>, "study">, job?: Job): Promise<Result<M>>;
  /** Takes in what came with an answer; gives the answer. */
  keep<T>(changed: Changed<T>): T;
  /** What the study knows of a segment by now, where that is more than came with the segment's own answer. */
  known(id: string): SegmentFacts | undefined;
  toSQL(options: SqlOptions, what: SqlSubject): Promise<string>;
  to(format: RuleTarget, rule: RuleJson): Promise<unknown>;
  toONNX(model: object): Promise<Uint8Array>;
  toPMML(model: object): Promise<string>;
}

/** What is said as SQL: a segment with its rule, or a grouping by its name. */
export type SqlSubject = { segment: Pick<SegmentFacts, "name" | "rule"> } | { grouping: string };

/** Methods that are about a study. */
export type StudyMethod = Exclude<{ [M in Method]: Params<M> extends { study: number } ? M : never }[Method], "study">;

/** A segment of a study. */
export class SegmentHandle implements Segment {
  readonly #first: SegmentFacts;
  readonly #study: StudyLink;

  constructor(study: StudyLink, facts: SegmentFacts) {
    this.#study = study;
    this.#first = facts;
  }

  get #facts(): SegmentFacts {
    return this.#study.known(this.#first.id) ?? this.#first;
  }

  get id(): string {
    return this.#facts.id;
  }
  get name(): string {
    return this.#facts.name;
  }
  get rule(): RuleJson {
    return this.#facts.rule;
  }
  get text(): string {
    return this.#facts.text;
  }
  get counts(): RuleCounts {
    return this.#facts.counts;
  }

  members(): Promise<Uint32Array> {
    return this.#study.ask("members", { id: this.id });
  }

  async update(rule: Rule): Promise<RuleCounts> {
    return this.#study.keep(await this.#study.ask("update", { id: this.id, rule })).counts;
  }

  async rename(name: string): Promise<void> {
    this.#study.keep(await this.#study.ask("rename", { id: this.id, name }));
  }

  async remove(): Promise<void> {
    this.#study.keep(await this.#study.ask("remove", { id: this.id }));
  }

  snapshot(): Promise<Snapshot> {
    return this.#study.ask("snapshot", { id: this.id });
  }

  toSQL(options: SqlOptions): Promise<string> {
    return this.#study.toSQL(options, { segment: { name: this.name, rule: this.rule } });
  }

  to(format: RuleTarget): Promise<unknown> {
    return this.#study.to(format, this.rule);
  }
}

/** A segment that was made from a snapshot. */
export class RestoredHandle extends SegmentHandle implements RestoredSegment {
  readonly found: number;
  readonly missing: number;

  constructor(study: StudyLink, facts: SegmentFacts & Pick<RestoredSegment, "found" | "missing">) {
    super(study, facts);
    ({ found: this.found, missing: this.missing } = facts);
  }
}

/** A grouping of a study. */
export class GroupingHandle implements Grouping {
  readonly name: string;
  readonly labels: readonly string[];
  readonly sizes: readonly number[];
  readonly #rules: RuleJson[];
  protected readonly study: StudyLink;

  constructor(study: StudyLink, facts: GroupingFacts) {
    this.study = study;
    ({ name: this.name, labels: this.labels, sizes: this.sizes, rules: this.#rules } = facts);
  }

  assignments(): Promise<Int32Array> {
    return this.study.ask("assignments", { grouping: this.name });
  }

  toSQL(options: SqlOptions): Promise<string> {
    return this.study.toSQL(options, { grouping: this.name });
  }

  rule(label: string): RuleJson {
    const rule = this.#rules[this.labels.indexOf(label)];
    if (rule !== undefined) return rule;
    throw fail("not-found", `“${this.name}” has no label “${label}”. It has: ${this.labels.join(", ")}.`);
  }
}

/** RFM groups of a study. */
export class RfmHandle extends GroupingHandle implements RfmGrouping {
  readonly scores: RfmGrouping["scores"];
  readonly edges: RfmGrouping["edges"];
  readonly nestedEdges?: NonNullable<RfmGrouping["nestedEdges"]>;
  readonly possible: RfmGrouping["possible"];
  readonly findings: RfmGrouping["findings"];

  constructor(study: StudyLink, facts: RfmFacts) {
    super(study, facts);
    ({ scores: this.scores, edges: this.edges, possible: this.possible, findings: this.findings } = facts);
    if (facts.nestedEdges !== undefined) this.nestedEdges = facts.nestedEdges;
  }
}

/** Stages of the customers' lives. */
export class StagesHandle extends GroupingHandle implements StagesGrouping {
  readonly by: StagesGrouping["by"];
  readonly newDays: number;
  readonly atRiskAfter: number;
  readonly lapsedAfter: number;
  readonly rhythm: number;
  readonly definition: string;
  readonly columns: readonly string[];
  readonly notices: readonly string[];

  constructor(study: StudyLink, facts: StagesFacts) {
    super(study, facts);
    ({ by: this.by, newDays: this.newDays, atRiskAfter: this.atRiskAfter, lapsedAfter: this.lapsedAfter } = facts);
    ({ rhythm: this.rhythm, definition: this.definition, columns: this.columns, notices: this.notices } = facts);
  }
}

/** A control group and whom it is compared with. */
export class HoldoutHandle extends GroupingHandle implements Holdout {
  readonly column: string;
  readonly control: number;
  readonly treated: number;
  readonly strata: Holdout["strata"];
  readonly share: number;
  readonly seed: number;
  readonly rate: number;
  readonly power: number;
  readonly alpha: number;
  readonly minimumDetectable: Holdout["minimumDetectable"];
  readonly needed?: NonNullable<Holdout["needed"]>;
  readonly sentence: string;
  readonly notices: readonly string[];

  constructor(study: StudyLink, facts: HoldoutFacts) {
    super(study, facts);
    ({ column: this.column, control: this.control, treated: this.treated, strata: this.strata } = facts);
    ({ share: this.share, seed: this.seed, rate: this.rate, power: this.power, alpha: this.alpha } = facts);
    ({ minimumDetectable: this.minimumDetectable, sentence: this.sentence, notices: this.notices } = facts);
    if (facts.needed !== undefined) this.needed = facts.needed;
  }
}

/** What the engine knows a segment by (its id), or a grouping (its name). */
export function nameOf(of: Segment | Grouping | string): string {
  if (typeof of === "string") return of;
  const name = typeof of === "object" && of !== null ? ("id" in of ? of.id : of.name) : undefined;
  if (typeof name === "string") return name;
  throw fail("bad-option", `A segment or a grouping is to be given, or its name; found ${String(of)}.`);
}
