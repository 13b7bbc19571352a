import type { Clustering } from "../types/clusters.js";
import type { Grouping } from "../types/groupings.js";
import type { RuleCounts } from "../types/rules.js";
import type { Profile } from "../types/study.js";
import type { Table } from "../types/table.js";

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

function section(lines: string[]): string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}
