/** Everything a person can do, tied to the engine. A step that fails or is cancelled leaves everything as it was. */
import type { Actions } from "../actions.ts";
import type { Segmenter } from "../engine.ts";
import { trySending } from "../lock.ts";
import { sampleFile } from "../sample/shop.ts";
import { leaf, state } from "../state.ts";
import { compareDay, compareFile, compareMapped, compareWithout, setThreshold, showTrend } from "./changes.ts";
import { findClusters, nameCluster, takeStopped } from "./clusters.ts";
import { Desk } from "./desk.ts";
import { begin, change, clearDraft, edit, redoEdit, rewrite, undoEdit } from "./draft.ts";
import { importRule, writeSql } from "./exchange.ts";
import { answer, decide, repair, showRows, turn, undo } from "./file.ts";
import { go } from "./go.ts";
import { drawHoldout } from "./holdout.ts";
import { showCohorts, showStages } from "./life.ts";
import { explain, suggest, weigh } from "./live.ts";
import { segmentOfChange, segmentOfMove } from "./moved.ts";
import { lasso, showFaces, takeModel, whyHere } from "./nearer.ts";
import { openFiles } from "./open.ts";
import { askAgain, mapColumn, skipColumn } from "./project.ts";
import { exportFile, profile } from "./results.ts";
import { review } from "./review.ts";
import { revive } from "./revive.ts";
import { layBeside, lookInside, moveEdge, setUpRfm } from "./rfm.ts";
import { findRisk } from "./risk.ts";
import { addSegment, editSegment, removeSegment, saveDraft, segmentFrom } from "./segments.ts";
import { setFeature, setUpClusters } from "./setup.ts";
import { proceed, setUpFolding } from "./study.ts";
import { exclude, setParameters } from "./study-wide.ts";
import { makeTiers } from "./tiers.ts";
import { checkValue, countRange, estimate, setUpValue, showPart } from "./value.ts";

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

export function createFlow(segmenter: Segmenter): Actions {
  const desk = new Desk(segmenter);
  desk.revive = () => revive(desk);
  return {
    go: (screen) => go(desk, screen),
    open: (files) => void openFiles(desk, files, false),
    openSample: () => void sampleFile(breath).then((file) => openFiles(desk, [file], true)),
    cancel: () => desk.cancel(),
    dismiss: () => {
      state.problem.value = null;
    },
    chooseFile: () => desk.chooseFile(),
    keepColumns: (only) => desk.keep(only),
    remedy: (name) => desk.remedies[name]?.(),
    setTheme: (theme) => {
      state.theme.value = theme;
      if (theme === "auto") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
    },
    selfTest: async () => {
      state.lock.value = { ...state.lock.value, attempts: "running" };
      const attempts = await trySending();
      state.lock.value = { ...state.lock.value, attempts };
    },

    answer: (answers) => void answer(desk, answers),
    decide: (question, choice) => void decide(desk, question, choice),
    setRole: (column, role) => {
      void answer(desk, { columns: { [column]: { ...leaf.value?.answers.columns?.[column], role } } });
    },
    setType: (column, type) => {
      void answer(desk, { columns: { [column]: { ...leaf.value?.answers.columns?.[column], type } } });
    },
    undo: (index) => void undo(desk, index),
    showRows: (finding) => void showRows(desk, finding),
    turn: (at) => turn(desk, at),
    setJoin: (on) => {
      if (state.join.value) state.join.value = { ...state.join.value, on };
    },
    repair: (code, column, choice) => void repair(desk, code, column, choice),
    setReferenceDate: (day) => {
      state.referenceDate.value = day;
    },
    proceed: () => void proceed(desk),
    setUpFolding: (change) => void setUpFolding(desk, change),
    layBeside: (scheme) => void layBeside(desk, scheme),
    setUpRfm: (change) => void setUpRfm(desk, change),
    lookInside: (recency, frequency) => void lookInside(desk, { recency, frequency }),
    moveEdge: (axis, index, to) => void moveEdge(desk, axis, index, to),
    mapColumn: (column, now) => void mapColumn(desk, column, now),
    skipColumn: (column) => void skipColumn(desk, column),
    askAgain: () =>
      void askAgain(desk, async (name) => {
        const made = state.segments.value.find((one) => one.name === name);
        if (made) await removeSegment(desk, made.id);
      }),

    segmentFromGroup: (label) => void segmentFrom(desk, desk.rfm, label, label),
    edit: (text) => edit(desk, text),
    change: (rule) => change(desk, rule),
    rewrite: (node, text) => void rewrite(desk, node, text),
    undoEdit: () => undoEdit(desk),
    redoEdit: () => redoEdit(desk),
    suggest: (column) => void suggest(desk, column),
    weigh: (node) => void weigh(desk, node),
    explain: (row) => void explain(desk, row),
    draftRule: (name, rule) => begin(desk, { name, rule, by: "tree" }),
    rename: (name) => {
      state.draft.value = { ...state.draft.value, name };
    },
    startDraft: () => clearDraft(true),
    editSegment: (id) => editSegment(desk, id),
    saveDraft: () => void saveDraft(desk),
    removeSegment: (id) => void removeSegment(desk, id),
    addExample: (name, text) => void addSegment(desk, name, text),

    makeTiers: (name, ids, others) => void makeTiers(desk, name, ids, others),
    importRule: (format, text) => void importRule(desk, format, text),
    writeSql: (options) => void writeSql(desk, options),
    setParameters: (parameters) => void setParameters(desk, parameters),
    exclude: (whom) => void exclude(desk, whom),

    setFeature: (column, change) => setFeature(desk, column, change),
    setUpClusters,
    findClusters: () => void findClusters(desk),
    takeStopped: (k) => takeStopped(desk, k),
    nameCluster,
    lasso: (area, edges) => void lasso(desk, area, edges),
    showFaces: (label) => void showFaces(desk, label),
    whyHere: (row) => void whyHere(desk, row),
    takeModel: (format) => void takeModel(desk, format),
    segmentFromRule: (name, text) => void addSegment(desk, name, text).then((added) => added && go(desk, "segments")),
    segmentFromCluster: (label, by) => {
      const cluster = state.clusters.value?.clusters.find((one) => one.label === label);
      if (!cluster) return;
      if (by === "members") void segmentFrom(desk, desk.clustering, label, cluster.name);
      else void addSegment(desk, cluster.name, cluster.rule.text).then((added) => added && go(desk, "segments"));
    },
    compareDay: (day) => void compareDay(desk, day),
    compareFile: (file) => void compareFile(desk, file),
    compareMapped: (column, now) => void compareMapped(desk, column, now),
    compareWithout: (column) => void compareWithout(desk, column),
    setThreshold,
    showTrend: () => void showTrend(desk),
    review: () => void review(desk),
    drawHoldout: (setup) => void drawHoldout(desk, setup),
    segmentOfMove: (grouping, from, to) => void segmentOfMove(desk, grouping, from, to),
    segmentOfChange: (name, part) => void segmentOfChange(desk, name, part),
    showPart: (part) => showPart(desk, part),
    estimate: () => void estimate(desk),
    setUpValue: (change) => void setUpValue(desk, change),
    setHeldBack: (heldBack) => {
      state.valueSetup.value = { ...state.valueSetup.value, heldBack };
    },
    checkValue: () => void checkValue(desk),
    setUpChurn: (change) => {
      state.churnSetup.value = { ...state.churnSetup.value, ...change };
    },
    findRisk: () => void findRisk(desk),
    showCohorts: (by) => void showCohorts(desk, by),
    setCohortMeasure: (measure) => {
      state.cohortMeasure.value = measure;
    },
    showStages: (setup) => void showStages(desk, setup),
    segmentFromStage: (label) => void segmentFrom(desk, desk.stages, label, label),
    countRange: (text) => void countRange(desk, text),
    profile: (key) => void profile(desk, key),
    exportFile: (choice) => void exportFile(desk, choice),
  };
}
