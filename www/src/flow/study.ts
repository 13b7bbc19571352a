/** From the checked table to a study of customers: folding, RFM, and the segments there were before. */
import { setupFor } from "../clusters/setup.ts";
import type { ColumnInfo, CustomersOptions, Table } from "../engine.ts";
import { total } from "../figures.ts";
import type { Folding } from "../rfm/shapes.ts";
import { isProblem, lead, state } from "../state.ts";
import { type Desk, SEED } from "./desk.ts";
import { loadTemplates } from "./exchange.ts";
import { counted } from "./folding.ts";
import { go } from "./go.ts";
import { makeAgain, whatChanged } from "./project.ts";
import { drawStrips, scored } from "./rfm.ts";
import { keepSegments, proposeRules } from "./segments.ts";
import { exclude } from "./study-wide.ts";

export async function proceed(desk: Desk): Promise<void> {
  const { table } = desk;
  if (!table) return;
  const day = state.referenceDate.value;
  const at = day === "" ? {} : { referenceDate: day };
  const folds = table.kind === "orders";
  const customers = folds
    ? await desk.run("Folding orders into customers", (job) =>
        table.customers({ ...at, ...counted(table), ...joined(desk), ...job }),
      )
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
  // Without orders nobody can be seen to stay away.
  if (!folds) state.churnSetup.value = { ...state.churnSetup.value, of: "outcome" };
  state.study.value = {
    customers: customers.rowCount,
    columns,
    orders: folds ? table.columns : [],
    referenceDate: day,
    revenue: money?.name,
    revenueTotal: money ? await total(money.values) : 0,
    notices: folds ? customers.findings : [],
  };
  const rfm = await scored(desk, desk.study);
  state.rfm.value = rfm;
  await keepSegments(desk, kept);
  await makeAgain(desk);
  const waits = (state.project.value?.lacking.length ?? 0) > 0;
  go(desk, waits || isProblem(rfm) ? "segments" : "rfm");
  await whatChanged(desk);
  await drawStrips(desk);
  await proposeRules(desk);
  await loadTemplates(desk);
}

/** Makes the study anew of orders that are counted otherwise; where that cannot be, all stays as it was. */
export async function setUpFolding(desk: Desk, change: Partial<Folding>): Promise<void> {
  const [before, study, excluded] = [state.folding.value, desk.study, desk.excluded];
  state.folding.value = { ...before, ...change };
  await proceed(desk);
  if (desk.study === study) state.folding.value = before;
  else if (excluded !== null) await exclude(desk, excluded);
}

/** The customer list that is joined while orders are folded, if one was opened too and is wanted. */
export function joined(desk: Desk): Pick<CustomersOptions, "id" | "attributes" | "attributesKey"> {
  const proposal = state.join.value?.on ? state.join.value.proposal : null;
  const customers = desk.papers[1 - lead.value];
  if (!customers || !proposal) return {};
  return { id: proposal.column, attributes: customers.table, attributesKey: proposal.other };
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
