/** What the screen of clusters shows, as plain data. */
import type { ClusterCandidate, Dendrogram } from "../engine.ts";
import type { Group, Profile } from "../model.ts";

/** One number of clusters that was tried, and the upper end of Ward's tree of merges. */
export type { ClusterCandidate as Candidate, Dendrogram } from "../engine.ts";

export type Method = "kmeans" | "kprototypes" | "gaussian" | "latent-class" | "hdbscan" | "ward";
export type Missing = "drop" | "median" | "category" | "likelihood";
export type Kind = "number" | "category";
export type Transform = "auto" | "none" | "z" | "log" | "yeo-johnson" | "robust" | "quantile";

/** A column that customers may be compared by, and how. */
export interface FeatureChoice {
  column: string;
  /** Whether it is one of the features. */
  on: boolean;
  kind: Kind;
  /** Whether it may be taken as the other kind, too. */
  both: boolean;
  transform: Transform;
  /** How much a difference in it counts; 1 is as much as in any other. */
  weight: number;
}

/** What is asked of the engine. */
export interface Setup {
  method: Method;
  /** None to choose the number of clusters. */
  k: number | undefined;
  /** The range that is tried where the number is chosen. */
  range: { min: number; max: number };
  /** What becomes of customers who lack a value; none for what is usual with the method. */
  missing: Missing | undefined;
  /** Whether customers far outside shape no cluster and are placed afterwards. */
  setAside: boolean;
  features: readonly FeatureChoice[];
}

/** A column before and after it is brought to scale. */
export interface FeaturePreview {
  /** The choice it was made for. */
  asked: Transform;
  before: Histogram;
  after: Histogram;
  /** What was done in the end. */
  transform: string;
  /** Why, in words. */
  reason: string;
}

/** Rows between one edge and the next. */
export interface Histogram {
  edges: ArrayLike<number>;
  counts: ArrayLike<number>;
}

/** A search that runs, or one that was stopped with some numbers of clusters finished. */
export interface Search {
  candidates: readonly ClusterCandidate[];
  /** Every number that is tried. */
  range: { min: number; max: number };
  stopped: boolean;
}

export interface Cluster extends Group {
  /** The person's own name for it, or the one from its strongest differences. */
  name: string;
  sentences: string[];
  stability: number | undefined;
  means: { name: string; value: number }[];
  /** A rule that covers the cluster nearly, and how well it does. */
  rule: { text: string; precision: number; recall: number; note?: string };
  /** Rows nearest to its middle, and rows nearly as near to another. */
  typical: readonly number[];
  borderline: readonly number[];
  /** What is over and under the average in it, strongest first. */
  index: readonly OverUnder[];
}

/** One value of a column, or one quarter of its numbers, in a cluster against everyone. */
export interface OverUnder {
  column: string;
  value: string;
  /** Share of the members who have it, and of everyone. */
  share: number;
  baseline: number;
  /** 100 is the average. */
  index: number;
  n: number;
}

/** Customers on two principal components; `group` is a position in the clusters, −1 for none. */
export interface CustomerMap {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  group: ArrayLike<number>;
  axes: [string, string];
  explained: [number, number];
}

/** Silhouettes of a sample, thinned to a curve for each cluster. */
export interface Blades {
  clusters: { label: string; n: number; mean: number; below: number; values: ArrayLike<number> }[];
  sampleSize: number;
  mean: number;
}

/** A tree that takes customers to their clusters by yes-or-no questions. */
export interface Tree {
  /** Share of the customers whose leaf names their cluster. */
  fidelity: number;
  /** Within sum of squares of the tree's groups over that of the clusters. */
  costRatio: number;
  /** The first is the root. */
  nodes: readonly TreeNode[];
  /** Rules of its leaves, the lower side of a split before the upper. */
  leaves: readonly { text: string; label: string; n: number }[];
}

export interface TreeNode {
  /** The column that is asked; none at a leaf. */
  feature?: string;
  /** Values up to this go to the lower side, or these values; neither where only customers without a value do. */
  cut?: number | string;
  values?: readonly (number | string | boolean)[];
  /** What leads here from the place above. */
  text: string;
  n: number;
  share: number;
  /** The places of its sides; a leaf has neither. */
  low?: number;
  high?: number;
  label?: string;
  purity?: number;
}

/** Standardised means of one cluster. */
export interface SnakeLine {
  /** One a feature; 0 is everyone. */
  means: number[];
  /** Half the width of the 95 % interval. */
  margins: number[];
}

/** How the clusters differ in each feature, the feature that tells them apart most first. */
export interface Snake {
  features: { name: string; etaSquared: number }[];
  /** One a cluster. */
  lines: SnakeLine[];
  /** Features that were taken as logarithms. */
  logs: number;
  /** Features that tell the clusters apart less and are left out. */
  others: number;
}

/** What one feature tells apart. */
export interface Variable {
  name: string;
  f: number;
  etaSquared: number;
  betweenSS: number;
  withinSS: number;
  cramersV?: number;
}

/** The customers inside an area of the map, and a rule for them. */
export interface Lassoed {
  n: number;
  text: string;
  precision: number;
  recall: number;
  /** How many the rule takes. */
  taken: number;
}

/** A few customers of one cluster, for whom one can ask why they are in it. */
export interface Faces {
  label: string;
  head: string[];
  rows: { row: number; typical: boolean; cells: string[]; why?: Nearness }[];
}

/** Why a customer is in one cluster and not in the next. */
export interface Nearness {
  label: string;
  next?: string;
  /** 0 between the two, 1 at the middle of its own. */
  margin: number;
  /** Each feature's part of the difference of the two squared distances; below 0 where it speaks for the other. */
  features: { name: string; share: number }[];
}

export interface Clusters {
  /** Of the grouping. */
  name: string;
  /** What was asked; nothing where a saved model placed the customers. */
  asked: Setup | undefined;
  /** The columns that customers were compared by. */
  columns: readonly string[];
  k: number;
  method: Method;
  reason: string;
  /** "placed" by a saved model: nothing was searched. */
  verdict: "clear" | "doubtful" | "none" | "placed";
  silhouette: number;
  sampleSize: number;
  seed: number;
  /** Whether the number was the person’s own. */
  given: boolean;
  candidates: readonly ClusterCandidate[];
  /** The numbers that other measures favour; none of them decides. */
  preferred: { knee?: number; gap?: number; predictionStrength?: number };
  clusters: Cluster[];
  notClustered: number;
  features: readonly string[];
  variables: Variable[];
  notices: readonly string[];
  map: CustomerMap;
  blades: Blades;
  tree: Tree;
  snake: Snake;
  dendrogram: Dendrogram | undefined;
  /** How well a model of likelihood fits, in words; empty for other methods. */
  fit: string;
  profiles: Profile[];
  customers: number;
}
