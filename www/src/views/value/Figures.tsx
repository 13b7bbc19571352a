/** How lifetime value spreads over customers, by tenths, and who still buys. */
import type { Actions } from "../../actions.ts";
import { Columns } from "../../charts/Columns.tsx";
import { count, number, percent, short } from "../../format.ts";
import type { Estimate } from "../../value/shapes.ts";
import { ahead, between, edgeName } from "../../value/words.ts";
import { Figure } from "../Figure.tsx";

interface Props {
  found: Estimate;
  actions: Actions;
}

/** What is counted: money, or orders where there is no money. */
const measure = ({ money }: Estimate) =>
  money ? { column: "lifetime_value", name: "Lifetime value" } : { column: "expected_orders", name: "Orders expected" };

export function ValuesFigure({ found, actions }: Props) {
  const { edges, counts } = found.values;
  const { column, name } = measure(found);
  const range = (at: number): string => `${edgeName(edges[at] ?? 0)} – ${edgeName(edges[at + 1] ?? 0)}`;
  const mean = found.total.value / Math.max(1, found.customers);
  return (
    <Figure
      title={`Half of the customers are worth less than ${edgeName(found.median)}; the average is ${edgeName(mean)}`}
      subtitle={`${name} in the next ${ahead(found.asked.horizonDays)}, n = ${count(found.customers)}. Each bar is a range whose end is 1.8 times its beginning, so the axis is logarithmic.`}
      summary={`Histogram of ${name.toLowerCase()}. ${counts.map((n, at) => `${range(at)}: ${n} customers`).join("; ")}.`}
      numbers={{
        head: [name, "Customers", "Share"],
        rows: counts.map((n, at) => [range(at), count(n), percent(n / Math.max(1, found.customers))]),
      }}
      pick={{
        label: "Make it a segment",
        can: (row) => (counts[row] ?? 0) > 0,
        run: (row) => {
          const rule = between(column, edges[row] ?? 0, edges[row + 1]);
          actions.segmentFromRule(`${name} ${range(row)}`, rule);
        },
      }}
    >
      <Columns
        bars={counts.map((n, at) => ({ value: n, edge: short(edges[at] ?? 0) }))}
        up="Customers"
        along={`${name}, logarithmic →`}
      />
    </Figure>
  );
}

export function DecilesFigure({ found }: { found: Estimate }) {
  const { deciles } = found;
  const [best, second] = [deciles[0], deciles[1]];
  return (
    <Figure
      title={
        best && second
          ? `The best tenth bring ${percent(best.share)}, the best fifth ${percent(second.cumulative)}`
          : "Tenths of customers"
      }
      subtitle={`Customers by ${measure(found).name.toLowerCase()}, most valuable first, in tenths of n = ${count(found.customers)}. If all were alike, each tenth would bring 10 %.`}
      summary={`Bars by tenth of customers. ${deciles.map(({ share }, at) => `${at + 1}: ${percent(share)}`).join("; ")}.`}
      numbers={{
        head: ["Tenth", "Customers", "Total", "Share", "Together", "From", "To"],
        rows: deciles.map(({ n, total, share, cumulative, least, most }, at) => [
          at + 1,
          count(n),
          number(total),
          percent(share),
          percent(cumulative),
          number(least),
          number(most),
        ]),
      }}
    >
      <Columns
        bars={deciles.map(({ share }, at) => ({ value: share, tick: String(at + 1) }))}
        up="Share of value"
        along="Tenths of customers, most valuable first →"
        format={(value) => percent(value).replace(".0", "")}
        level={{ value: 0.1, name: "all alike" }}
      />
    </Figure>
  );
}

/** One customer of each tenth: expected, and how far what one does may lie from it. */
export function OneFigure({ found }: { found: Estimate }) {
  const rows = found.deciles.filter(({ low, high }) => Number.isFinite(low + high));
  const best = rows[0];
  if (!best) return null;
  const share = percent(found.interval).replace(".0", "");
  return (
    <Figure
      title={`One of the best tenth brings ${edgeName(best.mean)} on average, mostly between ${edgeName(best.low)} and ${edgeName(best.high)}`}
      subtitle={`${measure(found).name} of one customer in the next ${ahead(found.asked.horizonDays)}, by tenth of n = ${count(found.customers)}. Lines: ${share} of outcomes of a single customer lie between, if the model is right.`}
      summary={`Means with intervals by tenth. ${rows.map(({ mean, low, high }, at) => `${at + 1}: ${number(mean)}, ${number(low)} to ${number(high)}`).join("; ")}.`}
      numbers={{
        head: ["Tenth", "Customers", "Expected of one", "Low", "High"],
        rows: rows.map(({ n, mean, low, high }, at) => [at + 1, count(n), number(mean), number(low), number(high)]),
      }}
    >
      <Columns
        bars={rows.map(({ mean, low, high }, at) => ({ value: mean, low, high, tick: String(at + 1) }))}
        up={measure(found).name}
        along="Tenths of customers, most valuable first →"
      />
    </Figure>
  );
}

export function AliveFigure({ found, actions }: Props) {
  const { edges, counts } = found.alive;
  const bar = (at: number): string =>
    `${Math.round((edges[at] ?? 0) * 100)} – ${Math.round((edges[at + 1] ?? 1) * 100)} %`;
  const middle = edges.indexOf(0.5);
  const gone = counts.slice(0, middle).reduce((sum, n) => sum + n, 0);
  return (
    <Figure
      title={`${count(gone)} customers (${percent(gone / Math.max(1, found.customers))}) have probably stopped buying`}
      subtitle={`Chance to be still buying on ${found.calibrationEnd}, n = ${count(found.customers)}; “probably” is a chance under 50 %. Who bought once only says little about when they stop.`}
      summary={`Histogram of the chance to be still buying. ${counts.map((n, at) => `${bar(at)}: ${n}`).join("; ")}.`}
      numbers={{
        head: ["Chance to be still buying", "Customers", "Share"],
        rows: counts.map((n, at) => [bar(at), count(n), percent(n / Math.max(1, found.customers))]),
      }}
      pick={{
        label: "Make it a segment",
        can: (row) => (counts[row] ?? 0) > 0,
        run: (row) => {
          const last = row === counts.length - 1;
          const rule = between("p_alive", edges[row] ?? 0, last ? undefined : edges[row + 1]);
          actions.segmentFromRule(`Still buying: ${bar(row)}`, rule);
        },
      }}
    >
      <Columns
        bars={counts.map((n, at) => ({
          value: n,
          edge: at % 4 === 0 ? `${Math.round((edges[at] ?? 0) * 100)} %` : undefined,
        }))}
        up="Customers"
        along="Chance to be still buying →"
      />
    </Figure>
  );
}
