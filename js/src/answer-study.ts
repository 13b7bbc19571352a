import { type Answers, type Desk, sourceOf } from "./answers.js";
import type { StudyMethod } from "./grouping.js";
import type { Changed, ClusteringFacts, PastFacts, StagesFacts } from "./protocol.js";
import { drive } from "./run.js";
import { sharers } from "./shares.js";
import type { Changes } from "./types/changes.js";
import type { ClusterSilhouettes } from "./types/clusters.js";
import type { FeaturePreview } from "./types/features.js";
import type { Concentration } from "./types/groupings.js";
import type { Propensity } from "./types/propensity.js";
import type { Profile } from "./types/study.js";
import type { Cohorts, Hint } from "./types/time.js";
import type { ClusterTree, OutcomeTree } from "./types/trees.js";
import type { ValueModel } from "./types/value.js";

/** Everything about a study. */
export const studyAnswers: Answers<"study" | StudyMethod> = {
  study({ native }, { study, table, orders, options, fold }) {
    native.study(study, table, options, orders, fold);
    return native.recipe(study);
  },

  closeStudy({ native }, { study }) {
    native.dropStudy(study);
    return undefined;
  },

  segment({ native }, { study, name, rule }) {
    const value = native.segment(study, name, rule);
    return { value, segments: native.touched(study) };
  },

  update({ native }, { study, id, rule }) {
    const value = native.update(study, id, rule);
    return { value, segments: native.touched(study) };
  },

  rename: (desk, { study, id, name }) => changed(desk, study, desk.native.rename(study, id, name)),

  snapshot: ({ native }, { study, id }) => native.snapshot(study, id),

  restore: (desk, { study, snapshot, name }) => changed(desk, study, desk.native.restore(study, snapshot, name)),

  exclude: (desk, params) => {
    const { native } = desk;
    const { study } = params;
    return changed(
      desk,
      study,
      "list" in params ? native.excludeListed(study, params.list) : native.exclude(study, params.of),
    );
  },

  setParameters(desk, { study, parameters }) {
    desk.native.setParameters(study, parameters);
    return changed(desk, study, undefined);
  },

  findings: ({ native }, { study }) => native.findings(study),

  remove(desk, { study, id }) {
    desk.native.remove(study, id);
    return changed(desk, study, undefined);
  },

  members: ({ native }, { study, id }) => native.members(study, id),

  count: ({ native }, { study, rule }) => native.count(study, rule),

  explain: ({ native }, { study, row, id }) => native.explain(study, row, id),

  tiers: (desk, { study, name, tiers, options }) =>
    changed(desk, study, desk.native.tiers(study, name, tiers, options.everyoneElse)),

  rfm: (desk, { study, options }) => changed(desk, study, desk.native.rfm(study, options)),

  schemes: ({ native }) => native.schemes(),

  agreement: ({ native }, { study, groupings }) => native.agreement(study, groupings),

  async concentration({ native }, { study, column }, run) {
    return (await drive(native, native.concentration(study, column), run)).done as Concentration;
  },

  async previewFeature({ native }, { study, column, transform }, run) {
    return (await drive(native, native.previewFeature(study, column, transform), run)).done as FeaturePreview;
  },

  async cluster(desk, { study, options }, run) {
    const { name, ...settings } = options;
    const job = desk.native.cluster(study, settings, name, run.others?.count ?? 0);
    const { done } = await drive(desk.native, job, run, undefined, sharers(run.others));
    return changed(desk, study, done as ClusteringFacts);
  },

  place: (desk, { study, model, name }) => changed(desk, study, desk.native.place(study, model, name)),

  assignments: ({ native }, { study, grouping }) => native.assignments(study, grouping),

  clusterMap: ({ native }, { study, clustering, maxPoints }) => native.clusterMap(study, clustering, maxPoints),

  describeCluster: ({ native }, { study, clustering, label }) => native.describeCluster(study, clustering, label),

  async explainClusters({ native }, { study, clustering }, run) {
    const job = native.explainClusters(study, clustering);
    if (job !== undefined) await drive(native, job, run);
    return undefined;
  },

  async clusterTree({ native }, { study, clustering, options }, run) {
    const job = native.clusterTree(study, clustering, options.kind, options.leaves);
    return (await drive(native, job, run)).done as ClusterTree;
  },

  async clusterSilhouettes({ native }, { study, clustering }, run) {
    return (await drive(native, native.clusterSilhouettes(study, clustering), run)).done as ClusterSilhouettes;
  },

  clusterWhy: ({ native }, { study, clustering, row }) => native.clusterWhy(study, clustering, row),

  async outcomeTree({ native }, { study, options }, run) {
    return (await drive(native, native.outcomeTree(study, options), run)).done as OutcomeTree;
  },

  explainRows: ({ native }, { study, rows, columns }) => native.explainRows(study, rows, columns),

  apply: ({ native }, { study, clustering, table }) => native.apply(study, clustering, table),

  checkTable: ({ native }, { study, clustering, table }) => native.checkTable(study, clustering, table),

  scales: (desk, { study, scales }) => changed(desk, study, desk.native.scales(study, scales)),

  overlap: ({ native }, { study, segments }) => native.overlap(study, segments),

  async value(desk, { study, options }, run) {
    const value = (await drive(desk.native, desk.native.value(study, options), run)).done as ValueModel;
    return changed(desk, study, value);
  },

  async propensity(desk, { study, options }, run) {
    const value = (await drive(desk.native, desk.native.propensity(study, options), run)).done as Propensity;
    return changed(desk, study, value);
  },

  async cohorts({ native }, { study, options }, run) {
    return (await drive(native, native.cohorts(study, options), run)).done as Cohorts;
  },

  async stages(desk, { study, options }, run) {
    const stages = (await drive(desk.native, desk.native.stages(study, options), run)).done as StagesFacts;
    return changed(desk, study, stages);
  },

  holdout: (desk, { study, options }) => changed(desk, study, desk.native.holdout(study, options)),

  async review({ native }, { study, options }, run) {
    return (await drive(native, native.review(study, options), run)).done as Hint[];
  },

  async asOf({ native }, { study, day }, run) {
    return (await drive(native, native.asOf(study, day), run)).done as PastFacts;
  },

  async profile({ native }, { study, options }, run) {
    return (await drive(native, native.profile(study, options), run)).done as Profile[];
  },

  async compare({ native }, { study, before, options }, run) {
    const [earlier, baseline] = typeof before === "number" ? [before] : [undefined, before];
    return (await drive(native, native.compare(study, earlier, baseline, options), run)).done as Changes;
  },

  async export(desk, { study, table, options }, run) {
    const job = desk.native.export(study, options);
    const { emitted } = await drive(desk.native, job, run, sourceOf(desk, table));
    return emitted.blob(
      options.what === "recipe" || options.what === "baseline" ? "application/json" : "text/csv;charset=utf-8",
    );
  },
};

/** An answer together with what the study says after it. */
function changed<T>({ native }: Desk, study: number, value: T): Changed<T> {
  return { value, recipe: native.recipe(study), segments: native.touched(study) };
}
