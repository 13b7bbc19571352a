/** The picture on the first screen, counted from the sample when the page is built. */
import { LAST_DAY } from "./personas.ts";
import { orders, SAMPLE } from "./shop.ts";

export interface Picture {
  shop: string;
  customers: number;
  lines: number;
  /** Lower ends of the bands: days since the last order, number of orders. */
  recency: string[];
  frequency: string[];
  /** Customers and revenue share by cell: `[frequency band][recency band]`. */
  cells: { n: number; revenue: number }[][];
  /** Share of revenue of the best 10 %, 20 % … 100 % of customers. */
  pareto: number[];
}

const RECENCY_DAYS = [360, 180, 90, 30, 0];
const ORDERS = [12, 6, 3, 2, 1];

export function picture(): Picture {
  const customers = new Map<string, { last: number; orders: number; revenue: number }>();
  for (const { day, customer, lines } of orders()) {
    const known = customers.get(customer.id) ?? { last: day, orders: 0, revenue: 0 };
    known.last = Math.max(known.last, day);
    known.orders += 1;
    for (const line of lines) known.revenue += line.amount;
    customers.set(customer.id, known);
  }
  const all = [...customers.values()];
  const total = all.reduce((sum, customer) => sum + customer.revenue, 0);
  const cells = ORDERS.map(() => RECENCY_DAYS.map(() => ({ n: 0, revenue: 0 })));
  for (const { last, orders, revenue } of all) {
    const row = ORDERS.findIndex((least) => orders >= least);
    const column = RECENCY_DAYS.findIndex((least) => LAST_DAY - last >= least);
    const cell = cells[row]?.[column];
    if (cell) {
      cell.n += 1;
      cell.revenue += revenue / total;
    }
  }
  const sorted = all.map((customer) => customer.revenue).sort((a, b) => b - a);
  const pareto = Array.from(
    { length: 10 },
    (_, decile) =>
      sorted.slice(0, Math.round((sorted.length * (decile + 1)) / 10)).reduce((sum, revenue) => sum + revenue, 0) /
      total,
  );
  return {
    shop: SAMPLE.shop,
    customers: all.length,
    lines: SAMPLE.lines,
    recency: ["360+ days", "180–359", "90–179", "30–89", "0–29 days"],
    frequency: ["12+ orders", "6–11", "3–5", "2", "1 order"],
    cells: cells.map((row) => row.map(({ n, revenue }) => ({ n, revenue: Math.round(revenue * 10000) / 10000 }))),
    pareto: pareto.map((share) => Math.round(share * 10000) / 10000),
  };
}
