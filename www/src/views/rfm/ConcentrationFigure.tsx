/** How few customers bring how much: the curve of Pareto, by tenths, with a marker that a slider moves. */
import { useState } from "preact/hooks";
import { ConcentrationCurve } from "../../charts/ConcentrationCurve.tsx";
import { count, number, percent, plural } from "../../format.ts";
import type { Concentration } from "../../model.ts";
import { Figure } from "../Figure.tsx";

export function ConcentrationFigure({ found }: { found: Concentration }) {
  const [share, setShare] = useState(0.1);
  const { n, total, negative, zero, gini, top10Share, customersForHalf, deciles, curve } = found;
  const at = { customers: share, value: valueAt(curve, share) };
  const left = [
    zero > 0 ? `${plural(zero, "customer")} with 0` : "",
    negative.n > 0 ? `${plural(negative.n, "customer")} below 0 (${number(negative.total)}, refunds)` : "",
  ].filter((part) => part !== "");
  return (
    <Figure
      title={`The best 10 % of customers bring ${percent(top10Share)} of money; half of it comes from ${count(customersForHalf)}`}
      subtitle={`Money net of refunds, total ${number(Math.round(total))}, n = ${count(n)}${left.length > 0 ? `, among them ${left.join(" and ")}` : ""}. Gini ${gini.toFixed(2)}: 0 if all brought the same, 1 if one brought everything. Dotted: all alike.`}
      summary={`Curve of concentration. ${deciles.map(({ decile, cumulativeShare }) => `Best ${decile * 10} %: ${percent(cumulativeShare)}`).join("; ")}.`}
      numbers={{
        head: ["Tenth", "Customers", "Money", "Share", "Together", "From", "To"],
        rows: deciles.map(({ decile, n: size, total: sum, share: part, cumulativeShare, least, most }) => [
          decile,
          count(size),
          number(sum),
          percent(part),
          percent(cumulativeShare),
          number(least),
          number(most),
        ]),
      }}
      foot={
        <label class="slider">
          <span>
            Best <strong>{percent(share).replace(".0", "")}</strong> of customers ({count(Math.round(n * share))}):{" "}
            <strong>{percent(at.value)}</strong> of money
          </span>
          <input
            type="range"
            min="1"
            max="100"
            value={Math.round(share * 100)}
            aria-label="Best share of customers, in percent"
            aria-valuetext={`Best ${Math.round(share * 100)} percent: ${percent(at.value)} of money`}
            onInput={(event) => setShare(event.currentTarget.valueAsNumber / 100)}
          />
        </label>
      }
    >
      <ConcentrationCurve curve={curve} at={at} />
    </Figure>
  );
}

/** The curve at a share of customers, straight between its points. */
function valueAt(curve: Concentration["curve"], share: number): number {
  const after = curve.findIndex(({ customers }) => customers >= share);
  const [low, high] = [curve[after - 1], curve[after]];
  if (!high) return curve[curve.length - 1]?.value ?? Number.NaN;
  if (!low) return high.value;
  const part = (share - low.customers) / Math.max(1e-12, high.customers - low.customers);
  return low.value + part * (high.value - low.value);
}
