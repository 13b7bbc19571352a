import type { Transform } from "./features.js";
import type { Grouping } from "./groupings.js";
import type { Job } from "./host.js";
import type { RuleJson } from "./rules.js";
import type { Table } from "./table.js";
import type { ClusterTree, ClusterTreeOptions } from "./trees.js";

/**
 * How clusters are found. Transforms: none · z = (x − mean) / sd with n · log = log1p, then z · yeo-johnson = the likeliest
 * power, then z · robust = (x − median) / interquartile range · quantile = normal scores · auto = `log` where values are
 * skewed and none is negative, `yeo-johnson` where some are or more than 30 % are 0, else `z`, and reported. The same table,
 * options and seed give the same clusters, bit for bit.
 */
export interface ClusterOptions extends Job {
  /**
   * `kmeans` round groups of numbers (when left out) · `kprototypes` numbers and categories · `gaussian` stretched groups of
   * numbers that may overlap · `latent-class` answers to a survey, every feature a category · `ward` numbers, merged from below,
   * with a tree · `hdbscan` dense groups of any shape: it finds their number itself, and customers in none are not clustered.
   */
  method?: "kmeans" | "kprototypes" | "gaussian" | "latent-class" | "hdbscan" | "ward";
  /**
   * Columns; the sensible ones when left out (never what identifies a person or the law protects). With `kprototypes` text and
   * yes/no columns are categories, and numbers where `kind` says that they are codes.
   */
  features?: (string | { column: string; transform?: Transform; kind?: "number" | "category"; weight?: number })[];
  /** A given number is never changed. From a range (2 to 10 when left out) the best is chosen, by silhouette. */
  k?: number | { min: number; max: number };
  /** The study's when left out. */
  seed?: number;
  /** Random starts, of which the best counts; of latent classes 30 or more when left out. */
  restarts?: number;
  /** Starting centres in the columns' own units, one row a cluster: then there is one start. */
  initial?: number[][];
  maxIterations?: number;
  /** Of `gaussian`: what shape its groups may take; "full" when left out. */
  covariance?: "spherical" | "diagonal" | "tied" | "full";
  /** Of `hdbscan`: fewer customers are no group; 1 in 100 when left out, at least 5. */
  minClusterSize?: number;
  /**
   * The share (0 to 1) that the smallest cluster shall hold: numbers of clusters that break it are not chosen as long as another
   * keeps it. A given `k` stays, with a notice. Not of `hdbscan`, which has `minClusterSize`.
   */
  minShare?: number;
  /** The grouping's name; one of the same name is replaced. When left out the next free of "Clusters", "Clusters 2" … */
  name?: string;
  /**
   * Rows that lack a feature are left out ("drop"), or get its median, taken in own units before the transform, of a category
   * its most frequent value ("median"); or lacking a category is a value of its own ("category"); or the answers that are there
   * decide ("likelihood", for latent classes only and what they do when nothing is said).
   */
  missing?: "drop" | "median" | "category" | "likelihood";
  /**
   * Of kprototypes: what a different value in a category counts against a squared difference of scaled numbers; half the mean
   * deviation of the scaled numbers when left out, which is 0.5 after z, and 1 without numbers.
   */
  gamma?: number;
  /**
   * Rows far outside in a column take part ("keep", when left out), or shape neither scales nor clusters and are placed
   * afterwards ("set-aside"). Either way they are counted in `outliers`.
   */
  outliers?: "keep" | "set-aside";
}

/** What a column of other rows holds that a model has never seen. */
export interface UnknownValues {
  column: string;
  /** Rows without a value. */
  missing: number;
  /** Rows with a value of a category that had no level of its own; rare ones that shared a level are among them. */
  unseenRows: number;
  /** The most frequent of these values. */
  unseen: { value: string; n: number }[];
}

/** One number of clusters that was tried. */
export interface ClusterCandidate {
  k: number;
  inertia: number;
  silhouette: number;
  calinskiHarabasz: number;
  /** Lower is better. */
  daviesBouldin: number;
  /** The smallest mean Jaccard index of its clusters over bootstrap draws. */
  stability: number;
  /** Share of the rows that the smallest cluster holds. */
  smallestShare: number;
  /** The gap statistic and its standard error: how much tighter than evenly spread rows. k-means on numbers. */
  gap?: number;
  gapError?: number;
  /** The smallest share of pairs that the clusters of other rows leave together. */
  predictionStrength?: number;
  /** Of mixtures and latent classes: lower is better. ICL counts customers between clusters against them. */
  bic?: number;
  icl?: number;
}

/** Clusters with the model that places customers in them; −1 in `assignments` is "not clustered". */
export interface ClusterModel extends Grouping {
  readonly k: number;
  readonly method: string;
  readonly seed: number;
  /** Arithmetic means of the members in the features' own units, one array a cluster. */
  readonly centers: number[][];
  readonly features: string[];
  /** How each feature was brought to a common scale. */
  readonly transforms: Transform[];
  /** What was decided on the way, as sentences. */
  readonly notices: readonly string[];
  /** The cluster of each row of another table with the same columns; −1 where a value is missing and none stands in. */
  apply(table: Table): Promise<Int32Array>;
  /** What another table holds that the model has never seen, by column: missing values, and values without a level of their own. */
  check(table: Table): Promise<UnknownValues[]>;
  /** The cluster as an editable rule, how well the rule covers it, and who stands for it. Throws `not-found`. */
  describe(label: string): Promise<ClusterDescription>;
  /** All clusters as one small tree of cuts in the columns' own units. */
  tree(options?: ClusterTreeOptions): Promise<ClusterTree>;
  /** Why a row (counted from 0) is in its cluster and not in the next. Throws `not-found` for a row in no cluster. */
  why(row: number): Promise<ClusterWhy>;
  /** How well each row sits in its cluster, as one falling curve a cluster. */
  silhouettes(): Promise<ClusterSilhouettes>;
  /** The clusters on their two principal components: points to draw, never more than `maxPoints` of them. */
  map(options?: { maxPoints?: number }): Promise<ClusterMap>;
  /** The model as a plain JSON document, for `study.place` and other systems. */
  toJSON(): object;
  /** The model as an ONNX file: one input a column, outputs `label` (−1: not clustered) and `scores`. */
  toONNX(): Promise<Uint8Array>;
  /** The model as a PMML 4.4 document, whose prediction is the label. Throws `unsupported` where XML lacks a character. */
  toPMML(): Promise<string>;
}

/** Clusters of a saved model on the customers of another file. Nothing is fitted: labels and their order are the model's. */
export interface PlacedClusters extends ClusterModel {
  /** Rows in no cluster because a value is missing and none stands in. */
  readonly missing: number;
  /** By column, what the model does not know: rows without a value, and rows with a value that it has no level for. */
  readonly unknown: readonly {
    column: string;
    missing: number;
    unseenRows: number;
    /** The most frequent of these values. */
    unseen: { value: string; n: number }[];
  }[];
}

/** Clusters of alike rows, ordered by size, then centre. */
export interface Clustering extends ClusterModel {
  /** Within-cluster sum of squares, in transformed space. */
  readonly inertia: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** Ward's method: the last 30 merges, or as many as there are clusters if that is more. */
  readonly dendrogram?: Dendrogram;
  readonly quality: {
    silhouette: number;
    /** Rows over which the silhouette was taken. */
    sampleSize: number;
    calinskiHarabasz: number;
    daviesBouldin: number;
    stability: number[];
    verdict: "clear" | "doubtful" | "none";
    reason: string;
    /** The k that other measures favour, none of which decides; absent where a measure favours none. */
    preferred: { knee?: number; gap?: number; predictionStrength?: number; bic?: number };
  };
  readonly candidates: ClusterCandidate[];
  /** Of kprototypes: what a different value in a category counted. */
  readonly gamma?: number;
  /** Of mixtures and latent classes, of the best start, with natural logarithms; of criteria lower is better. */
  readonly logLikelihood?: number;
  readonly bic?: number;
  readonly aic?: number;
  /** How sure it is where the rows belong, 0 to 1. */
  readonly entropyR2?: number;
  /** Of latent classes without missing answers: observed against expected patterns of answers. */
  readonly goodness?: { gSquared: number; chiSquared: number; degreesOfFreedom: number };
  /** Random starts that reached the best likelihood. */
  readonly startsAtBest?: number;
  /**
   * Rows more than three times the width of a compared column's middle half beyond it, as scaled: how many, which (up to
   * 1,000), in which columns, and whether they were kept from shaping the clusters.
   */
  readonly outliers: { n: number; rows: number[]; columns: { name: string; n: number }[]; setAside: boolean };
  /** One a column that was compared; `cramersV` of categories, whose levels count together. */
  readonly variables: {
    name: string;
    f: number;
    etaSquared: number;
    betweenSS: number;
    withinSS: number;
    cramersV?: number;
  }[];
}

/** The upper end of a tree of merges. Where customers were many it was grown on a sample; the notices say so. */
export interface Dendrogram {
  /** Customers in each leaf, and the position of its cluster in `labels`. */
  sizes: number[];
  clusters: number[];
  /**
   * From the lowest up. `left` and `right` below the number of leaves are leaves; `leaves + i` is what merge i made. Heights
   * are Ward's (R's ward.D2): for two single customers their distance in scaled units.
   */
  merges: { left: number; right: number; height: number; size: number }[];
}

/** Points on two principal components. */
export interface ClusterMap {
  /** Row number of each point. */
  rows: Uint32Array;
  x: Float32Array;
  y: Float32Array;
  /** Share of the variance that each axis explains. */
  explained: [number, number];
  /** What each feature adds to each axis. */
  loadings: { name: string; x: number; y: number }[];
  /** Rows from which the axes were found. */
  sampleSize: number;
}

/** A cluster in words and as a rule. */
export interface ClusterDescription {
  /** Its strongest differences, such as "high monetary, low recency_days". */
  name: string;
  /** Size and strongest differences. */
  sentence: string;
  /** A rule over the features that covers the cluster nearly; cut points are rounded to few digits. */
  rule: RuleJson;
  /** The rule as canonical text. */
  text: string;
  /** Share of those the rule takes who are members, 0 to 1; NaN when it takes nobody. */
  precision: number;
  /** Share of the members whom the rule takes, 0 to 1. */
  recall: number;
  /** Why the rule takes nobody, where no leaf of the tree names the cluster. */
  note?: string;
  /** Rows nearest to the centre. */
  typical: number[];
  /** Rows nearly as near to another centre. */
  borderline: number[];
  /**
   * What its members have more or less often than everyone who was clustered, the strongest differences first, over all
   * columns that are not personal: categories by value, numbers and dates by quarters ("over 1,200"). `index` is 100 where
   * the shares are equal, `n` the members who have the value; rows without any value of the column do not count.
   */
  index: { column: string; value: string; share: number; baseline: number; index: number; n: number }[];
}

/** The lead of a row's own cluster over the next. */
export interface ClusterWhy {
  label: string;
  /** The second best; none where there is one cluster only. */
  next?: string;
  /** From 0 on the border to 1 on the centre: (d₂ − d₁) / (d₂ + d₁) of the distances. */
  margin: number;
  /**
   * What each column contributes, the largest share first: its part of the difference of the squared distances (for mixtures
   * and classes: of the logarithms of share × density). They add up to 1; one below 0 speaks for the other cluster.
   */
  features: { name: string; share: number }[];
}

/** Silhouettes by cluster, over the rows of `quality.silhouette`. */
export interface ClusterSilhouettes {
  clusters: {
    label: string;
    /** Rows of the sample in it. */
    n: number;
    mean: number;
    /** Share of them below 0: nearer to another cluster. */
    below: number;
    /** Falling; of more than 200 rows every so many-th. */
    values: Float32Array;
  }[];
  sampleSize: number;
  mean: number;
}

/** A readable rule for some rows. */
export interface RowsRule {
  rule: RuleJson;
  text: string;
  /** Share of those the rule takes who were asked for, and of those asked for whom it takes. */
  precision: number;
  recall: number;
  /** Rows that the rule takes. */
  n: number;
}
