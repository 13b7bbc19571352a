/** From the checked table to a study of customers: folding, RFM, and the segments there were before. */
import { setupFor } from "../clusters/setup.ts";
import type { ColumnInfo, CustomersOptions, Grouping, Study, Table } from "../engine.ts";
import { rfmCells, total, totals } from "../figures.ts";
import type { Group, Problem, Rfm } from "../model.ts";
import { isProblem, lead, state } from "../state.ts";
import { type Desk, inWords, say } from "./desk.ts";
import { loadTemplates } from "./exchange.ts";
import { go } from "./go.ts";
import { makeAgain } from "./project.ts";
import { keepSegments, proposeRules } from "./segments.ts";

/** The seed of everything random here; it stands in the recipe. */
export const SEED = 1;
/** How RFM groups are made, on this scale. */
export const rfmOptions = () => ({ scheme: "segments-11", scale: state.scale.value }) as const;

export async function proceed(desk: Desk): Promise<void> {
  const { table } = desk;
  if (!table) return;
  const day = state.referenceDate.value;
  const at = day === "" ? {} : { referenceDate: day };
  const folds = table.kind === "orders";
  const customers = folds
    ? await desk.run("Folding orders into customers", (job) => table.customers({ ...at, ...joined(desk), ...job }))
    : table;
  if (!customers) return;
  const kept = state.segments.value.map(({ name, text }) => ({ name, text }));
  await desk.clearStudy();
  desk.customers = customers;
  desk.study = customers.study({ ...at, seed: SEED });
  const only = folds ? undefined : state.leaves.value[lead.value]?.answers.only;
  const columns = customers.columns.filter(({ name }) => only?.includes(name) ?? true);
  const money = await moneyColumn(customers, columns);
  desk.revenue = money?.values;
  state.setup.value = setupFor(columns);
  state.study.value = {
    customers: customers.rowCount,
    columns,
    orders: folds ? table.columns : [],
    referenceDate: day,
    revenue: money?.name,
    revenueTotal: money ? total(money.values) : 0,
    notices: folds ? customers.findings : [],
  };
  const rfm = await scored(desk, desk.study);
  state.rfm.value = rfm;
  await keepSegments(desk, kept);
  await makeAgain(desk);
  const waits = (state.project.value?.lacking.length ?? 0) > 0;
  go(desk, waits || isProblem(rfm) ? "segments" : "rfm");
  await proposeRules(desk);
  await loadTemplates(desk);
}

/** The customer list that is joined while orders are folded, if one was opened too and is wanted. */
export function joined(desk: Desk): Pick<CustomersOptions, "id" | "attributes" | "attributesKey"> {
  const proposal = state.join.value?.on ? state.join.value.proposal : null;
  const customers = desk.papers[1 - lead.value];
  if (!customers || !proposal) return {};
  return { id: proposal.column, attributes: customers.table, attributesKey: proposal.other };
}

/** Scores again, from 1 to so many. */
export async function rescale(desk: Desk, scale: number): Promise<void> {
  const { study } = desk;
  if (!study) return;
  state.scale.value = scale;
  const rfm = await scored(desk, study);
  if (desk.study !== study) return;
  state.rfm.value = rfm;
  say(`Customers are scored from 1 to ${scale}.`);
}

async function moneyColumn(
  table: Table,
  columns: readonly ColumnInfo[],
): Promise<{ name: string; values: Float64Array } | undefined> {
  const named = columns.find((column) => column.name === "monetary");
  const column = named ?? columns.find(({ role, type }) => role === "amount" && type === "number");
  const values = column && (await table.column(column.name));
  return column && values instanceof Float64Array ? { name: column.name, values } : undefined;
}

async function scored(desk: Desk, study: Study): Promise<Rfm | Problem> {
  try {
    const scale = state.scale.value;
    const grouping = await study.rfm(rfmOptions());
    desk.rfm = grouping;
    const { recency, frequency } = grouping.scores;
    const few = grouping.findings.find(({ column }) => column === "frequency");
    return {
      scale,
      cells: rfmCells(recency, frequency, desk.revenue, scale),
      edges: grouping.edges,
      groups: await groupsOf(desk, grouping),
      note: few?.message,
      levels: new Set(frequency.filter((score) => score > 0)).size,
      unscored: recency.reduce((sum, score) => sum + (score === 0 ? 1 : 0), 0),
    };
  } catch (error) {
    return inWords(error);
  }
}

/** Size and revenue of each group of a partition. */
export async function groupsOf(desk: Desk, grouping: Grouping): Promise<Group[]> {
  const customers = desk.customers?.rowCount ?? 0;
  const all = state.study.value?.revenueTotal ?? 0;
  const money = desk.revenue && totals(await grouping.assignments(), desk.revenue, grouping.labels.length);
  return grouping.labels.map((label, index) => {
    const n = grouping.sizes[index] ?? 0;
    const revenueShare = money && all > 0 ? (money[index] ?? 0) / all : undefined;
    return { label, n, share: n / customers, revenueShare, color: index < 8 ? index + 1 : 0 };
  });
}
