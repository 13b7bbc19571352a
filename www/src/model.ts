/** What the screens show, as plain data. Screens and charts know these shapes and never the engine itself. */
import type { FunctionComponent } from "preact";
import type { Actions } from "./actions.ts";
import type {
  Baseline,
  ColumnInfo,
  Distribution,
  Profile as EngineProfile,
  Template as EngineTemplate,
  Finding,
  ImportedRule,
  JoinProposal,
  Lacking,
  LoadOptions,
  NestedEdges,
  Question,
  Recipe,
  Repair,
  RuleCounts,
  RuleJson,
  Skipped,
} from "./engine.ts";
import type { Attempt, Resource } from "./lock.ts";
import type { FactsOf } from "./rule/counted.ts";

export type {
  ColumnInfo,
  ColumnType,
  Concentration,
  Distribution,
  Exclusion,
  Finding,
  JoinProposal,
  Overlap,
  Question,
  Role,
  RuleCounts,
  RuleJson,
  RuleParameters,
  RuleSource,
  SqlOptions,
} from "./engine.ts";
export type { Attempt, Resource } from "./lock.ts";

export type Screen = "start" | "check" | "rfm" | "value" | "segments" | "clusters" | "profile" | "changes" | "export";

/** What draws the screens behind the first one. */
export type Screens = Record<Exclude<Screen, "start">, FunctionComponent<{ actions: Actions }>>;

export const STEPS: readonly { screen: Screen; title: string; hint: string }[] = [
  { screen: "start", title: "File", hint: "Open a file or the sample" },
  { screen: "check", title: "Check", hint: "What the columns mean" },
  { screen: "rfm", title: "RFM", hint: "Recency, frequency, money" },
  { screen: "value", title: "Value", hint: "What customers will bring" },
  { screen: "segments", title: "Segments", hint: "Rules with live counts" },
  { screen: "clusters", title: "Clusters", hint: "Customers who are alike" },
  { screen: "profile", title: "Profile", hint: "A group against everyone" },
  { screen: "changes", title: "Changes", hint: "Since a day, or last month’s file" },
  { screen: "export", title: "Export", hint: "Take the result with you" },
];

export interface Lock {
  phase: "loading" | "locked" | "failed";
  /** Moment of the lock in milliseconds since the page was opened. */
  at: number;
  resources: Resource[];
  attempts: Attempt[] | "running" | null;
  message?: string;
}

export interface Running {
  title: string;
  phase: string;
  ratio: number;
  rows: number | undefined;
  /** When it began, in milliseconds since the page was opened. */
  began: number;
}

/** What went wrong, in words, with what can be done. */
export interface Problem {
  message: string;
  hint?: string;
  /** What would mend it at once, as the words of a button each. */
  remedies?: readonly string[];
}

export interface Source {
  name: string;
  size: number;
  synthetic: boolean;
}

/** A table as the check screen shows it. */
export interface Sheet {
  kind: "customers" | "orders";
  rows: number;
  columns: readonly ColumnInfo[];
  findings: readonly Finding[];
  questions: readonly Question[];
  dialect: string;
  /** First rows, as text. */
  preview: string[][];
  /** Questions that were answered; they can be answered anew. */
  answered: readonly Question[];
  /** The repairs so far, and what each has changed. */
  repairs: readonly { repair: Repair; log: Finding }[];
}

/** A file on the desk: as the check screen shows it, and how it is read. */
export interface Leaf extends Source {
  sheet: Sheet;
  answers: Answers;
  /** How its columns spread, by name; filled in after the sheet is shown. */
  spreads: ReadonlyMap<string, Distribution>;
}

/** How the customers belong to the orders, where both lie on the desk. */
export interface Join {
  /** None where they share no values. */
  proposal: JoinProposal | null;
  /** Whether they are to be joined. */
  on: boolean;
}

/** The beginning of a file, while the rest is read or is not read yet. */
export interface Glance {
  name: string;
  size: number;
  dialect: string;
  columns: readonly ColumnInfo[];
  rows: string[][];
  estimate: { rows: number; memoryBytes: number; columns: number[] };
  /** Set where the whole file would take more memory than this tab may use: it waits for the choice of columns. */
  limit?: number;
}

/** A saved project that is to be made again on the file, and what the file lacks for it. */
export interface Project {
  name: string;
  recipe: Recipe;
  /** Sizes and shares of then, and who was where as hashes; none in a mere recipe. */
  baseline?: Baseline;
  /** Names of its groupings and segments, and which of all its parts are made by now. */
  parts: readonly string[];
  made: readonly string[];
  /** What its columns are called in this file. */
  mapping: Readonly<Record<string, string>>;
  /** Columns of which a person said that the parts that use them are left out. */
  skip: readonly string[];
  /** Columns that the file lacks, with the parts that use them and the columns that may be meant. */
  lacking: readonly Lacking[];
  /** Parts that are not made, and why. */
  skipped: readonly Skipped[];
}

/** Whole rows behind a finding. */
export interface ShownRows {
  finding: Finding;
  /** With the number of each row, from 1. */
  rows: { row: number; cells: string[] }[];
}

export type Answers = Pick<
  LoadOptions,
  "sheet" | "delimiter" | "quote" | "header" | "encoding" | "decimal" | "dateOrder" | "skipLines" | "columns" | "only"
>;

/** The customers under study. */
export interface Study {
  customers: number;
  columns: readonly ColumnInfo[];
  /** The columns of the order lines that rules can ask; none where there are no orders. */
  orders: readonly ColumnInfo[];
  referenceDate: string;
  /** The column that counts as revenue, if there is one. */
  revenue: string | undefined;
  revenueTotal: number;
  notices: readonly Finding[];
}

export interface Group {
  label: string;
  n: number;
  share: number;
  revenueShare: number | undefined;
  color: number;
}

export interface RfmCell {
  n: number;
  revenue: number;
}

export interface Rfm {
  scale: number;
  /** `[frequency score − 1][recency score − 1]` */
  cells: RfmCell[][];
  /** Of nested bands those of recency only. */
  edges: { recency: number[]; frequency: number[]; monetary: number[] };
  nestedEdges: NestedEdges | undefined;
  nested: boolean;
  /** How many bands the values of each axis allow at most. */
  possible: { recency: number; frequency: number; monetary: number };
  groups: Group[];
  /** What ties did to the scores, and how many frequency scores are left then. */
  notes: string[];
  levels: number;
  /** Customers without a score: no order, or no date. */
  unscored: number;
}

export interface Segment {
  id: string;
  name: string;
  text: string;
  rule: RuleJson;
  counts: RuleCounts;
  color: number;
}

/** A rule as it is written: its text, its tree, and which of the two a person changed last; the other follows it. */
export interface Written {
  text: string;
  /** A group. While the text is no rule, the tree of the last text that was one. */
  rule: RuleJson;
  by: "text" | "tree";
}

export interface Draft extends Written {
  /** The segment being edited; none for a new one. */
  id: string | undefined;
  name: string;
  counts: RuleCounts | undefined;
  /** What is known of each part of the tree. */
  facts: FactsOf;
  /** The counts are those of an earlier, valid rule. */
  stale: boolean;
  errors: { at: number; length: number; message: string; suggestions: string[] }[];
}

/** The rule being written, against everyone. */
export interface Live {
  /** Who it was taken for. */
  text: string;
  profile: EngineProfile | undefined;
  /** Of its customers, those whom the study leaves out. */
  excluded: number;
  header: string[];
  /** A few of its customers with their row numbers. */
  rows: { row: number; cells: string[] }[];
}

/** A ready rule with the customers it takes. */
export type Template = EngineTemplate & { n: number | undefined };

/** What became of another system’s rule, or why it could not be read. */
export type Imported = Omit<ImportedRule, "rule"> & { rule: RuleJson | undefined; problem: string | undefined };

/** The rule being written as SQL, or why it cannot be. */
export interface Sql {
  rule: RuleJson;
  text: string;
  problem: string | undefined;
}

/** Each customer in one group at most. */
export interface Tiers {
  name: string;
  labels: readonly string[];
  sizes: readonly number[];
  /** The rules they were made of, in order; none of clusters. */
  rules: readonly { name: string; rule: RuleJson }[];
  /** Made by a project in another way than by rules: clusters by the centres of then, stages, a control group. */
  placed?: boolean;
}

/** Why one customer is in the rule being written, or not. */
export interface Why {
  row: number;
  /** The rule when it was asked. */
  rule: RuleJson;
  facts: FactsOf;
}

/** How many the whole rule takes for each way in which one row can treat missing values. */
export interface Weighed {
  /** The row. */
  node: RuleJson;
  /** The rule when it was weighed; another row of it may have changed since. */
  rule: RuleJson;
  /** Customers by choice: undecided, out, in. */
  taken: { open: number; out: number; in: number };
}

export interface Example {
  name: string;
  text: string;
  n: number;
}

/** A profile with the baseline's own figures beside the group's. */
export type Profile = Omit<EngineProfile, "columns"> & {
  columns: (EngineProfile["columns"][number] & { index?: number; baselineMean?: number })[];
};

/** Something that can be profiled or exported: a segment, the RFM groups, the clusters. */
export interface Choice {
  key: string;
  name: string;
  kind: "segment" | "grouping";
}

export interface Profiled {
  key: string;
  name: string;
  kind: Choice["kind"];
  profiles: Profile[];
  customers: number;
}
