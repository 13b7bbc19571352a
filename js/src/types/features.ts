import type { Job } from "./host.js";

/** How a feature is brought to a common scale; see `ClusterOptions`. */
export type Transform = "auto" | "none" | "z" | "log" | "yeo-johnson" | "robust" | "quantile";

/** A scale of survey answers: items that measure one thing. */
export interface ScaleOptions {
  /** Of the scale, and of the column with its scores. */
  name: string;
  /** Two columns of numbers or more. */
  items: string[];
  /** Those of them that are worded the other way: lowest + highest − answer counts. */
  reverse?: string[];
  /** The lowest and the highest answer that could be given; those found when left out. */
  range?: [number, number];
}

/** What a scale is worth. A score is the mean of the answers, where at least half of the items are answered. */
export interface Scale {
  name: string;
  range: [number, number];
  /** Rows with a score, and without one. */
  n: number;
  missing: number;
  mean?: number;
  deviation?: number;
  /** Cronbach's alpha over the `complete` rows, with all items answered. */
  alpha?: number;
  complete: number;
  /** `alphaWithout`: alpha of the other items. `correlation`: with the sum of the other items. */
  items: { name: string; reversed: boolean; alphaWithout?: number; correlation?: number }[];
  notices: string[];
}

/** A column that may be compared, and how. */
export interface PreviewOptions extends Job {
  column: string;
  transform?: Transform;
}

/** Counts of values between rising edges, one edge more than there are counts. */
export interface Histogram {
  edges: number[];
  counts: number[];
}

/** A column before and after its transform. */
export interface FeaturePreview {
  /** In its own units. */
  before: Histogram;
  /** As rows are compared. */
  after: Histogram;
  /** The transform that was settled on. */
  transform: Exclude<Transform, "auto">;
  /** Why this one, as a sentence. */
  reason: string;
  /** Fisher's skewness of the values. */
  skew: number;
  /** Values that are 0. */
  zeros: number;
  /** Rows without a value, which are in no bar, and rows with one. */
  missing: number;
  rows: number;
}
