import { asked } from "./asked.js";
import { fail, requireRow } from "./errors.js";
import { GroupingHandle, type StudyLink } from "./grouping.js";
import type { ClusteringFacts, PlacedFacts } from "./protocol.js";
import type {
  ClusterDescription,
  Clustering,
  ClusterMap,
  ClusterModel,
  ClusterSilhouettes,
  ClusterWhy,
  PlacedClusters,
  UnknownValues,
} from "./types/clusters.js";
import type { Table } from "./types/table.js";
import type { ClusterTree, ClusterTreeOptions } from "./types/trees.js";

/** Clusters with the model that places customers in them. */
class ModelHandle extends GroupingHandle implements ClusterModel {
  readonly k: number;
  readonly method: string;
  readonly seed: number;
  readonly centers: number[][];
  readonly features: string[];
  readonly transforms: ClusterModel["transforms"];
  readonly notices: readonly string[];
  readonly #document: object;
  readonly #handleOf: (table: Table) => number;
  /** Under way or done: all descriptions come from one explanation. */
  #explained: Promise<undefined> | undefined;

  constructor(study: StudyLink, facts: ClusteringFacts | PlacedFacts, handleOf: (table: Table) => number) {
    super(study, facts);
    ({
      k: this.k,
      method: this.method,
      seed: this.seed,
      centers: this.centers,
      features: this.features,
      transforms: this.transforms,
      notices: this.notices,
      document: this.#document,
    } = facts);
    this.#handleOf = handleOf;
  }

  async apply(table: Table): Promise<Int32Array> {
    return this.study.ask("apply", { clustering: this.name, table: this.#handleOf(table) });
  }

  async check(table: Table): Promise<UnknownValues[]> {
    return this.study.ask("checkTable", { clustering: this.name, table: this.#handleOf(table) });
  }

  async describe(label: string): Promise<ClusterDescription> {
    this.#explained ??= this.study.ask("explainClusters", { clustering: this.name });
    await this.#explained.catch(() => (this.#explained = undefined));
    return this.study.ask("describeCluster", { clustering: this.name, label });
  }

  async tree(options: ClusterTreeOptions = {}): Promise<ClusterTree> {
    const { settings } = asked("clusters.tree", options);
    return this.study.ask("clusterTree", { clustering: this.name, options: settings });
  }

  async why(row: number): Promise<ClusterWhy> {
    requireRow(row);
    return this.study.ask("clusterWhy", { clustering: this.name, row });
  }

  silhouettes(): Promise<ClusterSilhouettes> {
    return this.study.ask("clusterSilhouettes", { clustering: this.name });
  }

  async map(options: { maxPoints?: number } = {}): Promise<ClusterMap> {
    const { maxPoints } = asked("clusters.map", options).settings;
    if (maxPoints !== undefined && !(Number.isInteger(maxPoints) && maxPoints > 0)) {
      throw fail("bad-option", `“maxPoints” must be a whole number from 1, found ${String(maxPoints)}.`);
    }
    return this.study.ask("clusterMap", { clustering: this.name, ...(maxPoints !== undefined && { maxPoints }) });
  }

  toJSON(): object {
    return this.#document;
  }

  toONNX(): Promise<Uint8Array> {
    return this.study.toONNX(this.#document);
  }

  toPMML(): Promise<string> {
    return this.study.toPMML(this.#document);
  }
}

/** Clusters that were found in a study. */
export class ClusteringHandle extends ModelHandle implements Clustering {
  readonly inertia: number;
  readonly iterations: number;
  readonly converged: boolean;
  readonly dendrogram?: Clustering["dendrogram"];
  readonly quality: Clustering["quality"];
  readonly candidates: Clustering["candidates"];
  readonly variables: Clustering["variables"];
  readonly gamma?: number;
  readonly logLikelihood?: number;
  readonly bic?: number;
  readonly aic?: number;
  readonly entropyR2?: number;
  readonly goodness?: Clustering["goodness"];
  readonly startsAtBest?: number;
  readonly outliers: Clustering["outliers"];

  constructor(study: StudyLink, facts: ClusteringFacts, handleOf: (table: Table) => number) {
    super(study, facts, handleOf);
    ({
      inertia: this.inertia,
      iterations: this.iterations,
      converged: this.converged,
      dendrogram: this.dendrogram,
      quality: this.quality,
      candidates: this.candidates,
      variables: this.variables,
      gamma: this.gamma,
      logLikelihood: this.logLikelihood,
      bic: this.bic,
      aic: this.aic,
      entropyR2: this.entropyR2,
      goodness: this.goodness,
      startsAtBest: this.startsAtBest,
      outliers: this.outliers,
    } = facts);
  }
}

/** Clusters of a saved model. */
export class PlacedHandle extends ModelHandle implements PlacedClusters {
  readonly missing: number;
  readonly unknown: PlacedClusters["unknown"];

  constructor(study: StudyLink, facts: PlacedFacts, handleOf: (table: Table) => number) {
    super(study, facts, handleOf);
    ({ missing: this.missing, unknown: this.unknown } = facts);
  }
}
