import { GroupingHandle, type StudyLink } from "./grouping.js";
import type { ClusteringFacts, PlacedFacts } from "./protocol.js";
import type {
  ClusterDescription,
  Clustering,
  ClusterMap,
  ClusterModel,
  ClusterTree,
  PlacedClusters,
} from "./types/groupings.js";
import type { Table } from "./types/table.js";

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

  describe(label: string): Promise<ClusterDescription> {
    return this.study.ask("describeCluster", { clustering: this.name, label });
  }

  tree(): Promise<ClusterTree> {
    return this.study.ask("clusterTree", { clustering: this.name });
  }

  map(options: { maxPoints?: number } = {}): Promise<ClusterMap> {
    const { maxPoints } = options;
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
  readonly quality: Clustering["quality"];
  readonly candidates: Clustering["candidates"];
  readonly variables: Clustering["variables"];

  constructor(study: StudyLink, facts: ClusteringFacts, handleOf: (table: Table) => number) {
    super(study, facts, handleOf);
    ({
      inertia: this.inertia,
      iterations: this.iterations,
      converged: this.converged,
      quality: this.quality,
      candidates: this.candidates,
      variables: this.variables,
    } = facts);
  }
}

/** Clusters of a saved model. */
export class PlacedHandle extends ModelHandle implements PlacedClusters {
  readonly missing: number;
  readonly unseen: PlacedClusters["unseen"];

  constructor(study: StudyLink, facts: PlacedFacts, handleOf: (table: Table) => number) {
    super(study, facts, handleOf);
    ({ missing: this.missing, unseen: this.unseen } = facts);
  }
}
