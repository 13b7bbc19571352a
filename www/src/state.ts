/** What the page knows right now: signals only, no engine, no effects. */
import { computed, signal } from "@preact/signals";
import type {
  Answers,
  Choice,
  Clusters,
  Distribution,
  Draft,
  Example,
  Lock,
  Mate,
  Overlap,
  Problem,
  Profiled,
  Rfm,
  Running,
  Screen,
  Screens,
  Segment,
  Sheet,
  ShownRows,
  Source,
  Study,
} from "./model.ts";

export type Theme = "auto" | "light" | "dark";

export const isProblem = (value: Rfm | Problem): value is Problem => "message" in value;

export const emptyDraft = (): Draft => ({
  id: undefined,
  name: "",
  text: "",
  counts: undefined,
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

  source: signal<Source | null>(null),
  answers: signal<Answers>({}),
  sheet: signal<Sheet | null>(null),
  referenceDate: signal(""),
  /** How the columns of the sheet spread, by name; filled in after the sheet is shown. */
  spreads: signal<Readonly<Record<string, Distribution>>>({}),
  mate: signal<Mate | null>(null),
  shown: signal<ShownRows | null>(null),

  study: signal<Study | null>(null),
  rfm: signal<Rfm | Problem | null>(null),
  segments: signal<Segment[]>([]),
  overlap: signal<Overlap | null>(null),
  draft: signal<Draft>(emptyDraft()),
  examples: signal<Example[]>([]),
  features: signal<string[]>([]),
  clusters: signal<Clusters | null>(null),
  profiled: signal<Profiled | null>(null),
};

/** What can be profiled and exported now. */
export const choices = computed((): Choice[] => {
  const list: Choice[] = state.segments.value.map(({ id, name }) => ({ key: `segment ${id}`, name, kind: "segment" }));
  if (state.rfm.value && !isProblem(state.rfm.value)) list.push({ key: "rfm", name: "RFM groups", kind: "grouping" });
  if (state.clusters.value) list.push({ key: "clusters", name: "Clusters", kind: "grouping" });
  return list;
});

/** Screens that can be visited now. */
export const reachable = computed((): ReadonlySet<Screen> => {
  const open: Screen[] = ["start"];
  if (state.sheet.value) open.push("check");
  if (state.study.value) open.push("rfm", "segments", "clusters", "profile", "export");
  return new Set(open);
});

/** Colours belong to a name for life: the first free of eight; everything later is grey (0). */
export function freeColor(taken: readonly number[]): number {
  for (let color = 1; color <= 8; color++) if (!taken.includes(color)) return color;
  return 0;
}
