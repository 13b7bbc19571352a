/** What the page knows right now: signals only, no engine, no effects. */
import { computed, signal } from "@preact/signals";
import type { Compared, ControlGroup, Review, Trend, Waiting } from "./changes/shapes.ts";
import { FIRST_THRESHOLDS, type Threshold } from "./changes/thresholds.ts";
import type { Clusters, Faces, FeaturePreview, Lassoed, Search, Setup } from "./clusters/shapes.ts";
import type {
  Choice,
  ColumnInfo,
  Concentration,
  Draft,
  Example,
  Exclusion,
  Glance,
  Group,
  Imported,
  Join,
  Leaf,
  Live,
  Lock,
  Overlap,
  Problem,
  Profiled,
  Project,
  Rfm,
  RuleJson,
  RuleParameters,
  Running,
  Screen,
  Screens,
  Segment,
  ShownRows,
  Sql,
  Study,
  Template,
  Tiers,
  Weighed,
  Why,
  Written,
} from "./model.ts";
import {
  type Agreement,
  FIRST_FOLDING,
  FIRST_SETUP,
  type Folding,
  type Inside,
  type RfmSetup,
  type Scheme,
  type Strips,
} from "./rfm/shapes.ts";
import { EVERYONE } from "./rule/tree.ts";
import {
  type Check,
  type ChurnSetup,
  type CohortMeasure,
  type CohortTable,
  type Estimate,
  FIRST_CHURN,
  FIRST_VALUE,
  type LifeStages,
  type Part,
  type Risk,
  type StageSetup,
  VALUE_COLUMNS,
  type ValueSetup,
} from "./value/shapes.ts";

export type Theme = "auto" | "light" | "dark";

export const isProblem = (value: Rfm | Problem): value is Problem => "message" in value;

export const emptyDraft = (): Draft => ({
  id: undefined,
  name: "",
  text: "",
  rule: EVERYONE,
  by: "text",
  counts: undefined,
  facts: new Map(),
  stale: false,
  errors: [],
});

export const state = {
  lock: signal<Lock>({ phase: "loading", at: 0, resources: [], attempts: null }),
  theme: signal<Theme>("auto"),
  screen: signal<Screen>("start"),
  /** Loaded after the first screen. */
  screens: signal<Screens | null>(null),
  running: signal<Running | null>(null),
  /** Shown above the current screen until dismissed or something works. */
  problem: signal<Problem | null>(null),
  /** Read out once by screen readers. */
  said: signal(""),
  waiting: signal<string | null>(null),

  /** One file, or customers and orders. */
  leaves: signal<readonly Leaf[]>([]),
  /** Which of them is looked at. */
  turned: signal(0),
  referenceDate: signal(""),
  join: signal<Join | null>(null),
  glance: signal<Glance | null>(null),
  project: signal<Project | null>(null),
  shown: signal<ShownRows | null>(null),

  study: signal<Study | null>(null),
  /** Which orders count. */
  folding: signal<Folding>(FIRST_FOLDING),
  /** How RFM scores are made. */
  rfmSetup: signal<RfmSetup>(FIRST_SETUP),
  /** The built-in lists of groups, to edit. */
  schemes: signal<readonly Scheme[]>([]),
  /** Another list of groups beside the one in use. */
  agreement: signal<Agreement | null>(null),
  concentration: signal<Concentration | null>(null),
  /** How customers lie along each of its measures. */
  strips: signal<Strips | null>(null),
  /** The same inside one of nested bands. */
  inside: signal<Inside | null>(null),
  rfm: signal<Rfm | Problem | null>(null),
  segments: signal<Segment[]>([]),
  overlap: signal<Overlap | null>(null),
  draft: signal<Draft>(emptyDraft()),
  /** What the draft was before, and what it was before that was undone. */
  history: signal<{ past: readonly Written[]; future: readonly Written[] }>({ past: [], future: [] }),
  tiers: signal<readonly Tiers[]>([]),
  templates: signal<readonly Template[]>([]),
  imported: signal<Imported | null>(null),
  sql: signal<Sql | null>(null),
  parameters: signal<RuleParameters>({}),
  exclusion: signal<Exclusion | null>(null),
  live: signal<Live | null>(null),
  why: signal<Why | null>(null),
  weighed: signal<Weighed | null>(null),
  /** A row whose text is no rule. */
  slip: signal<{ node: RuleJson; message: string } | null>(null),
  /** Values worth offering, by column; filled in as columns are asked for. */
  values: signal<ReadonlyMap<string, readonly string[]>>(new Map()),
  examples: signal<Example[]>([]),
  /** How clusters are looked for. */
  setup: signal<Setup>({
    method: "kmeans",
    k: undefined,
    range: { min: 2, max: 10 },
    missing: undefined,
    setAside: false,
    features: [],
  }),
  /** Columns before and after they are brought to scale, by name. */
  shapes: signal<ReadonlyMap<string, FeaturePreview>>(new Map()),
  /** A search for clusters that runs, or what one that was stopped has left. */
  search: signal<Search | null>(null),
  clusters: signal<Clusters | null>(null),
  lassoed: signal<Lassoed | null>(null),
  faces: signal<Faces | null>(null),
  profiled: signal<Profiled | null>(null),

  compared: signal<Compared | null>(null),
  /** Another file to compare with that lacks columns. */
  waits: signal<Waiting | null>(null),
  trend: signal<Trend | null>(null),
  review: signal<Review | null>(null),
  holdout: signal<ControlGroup | null>(null),
  /** What calls for attention. */
  thresholds: signal<readonly Threshold[]>(FIRST_THRESHOLDS),

  /** Which part of the screen of value is shown. */
  part: signal<Part>("lifetime"),
  valueSetup: signal<ValueSetup>(FIRST_VALUE),
  estimate: signal<Estimate | null>(null),
  check: signal<Check | null>(null),
  churnSetup: signal<ChurnSetup>(FIRST_CHURN),
  risk: signal<Risk | null>(null),
  cohorts: signal<CohortTable | null>(null),
  cohortMeasure: signal<CohortMeasure>("share"),
  stageSetup: signal<StageSetup>({ by: "rhythm" }),
  stages: signal<LifeStages | null>(null),
  /** How many customers a range takes, by its rule. */
  range: signal<{ text: string; n: number } | null>(null),
};

/** The file that is looked at. */
export const leaf = computed((): Leaf | undefined => state.leaves.value[state.turned.value]);
/** Where the file lies that is studied: the orders, where there are customers too. */
export const lead = computed((): number =>
  Math.max(
    0,
    state.leaves.value.findIndex(({ sheet }) => sheet.kind === "orders"),
  ),
);

/** What can be profiled and exported now. */
export const choices = computed((): Choice[] => {
  const list: Choice[] = state.segments.value.map(({ id, name }) => ({ key: `segment ${id}`, name, kind: "segment" }));
  if (state.rfm.value && !isProblem(state.rfm.value)) list.push({ key: "rfm", name: "RFM groups", kind: "grouping" });
  for (const { name } of state.tiers.value) list.push({ key: `tiers ${name}`, name, kind: "grouping" });
  if (state.stages.value) list.push({ key: "stages", name: "Stages", kind: "grouping" });
  if (state.clusters.value) list.push({ key: "clusters", name: state.clusters.value.name, kind: "grouping" });
  if (state.holdout.value) list.push({ key: "holdout", name: "Control group", kind: "grouping" });
  return list;
});

/** The segments as their combinations need them, in the order of the overlap. */
export const known = computed(() =>
  state.segments.value.map(({ name, rule, counts }) => ({ name, rule, unknown: counts.unknown })),
);

/** What a comparison is made of: it is outdated as soon as this is another. */
export const definitions = computed((): string =>
  JSON.stringify([
    state.segments.value.map(({ name, text }) => [name, text]),
    state.tiers.value,
    isProblem(state.rfm.value ?? { message: "" }) ? null : state.rfmSetup.value,
    state.clusters.value?.clusters.map(({ n }) => n),
  ]),
);

/** Screens that can be visited now. */
export const reachable = computed((): ReadonlySet<Screen> => {
  const open: Screen[] = ["start"];
  if (leaf.value || state.glance.value) open.push("check");
  if (state.study.value) open.push("rfm", "value", "segments", "clusters", "profile", "changes", "export");
  return new Set(open);
});

/** Colours belong to a name for life: the first free of eight; everything later is grey (0). */
export function freeColor(taken: readonly number[]): number {
  for (let color = 1; color <= 8; color++) if (!taken.includes(color)) return color;
  return 0;
}

/** What was worked out for each customer: columns that the table does not have, for rules and files. */
export const workedOut = computed((): readonly ColumnInfo[] => {
  const { columns = [], customers = 0 } = state.study.value ?? {};
  const names = [
    ...(state.estimate.value ? VALUE_COLUMNS : []),
    ...(state.risk.value ? [state.risk.value.column] : []),
    ...(state.stages.value?.columns ?? []),
  ];
  const isNew = (name: string): boolean => columns.every((column) => column.name !== name);
  return names.filter(isNew).map((name) => asEstimate(name, customers));
});

type Labelled = readonly Pick<Group, "label">[];

/** What rules can ask of customers: their columns, and the groups there are, by name. */
export const ruleColumns = computed((): readonly ColumnInfo[] => {
  const columns = state.study.value?.columns ?? [];
  const rfm = state.rfm.value && !isProblem(state.rfm.value) ? state.rfm.value.groups : [];
  const groupings: [string, Labelled][] = [
    ["RFM", rfm],
    [state.clusters.value?.name ?? "Clusters", state.clusters.value?.clusters ?? []],
    ["Stages", state.stages.value?.stages ?? []],
    ...state.tiers.value.map(({ name, labels }): [string, Labelled] => [name, labels.map((label) => ({ label }))]),
  ];
  const known = (name: string): boolean => columns.some((column) => column.name === name);
  return [
    ...columns,
    ...workedOut.value,
    ...groupings
      .filter(([name, groups]) => groups.length > 0 && !known(name))
      .map(([name, groups]) => asColumn(name, groups)),
  ];
});

const asColumn = (name: string, groups: Labelled): ColumnInfo => ({
  name,
  type: "text",
  role: "other",
  roleConfidence: 1,
  fit: 1,
  missing: 0,
  distinct: groups.length,
  sample: groups.map(({ label }) => label),
});

const asEstimate = (name: string, distinct: number): ColumnInfo => ({
  name,
  type: name === "next_order" ? "date" : "number",
  role: "other",
  roleConfidence: 1,
  fit: 1,
  missing: 0,
  distinct,
  sample: [],
});
