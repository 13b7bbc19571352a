/** What the page knows right now: signals only, no engine, no effects. */
import { computed, signal } from "@preact/signals";
import type { Clusters, Faces, FeaturePreview, Lassoed, Search, Setup } from "./clusters/shapes.ts";
import type {
  Choice,
  ColumnInfo,
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
import { EVERYONE } from "./rule/tree.ts";

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
  /** RFM scores go from 1 to this. */
  scale: signal(5),
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
  if (state.clusters.value) list.push({ key: "clusters", name: "Clusters", kind: "grouping" });
  return list;
});

/** The segments as their combinations need them, in the order of the overlap. */
export const known = computed(() =>
  state.segments.value.map(({ name, rule, counts }) => ({ name, rule, unknown: counts.unknown })),
);

/** Screens that can be visited now. */
export const reachable = computed((): ReadonlySet<Screen> => {
  const open: Screen[] = ["start"];
  if (leaf.value || state.glance.value) open.push("check");
  if (state.study.value) open.push("rfm", "segments", "clusters", "profile", "export");
  return new Set(open);
});

/** Colours belong to a name for life: the first free of eight; everything later is grey (0). */
export function freeColor(taken: readonly number[]): number {
  for (let color = 1; color <= 8; color++) if (!taken.includes(color)) return color;
  return 0;
}

type Labelled = readonly Pick<Group, "label">[];

/** What rules can ask of customers: their columns, and the groups there are, by name. */
export const ruleColumns = computed((): readonly ColumnInfo[] => {
  const columns = state.study.value?.columns ?? [];
  const rfm = state.rfm.value && !isProblem(state.rfm.value) ? state.rfm.value.groups : [];
  const groupings: [string, Labelled][] = [
    ["RFM", rfm],
    ["Clusters", state.clusters.value?.clusters ?? []],
    ...state.tiers.value.map(({ name, labels }): [string, Labelled] => [name, labels.map((label) => ({ label }))]),
  ];
  const known = (name: string): boolean => columns.some((column) => column.name === name);
  return [
    ...columns,
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
