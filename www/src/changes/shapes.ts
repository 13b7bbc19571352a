/** What changed between two days or two files, as plain data for the screen and its charts. */
import type { Changes } from "../engine.ts";

export type { Alert, Changes, Drift, Migration, Refit, SegmentChange, Trend } from "../engine.ts";

/** What the customers are compared with. */
export interface Other {
  /** An earlier day of the same orders, last month’s project, or another file. */
  kind: "day" | "project" | "file";
  /** As a person calls it. */
  name: string;
}

/** A comparison that was made. */
export interface Compared {
  with: Other;
  changes: Changes;
  /** Parts that the other side could not be asked for, and why. */
  skipped: readonly { part: string; reason: string }[];
  /** Whether a rule can say who was where before: the other side's customers are known, and those studied are the later ones. */
  traceable: boolean;
  /** The definitions then; see state.ts. */
  definitions: string;
}

/** Another file that lacks columns: it waits for the person to say which they are. */
export interface Waiting {
  file: File;
  mapping: Readonly<Record<string, string>>;
  skip: readonly string[];
  lacking: readonly { column: string; parts: readonly string[]; suggestions: readonly string[] }[];
}

/** Sizes over time, one line a segment or group. */
export interface Series {
  name: string;
  color: number;
  n: readonly number[];
}

/** What might be too many segments, as of these definitions. */
export interface Review {
  definitions: string;
  hints: readonly { code: string; segments: readonly string[]; n: number; message: string }[];
}

/** What a control group is to be. */
export interface HoldoutSetup {
  /** Key of a segment; everyone when empty. */
  of: string;
  share: number;
  /** Key of a grouping; nothing when empty. */
  by: string;
  /** Who does what is hoped for without a campaign, as a share, and by how much the campaign raises that. */
  rate: number;
  lift: number;
}

/** A control group that was drawn. */
export interface ControlGroup {
  asked: HoldoutSetup;
  column: string;
  control: number;
  treated: number;
  strata: readonly { label: string; n: number; control: number }[];
  needed?: { control: number; treated: number; enough: boolean };
  sentence: string;
  notices: readonly string[];
}

/** A flow between groups; −1 is nobody: who came, or went. */
export interface Flow {
  from: number;
  to: number;
  n: number;
}
