import { writeFile } from "node:fs/promises";
import type { Clustering, ClusterOptions, PlacedClusters } from "../types/clusters.js";
import type { Segmenter } from "../types/entry.js";
import type { Grouping, RfmOptions, Segment } from "../types/groupings.js";
import type { PropensityOptions } from "../types/propensity.js";
import type { Source } from "../types/read.js";
import type { SqlOptions } from "../types/rules.js";
import type { Study } from "../types/study.js";
import type { CustomersOptions, Table } from "../types/table.js";
import type { CohortsOptions, StagesOptions } from "../types/time.js";
import type { ValueOptions } from "../types/value.js";
import { type Arguments, clusters, list, loadOptions, number, UsageError } from "./arguments.js";
import { compare } from "./compare.js";
import { type Outcome, openFile, readJson } from "./files.js";
import {
  describeClusters,
  describeCohorts,
  describeCounts,
  describeGrouping,
  describeProfile,
  describePropensity,
  describeTable,
  describeValue,
} from "./print.js";

type Command = (table: Table, args: Arguments) => Promise<Outcome>;

const commands: Record<string, Command> = {
  async read(table) {
    const { rowCount, columns, dialect, findings, questions, kind } = table;
    const alert = findings.some((finding) => finding.severity === "error");
    return { json: { rowCount, columns, dialect, findings, questions, kind }, text: describeTable(table), alert };
  },

  async rfm(table, args) {
    const study = open(table, args);
    const rfm = await score(study, args);
    await writeOut(study, "rows", rfm, args.values.out);
    await writeBaseline(study, args);
    const { name, labels, sizes, edges, possible, findings } = rfm;
    const scores = Object.fromEntries(Object.entries(rfm.scores).map(([axis, values]) => [axis, [...values]]));
    const { referenceDate } = study.recipe;
    return {
      json: { rowCount: table.rowCount, referenceDate, name, labels, sizes, edges, possible, findings, scores },
      text: describeGrouping(rfm),
    };
  },

  async concentration(table, args) {
    const { column } = args.values;
    const found = await open(table, args).concentration(column === undefined ? {} : { column });
    return { json: { rowCount: table.rowCount, ...found }, text: found.message };
  },

  async segment(table, args) {
    const study = open(table, args);
    const segment = await ruled(study, args);
    await writeOut(study, "members", segment, args.values.members);
    await writeBaseline(study, args);
    const { id, name, rule, text, counts } = segment;
    return { json: { rowCount: table.rowCount, id, name, rule, text, counts }, text: describeCounts(counts) };
  },

  async cluster(table, args) {
    const study = open(table, args);
    const found = await clustered(study, args);
    await writeOut(study, "rows", found, args.values.out);
    await writeBaseline(study, args);
    const { model, onnx, pmml } = args.values;
    if (model !== undefined) await writeFile(model, `${JSON.stringify(found, null, 2)}\n`);
    if (onnx !== undefined) await writeFile(onnx, await found.toONNX());
    if (pmml !== undefined) await writeFile(pmml, await found.toPMML());
    const assignments = args.values.assignments ? { assignments: [...(await found.assignments())] } : {};
    return { json: { rowCount: table.rowCount, ...factsOf(found), ...assignments }, text: describeClusters(found) };
  },

  async place(table, args) {
    const study = open(table, args);
    const placed = await placedBy(study, args);
    await writeOut(study, "rows", placed, args.values.out);
    await writeBaseline(study, args);
    const { name, labels, sizes, k, method, seed, centers, features, transforms, missing, unknown, notices } = placed;
    const facts = { name, labels, sizes, k, method, seed, centers, features, transforms, missing, unknown, notices };
    const assignments = args.values.assignments ? { assignments: [...(await placed.assignments())] } : {};
    const text = [describeGrouping(placed), ...notices].join("\n");
    return { json: { rowCount: table.rowCount, ...facts, ...assignments }, text };
  },

  async profile(table, args) {
    const study = open(table, args);
    const { values } = args;
    if ([values.rule, values.rfm, values.features].filter((way) => way !== undefined).length > 1) {
      throw new UsageError("Say one of --rule, --rfm and --features.");
    }
    const of =
      values.rule !== undefined
        ? await ruled(study, args)
        : values.rfm
          ? await score(study, args)
          : await clustered(study, args);
    const columns = list(values.columns);
    const profiles = await study.profile(of, columns === undefined ? {} : { columns });
    await writeOut(study, "rows", of, values.out);
    return { json: { rowCount: table.rowCount, profiles }, text: profiles.map(describeProfile).join("\n\n") };
  },

  async cohorts(table, args) {
    const { by } = args.values;
    const study = await then(table, args);
    const cohorts = await study.cohorts(by === undefined ? {} : ({ by } as CohortsOptions));
    return { json: { referenceDate: study.recipe.referenceDate, ...cohorts }, text: describeCohorts(cohorts) };
  },

  async stages(table, args) {
    const { by } = args.values;
    const study = await then(table, args);
    const stages = await study.stages(by === undefined ? {} : ({ by } as StagesOptions));
    await writeOut(study, "rows", stages, args.values.out);
    const { name, labels, sizes, rhythm, newDays, atRiskAfter, lapsedAfter, definition, notices } = stages;
    const facts = {
      name,
      labels,
      sizes,
      by: stages.by,
      rhythm,
      newDays,
      atRiskAfter,
      lapsedAfter,
      definition,
      notices,
    };
    const { referenceDate } = study.recipe;
    return {
      json: { rowCount: study.table.rowCount, referenceDate, ...facts },
      text: [describeGrouping(stages), "", definition, ...notices].join("\n"),
    };
  },

  async value(table, args) {
    const { values } = args;
    const horizonDays = number("horizon", values.horizon);
    const discountYearly = number("discount", values.discount);
    const options = {
      ...(values.method !== undefined && { model: values.method }),
      ...(horizonDays !== undefined && { horizonDays }),
      ...(discountYearly !== undefined && { discountYearly }),
      ...(values["calibration-end"] !== undefined && { calibrationEnd: values["calibration-end"] }),
    };
    const found = await open(table, args).value(options as ValueOptions);
    return { json: { rowCount: table.rowCount, ...plain(found) }, text: describeValue(found) };
  },

  async churn(table, args) {
    const { values } = args;
    const days = number("days", values.days);
    const seed = number("seed", values.seed);
    const features = list(values.features);
    const column = values.outcome;
    const positive = values.positive;
    const options = {
      ...(days !== undefined && { churn: { days } }),
      ...(column !== undefined && { outcome: { column, ...(positive !== undefined && { positive }) } }),
      ...(values.method !== undefined && { method: values.method }),
      ...(features && { features }),
      ...(seed !== undefined && { seed }),
      ...(values.name !== undefined && { name: values.name }),
    };
    const found = await open(table, args).propensity(options as PropensityOptions);
    return { json: { rowCount: table.rowCount, ...plain(found) }, text: describePropensity(found) };
  },

  async sql(table, args) {
    const study = open(table, args);
    const { values } = args;
    if ([values.rule, values.rfm, values.model].filter((way) => way !== undefined).length > 1)
      throw new UsageError("Say one of --rule, --rfm and --model.");
    const of = values.rfm
      ? await score(study, args)
      : values.model !== undefined
        ? await placedBy(study, args)
        : await ruled(study, args);
    const sql = await of.toSQL(sqlOptions(table, args));
    return { json: { name: of.name, sql }, text: sql };
  },
};

/** Figures of rows as lists; what is not known is null. */
function plain(found: object): object {
  const listed = (value: unknown): unknown => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value);
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, listed(value)]));
}

/** Commands about customers that come of order lines. */
const FOLDING = ["concentration", "rfm", "cohorts", "stages", "value", "churn"];

/** Table and key are the file's customers, as long as nobody says what the warehouse calls them. */
function sqlOptions(table: Table, { values }: Arguments): SqlOptions {
  const key = values.key ?? table.columns.find(({ role }) => role === "customer-id")?.name;
  if (key === undefined) throw new UsageError("By which column are customers known? Say --key COLUMN.");
  const orders = values["orders-table"];
  return {
    dialect: (values.dialect ?? "ansi") as SqlOptions["dialect"],
    table: values.table ?? "customers",
    key,
    ...(orders !== undefined && { orders: { table: orders, key: values["orders-key"] ?? key } }),
  };
}

/** Reads the file and runs the command on it. */
export async function run(segmenter: Segmenter, args: Arguments): Promise<Outcome> {
  const { command, file } = args;
  if (command === "compare") return compare(segmenter, args);
  const work = command === undefined ? undefined : Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (work === undefined)
    throw new UsageError(
      `There is no command “${command ?? ""}”. There are: ${[...Object.keys(commands), "compare"].join(", ")}.`,
    );
  if (file === undefined) throw new UsageError("Which file? Name it after the command.");
  const source: Source = file === "-" ? process.stdin : await openFile(file);
  const table = await segmenter.load(source, { name: file, ...loadOptions(args) });
  const needed = args.values.rfm || FOLDING.includes(command as string);
  const folds = args.values.customers || (table.kind === "orders" && needed);
  return work(folds ? await table.customers(folding(args)) : table, args);
}

/** How orders are folded; the engine judges the values. */
function folding({ values }: Arguments): CustomersOptions {
  const day = values["reference-date"];
  const days = number("window-days", values["window-days"]);
  const { refunds } = values;
  const options = {
    ...(day !== undefined && { referenceDate: day }),
    ...(days !== undefined && { window: { days } }),
    ...(refunds !== undefined && { counts: { refunds } }),
  };
  return options as CustomersOptions;
}

function open(table: Table, { values }: Arguments): Study {
  const day = values["reference-date"];
  const seed = number("seed", values.seed);
  return table.study({ ...(day !== undefined && { referenceDate: day }), ...(seed !== undefined && { seed }) });
}

/** The study, or as it was on a past day. */
async function then(table: Table, args: Arguments): Promise<Study> {
  const study = open(table, args);
  const day = args.values["as-of"];
  return day === undefined ? study : study.asOf(day);
}

function score(study: Study, { values }: Arguments) {
  const scale = number("scale", values.scale);
  const options = {
    ...(scale !== undefined && { scale }),
    ...(values.scheme !== undefined && { scheme: values.scheme }),
    ...(values.bands !== undefined && { bands: values.bands }),
    ...(values.nested && { nested: true }),
    ...(values.compatibility !== undefined && { compatibility: values.compatibility }),
  };
  return study.rfm(options as RfmOptions);
}

function ruled(study: Study, { values }: Arguments): Promise<Segment> {
  if (values.rule === undefined) throw new UsageError('Which rows? Say --rule "…".');
  return study.segment(values.name ?? "Segment", values.rule);
}

/** The clusters of a saved model. */
async function placedBy(study: Study, { values }: Arguments): Promise<PlacedClusters> {
  if (values.model === undefined)
    throw new UsageError("By which model? Say --model FILE.json, as “cluster” writes it.");
  const document = await readJson<object>(values.model);
  return study.place(document, values.name === undefined ? {} : { name: values.name });
}

async function clustered(study: Study, { values }: Arguments): Promise<Clustering> {
  const names = list(values.features);
  const codes = list(values.categories)?.map((column) => ({ column, kind: "category" }));
  const k = clusters(values.k);
  const { method, covariance } = values;
  const gamma = number("gamma", values.gamma);
  const restarts = number("restarts", values.restarts);
  const minClusterSize = number("min-cluster-size", values["min-cluster-size"]);
  const numbers = names?.map((column) =>
    values.transform === undefined ? column : { column, transform: values.transform },
  );
  const features = numbers || codes ? [...(numbers ?? []), ...(codes ?? [])] : undefined;
  const options = {
    ...(method !== undefined && { method }),
    ...(features && { features }),
    ...(k !== undefined && { k }),
    ...(gamma !== undefined && { gamma }),
    ...(covariance !== undefined && { covariance }),
    ...(minClusterSize !== undefined && { minClusterSize }),
    ...(restarts !== undefined && { restarts }),
  };
  if (!values["initial-rows"]) return study.cluster(options as ClusterOptions);
  if (names === undefined || typeof k !== "number")
    throw new UsageError("--initial-rows needs --features and one --k.");
  const initial = await study.table.rows({ columns: names, limit: k });
  return study.cluster({ ...options, initial } as ClusterOptions);
}

function factsOf(found: Clustering): object {
  const { name, labels, sizes, k, method, seed, inertia, iterations, converged, centers, features, transforms } = found;
  const { quality, candidates, variables, notices } = found;
  const { gamma, logLikelihood, bic, aic, entropyR2, goodness, startsAtBest } = found;
  return {
    name,
    labels,
    sizes,
    k,
    method,
    seed,
    inertia,
    iterations,
    converged,
    centers,
    features,
    transforms,
    quality,
    candidates,
    variables,
    gamma,
    logLikelihood,
    bic,
    aic,
    entropyR2,
    goodness,
    startsAtBest,
    notices,
  };
}

/** What a later file is compared with. */
async function writeBaseline(study: Study, { values }: Arguments): Promise<void> {
  if (values.baseline === undefined) return;
  const blob = await study.export({ what: "baseline" });
  await writeFile(values.baseline, blob.stream());
}

async function writeOut(
  study: Study,
  what: "rows" | "members",
  of: Segment | Grouping,
  file: string | undefined,
): Promise<void> {
  if (file === undefined) return;
  const blob = await study.export({ what, segments: [of] });
  await writeFile(file, blob.stream());
}
