/** What customers will bring: how it spreads, who brings most, who still buys, and whether the model can be trusted. */
import type { Actions } from "../../actions.ts";
import { count, number, percent, plural, short } from "../../format.ts";
import type { Study } from "../../model.ts";
import { state } from "../../state.ts";
import { type Estimate, MODELS } from "../../value/shapes.ts";
import { ahead } from "../../value/words.ts";
import { NumberTable } from "../Figure.tsx";
import { CheckFigure } from "./CheckFigure.tsx";
import { AliveFigure, DecilesFigure, OneFigure, ValuesFigure } from "./Figures.tsx";
import { Range } from "./Range.tsx";
import { Setup } from "./Setup.tsx";

export function Lifetime({ actions }: { actions: Actions }) {
  const [study, found] = [state.study.value, state.estimate.value];
  if (!study) return null;
  if (!found) {
    return (
      <>
        <header>
          <h1 tabIndex={-1}>What will these customers bring?</h1>
          <p class="quiet">
            Three models of repeat purchases are fitted to the days on which customers bought; the likeliest one says
            who still buys, how often and for how much.
          </p>
        </header>
        <div class="actions">
          <button type="button" class="primary" disabled={state.running.value !== null} onClick={actions.estimate}>
            Estimate value
          </button>
        </div>
      </>
    );
  }
  return (
    <>
      <header>
        <h1 tabIndex={-1}>{headline(found)}</h1>
        <p class="quiet">{stated(found, study)}</p>
      </header>
      {found.warnings.length > 0 && (
        <div class="note warning">
          <div class="plain-text">
            {found.warnings.map((warning) => (
              <p key={warning}>{warning}</p>
            ))}
          </div>
        </div>
      )}
      <Setup found={found} actions={actions} />
      <div class="columns even">
        <ValuesFigure found={found} actions={actions} />
        <DecilesFigure found={found} />
      </div>
      <div class="columns even">
        <OneFigure found={found} />
        <AliveFigure found={found} actions={actions} />
      </div>
      <Range found={found} actions={actions} />
      <Top found={found} />
      <CheckFigure found={found} actions={actions} />
    </>
  );
}

function headline({ total, money, asked, deciles }: Estimate): string {
  const best = deciles[0];
  const span = `${short(Math.round(total.low))} to ${short(Math.round(total.high))}`;
  const what = money
    ? `${short(Math.round(total.value))} (${span}) of value`
    : `${count(total.orders)} (${span}) orders`;
  const share = best ? `, ${percent(best.share)} of it from the best tenth of customers` : "";
  return `${what} expected in the next ${ahead(asked.horizonDays)}${share}`;
}

function stated(found: Estimate, study: Study): string {
  const { asked, calibrationEnd, customers, repeaters, model, money } = found;
  const left = study.customers - customers;
  return [
    `${MODELS[model]}${money ? " for purchases and Gamma-Gamma for money" : ""}, fitted to ${plural(customers, "customer")} up to ${calibrationEnd}; ${count(repeaters)} of them (${percent(repeaters / Math.max(1, customers))}) bought again.`,
    money
      ? `Value is the money expected in the next ${ahead(asked.horizonDays)}; later money counts ${number(asked.discountYearly * 100)} % less a year.`
      : "No money could be estimated, so orders are shown.",
    `In brackets: the interval that ${number(found.interval * 100)} % of such totals lie in, as long as the future is like the past.`,
    left > 0 ? `${plural(left, "customer")} without an order ${left === 1 ? "has" : "have"} no estimate.` : "",
  ].join(" ");
}

function Top({ found }: { found: Estimate }) {
  return (
    <section class="panel" aria-labelledby="top-title">
      <h2 id="top-title">
        The {found.top.length} most valuable customers bring {percent(topShare(found))} of it
      </h2>
      <p class="quiet">
        Next order: the day on which one who probably still buys is expected again. Orders are days with a purchase
        within {ahead(found.asked.horizonDays)}. Low and high: {number(found.interval * 100)} % of outcomes lie between.
      </p>
      <NumberTable
        caption="The most valuable customers"
        numbers={{
          head: [
            "Customer",
            "Lifetime value",
            "Low",
            "High",
            "Still buying",
            "Orders expected",
            "Money an order",
            "Next order",
          ],
          rows: found.top.map(({ name, value, low, high, alive, orders, spend, next }) => [
            name,
            number(value),
            number(low),
            number(high),
            percent(alive),
            number(orders),
            number(spend),
            next ?? "–",
          ]),
        }}
      />
    </section>
  );
}

const topShare = ({ top, total, money }: Estimate): number =>
  top.reduce((sum, { value, orders }) => sum + (money ? value : orders), 0) / Math.max(1e-12, total.value);
