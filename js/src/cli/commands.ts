import { openAsBlob } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { unreadable } from "../bytes.js";
import type { Clustering, ClusterOptions, PlacedClusters } from "../types/clusters.js";
import type { Segmenter } from "../types/entry.js";
import type { Grouping, RfmOptions, Segment } from "../types/groupings.js";
import type { Source } from "../types/read.js";
import type { SqlOptions } from "../types/rules.js";
import type { Study } from "../types/study.js";
import type { Table } from "../types/table.js";
import { type Arguments, clusters, list, loadOptions, number, UsageError } from "./arguments.js";
import { describeClusters, describeCounts, describeGrouping, describeProfile, describeTable } from "./print.js";

/** What a command comes to: for scripts, for people, and whether something wants attention. */
export interface Outcome {
  json: object;
  text: string;
  alert?: boolean;
}

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
    const { name, labels, sizes, edges } = rfm;
    const scores = Object.fromEntries(Object.entries(rfm.scores).map(([axis, values]) => [axis, [...values]]));
    const { referenceDate } = study.recipe;
    return {
      json: { rowCount: table.rowCount, referenceDate, name, labels, sizes, edges, scores },
      text: describeGrouping(rfm),
    };
  },

  async segment(table, args) {
    const study = open(table, args);
    const segment = await ruled(study, args);
    await writeOut(study, "members", segment, args.values.members);
    const { id, name, rule, text, counts } = segment;
    return { json: { rowCount: table.rowCount, id, name, rule, text, counts }, text: describeCounts(counts) };
  },

  async cluster(table, args) {
    const study = open(table, args);
    const found = await clustered(study, args);
    await writeOut(study, "rows", found, args.values.out);
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
  const work = command === undefined ? undefined : Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (work === undefined)
    throw new UsageError(`There is no command “${command ?? ""}”. There are: ${Object.keys(commands).join(", ")}.`);
  if (file === undefined) throw new UsageError("Which file? Name it after the command.");
  const source: Source = file === "-" ? process.stdin : await openFile(file);
  const table = await segmenter.load(source, { name: file, ...loadOptions(args) });
  const folds = args.values.customers || (table.kind === "orders" && (command === "rfm" || args.values.rfm));
  const day = args.values["reference-date"];
  return work(folds ? await table.customers(day === undefined ? {} : { referenceDate: day }) : table, args);
}

async function openFile(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch (error) {
    throw unreadable(error);
  }
}

function open(table: Table, { values }: Arguments): Study {
  const day = values["reference-date"];
  const seed = number("seed", values.seed);
  return table.study({ ...(day !== undefined && { referenceDate: day }), ...(seed !== undefined && { seed }) });
}

function score(study: Study, { values }: Arguments) {
  const scale = number("scale", values.scale);
  const options = {
    ...(scale !== undefined && { scale }),
    ...(values.scheme !== undefined && { scheme: values.scheme }),
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
  const text = await readFile(values.model, "utf8").catch((error: unknown) => {
    throw unreadable(error);
  });
  let document: object;
  try {
    document = JSON.parse(text);
  } catch {
    throw new UsageError(`“${values.model}” is no JSON.`);
  }
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
