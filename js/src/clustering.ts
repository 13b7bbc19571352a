import { GroupingHandle, type StudyLink } from "./grouping.js";
import type { ClusteringFacts } from "./protocol.js";
import type { ClusterDescription, Clustering, ClusterMap, ClusterTree } from "./types/groupings.js";
import type { Table } from "./types/table.js";

/** Clusters of a study. */
export class ClusteringHandle extends GroupingHandle implements Clustering {
  readonly k: number;
  readonly method: string;
  readonly seed: number;
  readonly inertia: number;
  readonly iterations: number;
  readonly converged: boolean;
  readonly centers: number[][];
  readonly features: string[];
  readonly transforms: Clustering["transforms"];
  readonly quality: Clustering["quality"];
  readonly candidates: Clustering["candidates"];
  readonly variables: Clustering["variables"];
  readonly notices: readonly string[];
  readonly #document: object;
  readonly #handleOf: (table: Table) => number;

  constructor(study: StudyLink, facts: ClusteringFacts, handleOf: (table: Table) => number) {
    super(study, facts);
    ({
      k: this.k,
      method: this.method,
      seed: this.seed,
      inertia: this.inertia,
      iterations: this.iterations,
      converged: this.converged,
      centers: this.centers,
      features: this.features,
      transforms: this.transforms,
      quality: this.quality,
      candidates: this.candidates,
      variables: this.variables,
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
}
