/** What customers are worth: models fitted to their orders, and the small counts that the pictures need. */
import type { Table, ValueModel, ValueOptions } from "../engine.ts";
import { count, plural } from "../format.ts";
import { state } from "../state.ts";
import { deciles, falling, logBins, shareBins, topRows } from "../value/figures.ts";
import type { Estimate, Part, TopCustomer, ValueSetup } from "../value/shapes.ts";
import { type Desk, say } from "./desk.ts";
import { showCohorts, showStages } from "./life.ts";

/** Customers who are shown by name. */
const TOP = 12;
const DAY = 86_400_000;
/** Who is not expected again has no day. */
const NO_DAY = -2_147_483_648;

/** How value is asked for. */
export const asked = ({ model, horizonDays, discountYearly }: ValueSetup): ValueOptions => ({
  model,
  horizonDays,
  discountYearly,
});

/** Fits anew with other settings. */
export async function setUpValue(desk: Desk, change: Partial<ValueSetup>): Promise<void> {
  state.valueSetup.value = { ...state.valueSetup.value, ...change };
  state.check.value = null;
  await estimate(desk);
}

export async function estimate(desk: Desk): Promise<void> {
  const { study, customers } = desk;
  const setup = state.valueSetup.value;
  if (!study || !customers || state.study.value?.orders.length === 0) return;
  const found = await desk.run("Estimating value", async (job) => {
    const model = await study.value({ ...asked(setup), ...job });
    return shown(customers, setup, model);
  });
  if (!found || desk.study !== study) return;
  state.estimate.value = found;
  say(`${plural(found.customers, "customer")}: ${count(found.total.orders)} orders are expected.`);
}

/** Fits without the last days and compares them with what came; then again with everything, which is what rules ask. */
export async function checkValue(desk: Desk): Promise<void> {
  const { study } = desk;
  const setup = state.valueSetup.value;
  const last = state.estimate.value?.calibrationEnd;
  if (!study || last === undefined) return;
  const from = new Date(Date.parse(last) - setup.heldBack * DAY).toISOString().slice(0, 10);
  const held = await desk.run("Checking the model", async (job) => {
    try {
      return await study.value({ ...asked(setup), calibrationEnd: from, ...job });
    } finally {
      await study.value(asked(setup));
    }
  });
  if (!held?.holdout || desk.study !== study) return;
  state.check.value = { ...held.holdout, model: held.model, tracking: held.tracking, from };
}

/** Shows a part of the screen and works it out the first time. */
export function showPart(desk: Desk, part: Part): void {
  state.part.value = part;
  if (state.running.value || state.study.value?.orders.length === 0) return;
  if (part === "lifetime" && !state.estimate.value) void estimate(desk);
  if (part === "cohorts" && !state.cohorts.value) void showCohorts(desk, "month");
  if (part === "stages" && !state.stages.value) void showStages(desk, state.stageSetup.value);
}

export async function countRange(desk: Desk, text: string): Promise<void> {
  const { study } = desk;
  const counts = await study?.count(text).catch(() => undefined);
  if (counts && desk.study === study) state.range.value = { text, n: counts.in };
}

async function shown(customers: Table, setup: ValueSetup, model: ValueModel): Promise<Estimate> {
  const [value, low, high] = model.spend
    ? [model.lifetimeValue, model.lifetimeValueLow, model.lifetimeValueHigh]
    : [model.expectedOrders, model.expectedOrdersLow, model.expectedOrdersHigh];
  const { total } = model;
  const sorted = falling(value);
  return {
    asked: setup,
    model: model.model,
    candidates: model.candidates,
    money: model.spend !== undefined,
    calibrationEnd: model.calibrationEnd,
    customers: model.customers,
    repeaters: model.repeaters,
    total: model.spend
      ? { value: total.lifetimeValue, low: total.low, high: total.high, orders: total.expectedOrders }
      : {
          value: total.expectedOrders,
          low: total.expectedOrdersLow,
          high: total.expectedOrdersHigh,
          orders: total.expectedOrders,
        },
    interval: model.interval,
    tracking: model.tracking,
    median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    deciles: await deciles(value, sorted, low, high),
    values: await logBins(value),
    alive: await shareBins(model.pAlive),
    top: await named(customers, model, await topRows(value, TOP)),
    warnings: model.warnings,
  };
}

async function named(customers: Table, model: ValueModel, rows: readonly number[]): Promise<TopCustomer[]> {
  const id = customers.columns.find(({ role }) => role === "customer-id")?.name;
  const list = [];
  for (const row of rows) {
    const [[name] = []] = id === undefined ? [] : await customers.rows({ offset: row, limit: 1, columns: [id] });
    const next = model.nextOrder[row] ?? NO_DAY;
    list.push({
      name: String(name ?? `Row ${row + 1}`),
      value: model.lifetimeValue[row] ?? Number.NaN,
      low: model.lifetimeValueLow[row] ?? Number.NaN,
      high: model.lifetimeValueHigh[row] ?? Number.NaN,
      alive: model.pAlive[row] ?? Number.NaN,
      orders: model.expectedOrders[row] ?? Number.NaN,
      spend: model.expectedSpend[row] ?? Number.NaN,
      next: next === NO_DAY ? undefined : new Date(next * DAY).toISOString().slice(0, 10),
    });
  }
  return list;
}
