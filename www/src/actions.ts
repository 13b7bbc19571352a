/** Everything a person can do on the page. Screens call these; main.tsx supplies them. */
import type { HoldoutSetup } from "./changes/shapes.ts";
import type { Threshold } from "./changes/thresholds.ts";
import type { Extent, Point } from "./clusters/geometry.ts";
import type { FeatureChoice, Setup } from "./clusters/shapes.ts";
import type {
  Answers,
  ColumnType,
  Finding,
  Question,
  Role,
  RuleJson,
  RuleParameters,
  RuleSource,
  Screen,
  SqlOptions,
} from "./model.ts";
import type { AxisName, EdgeTo, Folding, RfmSetup, SchemeName } from "./rfm/shapes.ts";
import type { Theme } from "./state.ts";
import type { ChurnSetup, CohortMeasure, Part, Period, StageSetup, ValueSetup } from "./value/shapes.ts";

export interface ExportChoice {
  what: "rows" | "members" | "recipe" | "baseline";
  /** Keys of what gets a column or a list. */
  groups: string[];
  columns: string[];
  escapeFormulas: boolean;
  delimiter: "," | ";" | "\t";
}

export interface Actions {
  go(screen: Screen): void;
  /** One file, or customers and orders together. */
  open(files: File[]): void;
  openSample(): void;
  cancel(): void;
  dismiss(): void;
  /** Opens the browser's choice of files. */
  chooseFile(): void;
  /** Which columns of a file are kept that would be too large as a whole; none to leave the file alone. */
  keepColumns(only: string[] | undefined): void;
  /** Mends what went wrong last, by the words of the button. */
  remedy(name: string): void;
  setTheme(theme: Theme): void;
  selfTest(): void;

  /** Reads the file again with what the person decided. */
  answer(answers: Answers): void;
  /** Answers a question of the reader, in a way that can be undone and stands in the recipe. */
  decide(question: Question, choice: string): void;
  setRole(column: string, role: Role): void;
  setType(column: string, type: ColumnType): void;
  repair(code: string, column: string | undefined, choice: string | undefined): void;
  /** Takes one repair back, by its position; the others are made again without it. */
  undo(index: number): void;
  /** Shows the rows behind a finding, or hides them again. */
  showRows(finding: Finding): void;
  /** Looks at the other of two files. */
  turn(at: number): void;
  /** Whether the second file is joined. */
  setJoin(on: boolean): void;
  setReferenceDate(day: string): void;
  /** Folds orders into customers where needed and starts the study. */
  proceed(): void;

  /** Counts orders otherwise, and makes the study anew from them. */
  setUpFolding(change: Partial<Folding>): void;
  /** Scores RFM anew: another scale, other bands, other groups. */
  setUpRfm(change: Partial<RfmSetup>): void;
  /** Lays another list of groups beside the one in use, or puts it away. */
  layBeside(scheme: SchemeName | undefined): void;
  /** Looks at the bands inside a recency score, and inside that and a frequency score; of nested bands only. */
  lookInside(recency: number, frequency: number): void;
  /** Moves an edge between two bands to a value, or to the next one that a customer has. */
  moveEdge(axis: AxisName, index: number, to: EdgeTo): void;
  /** What a column of an opened project is called in this file. */
  mapColumn(column: string, now: string): void;
  /** Leaves the segments of a project out that use a column. */
  skipColumn(column: string): void;
  /** Takes such decisions back. */
  askAgain(): void;

  segmentFromGroup(label: string): void;
  /** Takes the rule's text as it is typed. */
  edit(text: string): void;
  /** Takes the rule's tree as the builder changed it. */
  change(rule: RuleJson): void;
  /** Takes one part of the tree as text. */
  rewrite(node: RuleJson, text: string): void;
  undoEdit(): void;
  redoEdit(): void;
  rename(name: string): void;
  /** Loads values worth offering for a column. */
  suggest(column: string): void;
  /** Counts what each way to treat missing values would do, for one row. */
  weigh(node: RuleJson): void;
  /** Shows why a customer is in the rule being written, or not. */
  explain(row: number | undefined): void;
  /** A new draft: a rule that was not typed. */
  draftRule(name: string, rule: RuleJson): void;
  startDraft(): void;
  editSegment(id: string): void;
  saveDraft(): void;
  removeSegment(id: string): void;
  addExample(name: string, text: string): void;

  /** Makes tiers of segments in an order, by id, with a name for everyone else. */
  makeTiers(name: string, ids: readonly string[], others: string): void;
  /** Reads another system's rule. */
  importRule(format: RuleSource, text: string): void;
  /** Writes the draft as SQL. */
  writeSql(options: SqlOptions): void;
  /** Sets what rules call by name. */
  setParameters(parameters: RuleParameters): void;
  /** Leaves those of a rule out of everything, or whom a file lists, or nobody. */
  exclude(whom: string | File | null): void;

  /** Whether and how customers are compared by a column. */
  setFeature(column: string, change: Partial<FeatureChoice>): void;
  /** The method, the number of clusters and what becomes of missing values. */
  setUpClusters(change: Partial<Omit<Setup, "features">>): void;
  findClusters(): void;
  /** Makes clusters of the best number that a stopped search has finished, or puts it away. */
  takeStopped(k: number | undefined): void;
  /** A person’s own name for a cluster. */
  nameCluster(label: string, name: string): void;
  /** Looks for a rule for the customers inside an area of the map, or between two values on either axis; nothing for no area. */
  lasso(area: readonly Point[], edges?: Extent): void;
  /** Shows customers who stand for a cluster and some at its edge, or hides them. */
  showFaces(label: string | undefined): void;
  /** Why a customer is in one cluster and not in the next. */
  whyHere(row: number): void;
  /** Hands the model to the browser's downloads: as a document of our own, or for other systems. */
  takeModel(format: "json" | "onnx" | "pmml"): void;
  /** A segment of a rule that the engine proposed. */
  segmentFromRule(name: string, text: string): void;
  /** Exactly the members, or those whom the cluster’s rule takes. */
  segmentFromCluster(label: string, by: "members" | "rule"): void;

  /** Shows a part of the screen of value, and works it out the first time. */
  showPart(part: Part): void;
  estimate(): void;
  setUpValue(change: Partial<ValueSetup>): void;
  /** Days at the end that a check holds back. */
  setHeldBack(days: number): void;
  checkValue(): void;
  /** What is to be foretold, and by which model. */
  setUpChurn(change: Partial<ChurnSetup>): void;
  findRisk(): void;
  showCohorts(by: Period): void;
  setCohortMeasure(measure: CohortMeasure): void;
  showStages(setup: StageSetup): void;
  segmentFromStage(label: string): void;
  /** Counts the customers of a range. */
  countRange(text: string): void;

  profile(key: string): void;

  /** Compares with an earlier day of the same orders. */
  compareDay(day: string): void;
  /** Compares with last month’s project, or with another file that is read by the definitions of this one. */
  compareFile(file: File): void;
  /** What a column is called in that file. */
  compareMapped(column: string, now: string): void;
  /** Leaves the parts out that use a column which that file lacks. */
  compareWithout(column: string): void;
  setThreshold(measure: Threshold["measure"], change: Partial<Threshold>): void;
  /** Sizes at the end of each of the last months. */
  showTrend(): void;
  /** A segment of those who moved between two groups; from nowhere where they are new. */
  segmentOfMove(grouping: string, from: string | undefined, to: string): void;
  /** Looks for segments that one might do without. */
  review(): void;
  /** Draws a control group. */
  drawHoldout(setup: HoldoutSetup): void;
  segmentOfChange(name: string, part: "stayed" | "entered" | "left"): void;

  exportFile(choice: ExportChoice): void;
}
