import type { Changes } from "../types/changes.js";
import type { Clustering } from "../types/clusters.js";
import type { Grouping } from "../types/groupings.js";
import type { Propensity } from "../types/propensity.js";
import type { RuleCounts } from "../types/rules.js";
import type { Profile, Skipped } from "../types/study.js";
import type { Table } from "../types/table.js";
import type { Cohorts } from "../types/time.js";
import type { ValueModel } from "../types/value.js";

const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 });
const percent = new Intl.NumberFormat("en-US", { style: "percent", maximumFractionDigits: 1 });

/** Lines of columns: the first to the left, the others to the right. */
export function columns(rows: string[][]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  const line = (row: string[]) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}

export function describeTable(table: Table): string {
  const { dialect } = table;
  const header = `${dialect.header ? "with" : "without"} header`;
  const how =
    dialect.format === "csv" ? `${dialect.encoding}, delimiter ${JSON.stringify(dialect.delimiter)}` : dialect.format;
  const head = `${number.format(table.rowCount)} rows of ${table.kind}, ${table.columns.length} columns (${how}, ${header})`;
  const list = table.columns.map((column) => [
    column.name,
    column.type,
    column.role === "other" ? "" : column.role,
    column.missing === 0 ? "" : `${number.format(column.missing)} missing`,
    `${number.format(column.distinct)} different`,
  ]);
  const findings = table.findings.map((finding) => `${finding.severity}: ${finding.message}`);
  const questions = table.questions.map(
    (question) =>
      `taken “${question.taken}” for ${question.code}${question.column ? ` of ${question.column}` : ""}: ${question.evidence}`,
  );
  return [head, "", columns(list), ...section(findings), ...section(questions)].join("\n");
}

export function describeCohorts({ cohorts, average, incomplete, definition, notices }: Cohorts): string {
  const share = (value: number | undefined, mark: string): string =>
    value === undefined ? "" : percent.format(value) + mark;
  const head = ["first order", "customers", "repeated", ...(cohorts[0]?.active ?? []).map((_, since) => `+${since}`)];
  const rows = cohorts.map(({ label, customers, repeatRate, active }, at) => [
    label,
    number.format(customers),
    percent.format(repeatRate),
    ...active.map((n, since) => share(n / customers, since === incomplete[at] ? "*" : "")),
  ]);
  const last = ["average", "", "", ...average.map((value) => share(value, ""))];
  const star = incomplete.some((at) => at >= 0) ? ["* not over yet"] : [];
  return [columns([head, ...rows, last]), ...star, "", definition, ...notices].join("\n");
}

export function describeGrouping(grouping: Grouping): string {
  const all = grouping.sizes.reduce((sum, size) => sum + size, 0);
  return columns(
    grouping.labels.map((label, at) => {
      const size = grouping.sizes[at] ?? 0;
      return [label, number.format(size), all === 0 ? "" : percent.format(size / all)];
    }),
  );
}

export function describeClusters(clustering: Clustering): string {
  const { k, quality, inertia } = clustering;
  const head = `${k} clusters, silhouette ${number.format(quality.silhouette)} over ${number.format(quality.sampleSize)} rows, inertia ${inertia}: ${quality.verdict}. ${quality.reason}`;
  const centers = clustering.labels.map((label, at) => [
    label,
    number.format(clustering.sizes[at] ?? 0),
    ...(clustering.centers[at] ?? []).map((value) => number.format(value)),
  ]);
  return [
    head,
    "",
    columns([["", "rows", ...clustering.features], ...centers]),
    ...section([...clustering.notices]),
  ].join("\n");
}

/** A rule and its nodes, indented. */
export function describeCounts(counts: RuleCounts, depth = 0): string {
  const own = `${"  ".repeat(depth)}${counts.text}: in ${number.format(counts.in)}, out ${number.format(counts.out)}, unknown ${number.format(counts.unknown)}`;
  return [own, ...(counts.children ?? []).map((child) => describeCounts(child, depth + 1))].join("\n");
}

export function describeProfile(profile: Profile): string {
  const head = `${profile.label}: ${number.format(profile.n)} rows (${percent.format(profile.share)})`;
  return [head, ...profile.differences.map((sentence) => `  ${sentence}`)].join("\n");
}

export function describeChanges(changes: Changes, skipped: readonly Skipped[]): string {
  const {
    before,
    after,
    matched,
    gone,
    arrived,
    key,
    segments,
    migration,
    drift,
    refit = [],
    alerts,
    notices,
  } = changes;
  const [same, left, fresh] = [matched, gone, arrived].map((count) => number.format(count));
  const head = [
    `${before.date}: ${number.format(before.customers)} customers`,
    `${after.date}: ${number.format(after.customers)} customers (${same} the same, ${left} gone, ${fresh} new, by “${key}”)`,
  ];
  const sizes = segments.map((one) => [
    one.name,
    ...[one.before, one.after, one.stayed, one.entered, one.left].map((count) => number.format(count)),
    one.retention === null ? "" : percent.format(one.retention),
  ]);
  const groups = migration.flatMap((one) => [
    one.sentence,
    columns(
      one.labels.map((label, at) => [
        `  ${label}`,
        ...[one.sizesBefore[at] ?? 0, one.sizesAfter[at] ?? 0].map(number.format),
      ]),
    ),
  ]);
  const moved = drift.filter(({ level }) => level !== "stable").map(({ sentence }) => sentence);
  const stable = drift.length - moved.length;
  return [
    ...head,
    ...(sizes.length === 0
      ? []
      : ["", columns([["segment", "then", "now", "stayed", "entered", "left", "retention"], ...sizes])]),
    ...section(groups),
    ...section([...moved, ...(stable > 0 ? [`${stable} of ${drift.length} columns are much as they were.`] : [])]),
    ...section(refit.map(({ sentence }) => sentence)),
    ...section(skipped.map(({ part, reason }) => `left out: ${part} (${reason})`)),
    ...section(notices),
    ...section(alerts.map(({ message }) => `alert: ${message}`)),
  ].join("\n");
}

export function describeValue(model: ValueModel): string {
  const { total, holdout } = model;
  const sum = (expected: number, low: number, high: number) =>
    `${number.format(expected)} (${percent.format(model.interval)} between ${number.format(low)} and ${number.format(high)})`;
  const check = holdout && [
    `${number.format(holdout.days)} days held out: ${number.format(holdout.actual)} orders came, ${number.format(holdout.expected)} were expected`,
  ];
  return [
    `${model.model} over ${number.format(model.customers)} customers, ${number.format(model.repeaters)} of whom came again; up to ${model.calibrationEnd}`,
    columns(Object.entries(model.parameters).map(([name, value]) => [name, value.toPrecision(6)])),
    "",
    `the next ${number.format(model.horizonDays)} days of all of them`,
    `  orders  ${sum(total.expectedOrders, total.expectedOrdersLow, total.expectedOrdersHigh)}`,
    `  value   ${sum(total.lifetimeValue, total.low, total.high)}, less ${percent.format(model.discountYearly)} a year`,
    ...section(check ?? []),
    ...section(model.warnings),
  ].join("\n");
}

export function describePropensity(found: Propensity): string {
  const { deciles, drivers, baseline } = found;
  if (found.refused !== undefined)
    return [found.definition, "", found.refused, "Risk by recency stands in."].join("\n");
  const row = (one: Propensity["deciles"][number]) =>
    [String(one.decile), number.format(one.n), percent.format(one.rate), number.format(one.lift)] as string[];
  return [
    found.definition,
    "",
    `${found.method} on ${number.format(found.heldBack)} customers held back: AUC ${number.format(found.auc)}, log-loss ${number.format(found.logLoss)} (${number.format(baseline.logLoss)} without a model), Brier ${number.format(found.brier)} (${number.format(baseline.brier)})`,
    "",
    columns([["tenth", "customers", "share", "lift"], ...deciles.map(row)]),
    ...section(drivers.slice(0, 8).map((one) => one.sentence)),
    ...section(found.warnings),
  ].join("\n");
}

function section(lines: string[]): string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}
