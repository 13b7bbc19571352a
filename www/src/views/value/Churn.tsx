/** Who will not buy again, or whatever a column says: how likely for each customer, how well it is known, and what drives it. */
import type { Actions } from "../../actions.ts";
import { Calibration } from "../../charts/Calibration.tsx";
import { Columns } from "../../charts/Columns.tsx";
import { count, number, percent, plural } from "../../format.ts";
import { state } from "../../state.ts";
import type { Risk } from "../../value/shapes.ts";
import { between } from "../../value/words.ts";
import { Figure, NumberTable } from "../Figure.tsx";
import { ChurnSetup } from "./ChurnSetup.tsx";

export function Churn({ actions }: { actions: Actions }) {
  const found = state.risk.value;
  const [title, question] =
    state.churnSetup.value.of === "churn"
      ? ["Who is about to leave?", "Say what leaving means."]
      : [
          "Who will do what others did?",
          "Choose the column that says what became of customers, and the value that counts.",
        ];
  return (
    <>
      <header>
        <h1 tabIndex={-1}>{found ? headline(found) : title}</h1>
        <p class="quiet">
          {found
            ? found.definition
            : `${question} A model learns it from the past and is measured on customers it has not seen.`}
        </p>
      </header>
      <ChurnSetup actions={actions} />
      {found && <Found found={found} actions={actions} />}
    </>
  );
}

function headline(found: Risk): string {
  const best = found.deciles[0];
  if (found.refused !== undefined)
    return `Too little to learn from${isKnown(found) ? ": risk is read off the days since the last order" : ""}`;
  if (!best) return `${percent(found.baseline.rate)} of customers, by what happened so far`;
  return `The riskiest tenth are ${number(Number(best.lift.toPrecision(2)))} times as likely as the average: ${percent(best.rate)} against ${percent(found.baseline.rate)}`;
}

/** Whether any customer has a probability: without a model and without orders there is none. */
const isKnown = ({ spread }: Risk): boolean => spread.counts.some((n) => n > 0);

const METHODS: Record<string, string> = {
  logistic: "Logistic regression",
  forest: "Random forest",
  recency: "Days since the last order",
};

function Found({ found, actions }: { found: Risk; actions: Actions }) {
  return (
    <>
      {found.refused !== undefined && <p class="note warning">{found.refused}</p>}
      {found.warnings.length > 0 && (
        <ul class="note notices warning">
          {found.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {found.refused === undefined && (
        <div class="columns even">
          <Tenths found={found} />
          <CalibrationFigure found={found} />
        </div>
      )}
      <div class="columns even">
        {isKnown(found) && <SpreadFigure found={found} actions={actions} />}
        {found.drivers.length > 0 && <Drivers found={found} />}
      </div>
      {found.refused === undefined && <Quality found={found} />}
    </>
  );
}

function Tenths({ found }: { found: Risk }) {
  const { deciles, baseline, heldBack } = found;
  const third = deciles[2];
  return (
    <Figure
      title={
        third
          ? `The riskiest 30 % hold ${percent(third.captured)} of all cases; the model’s AUC is ${found.auc.toFixed(2)}`
          : "Cases by tenth"
      }
      subtitle={`Share of cases in each tenth of n = ${count(heldBack)} customers held back from the model, riskiest first. AUC: 0.5 is a coin, 1 is perfect.`}
      summary={`Bars by tenth of customers. ${deciles.map(({ decile, rate }) => `${decile}: ${percent(rate)}`).join("; ")}.`}
      numbers={{
        head: ["Tenth", "Customers", "Cases", "Rate", "Lift", "Lift so far", "Cases found so far"],
        rows: deciles.map(({ decile, n, positives, rate, lift, cumulativeLift, captured }) => [
          decile,
          count(n),
          number(positives),
          percent(rate),
          lift.toFixed(2),
          cumulativeLift.toFixed(2),
          percent(captured),
        ]),
      }}
    >
      <Columns
        bars={deciles.map(({ rate, decile }) => ({ value: rate, tick: String(decile) }))}
        up="Share of cases"
        along="Tenths of customers, riskiest first →"
        format={(value) => percent(value).replace(".0", "")}
        level={{ value: baseline.rate, name: "average" }}
      />
    </Figure>
  );
}

function CalibrationFigure({ found }: { found: Risk }) {
  const dots = found.calibration.filter(({ n }) => n > 0);
  const off =
    dots.reduce((sum, { predicted, observed, n }) => sum + Math.abs(predicted - observed) * n, 0) /
    Math.max(
      1,
      dots.reduce((sum, { n }) => sum + n, 0),
    );
  return (
    <Figure
      title={`What is foretold comes true, give or take ${percent(off)}`}
      subtitle={`Customers held back, n = ${count(found.heldBack)}, in groups of like probability; the larger the dot, the more customers. On the dotted line foretold and seen are equal.`}
      summary={`Foretold against seen. ${dots.map(({ predicted, observed, n }) => `${percent(predicted)} foretold, ${percent(observed)} came true, ${n} customers`).join("; ")}.`}
      numbers={{
        head: ["Foretold", "Came true", "Customers"],
        rows: dots.map(({ predicted, observed, n }) => [percent(predicted), percent(observed), count(n)]),
      }}
    >
      <Calibration dots={dots} />
    </Figure>
  );
}

function SpreadFigure({ found, actions }: { found: Risk; actions: Actions }) {
  const { edges, counts } = found.spread;
  const all = counts.reduce((sum, n) => sum + n, 0);
  const high = counts.slice(edges.indexOf(0.5)).reduce((sum, n) => sum + n, 0);
  const bar = (at: number): string =>
    `${Math.round((edges[at] ?? 0) * 100)} – ${Math.round((edges[at + 1] ?? 1) * 100)} %`;
  return (
    <Figure
      title={`${plural(high, "customer")} (${percent(high / Math.max(1, all))}) run a risk of more than half`}
      subtitle={`Customers by their probability, n = ${count(all)} of ${count(state.study.value?.customers ?? all)}. A click on a bar makes it a segment.`}
      summary={`Histogram of probability. ${counts.map((n, at) => `${bar(at)}: ${n}`).join("; ")}.`}
      numbers={{
        head: ["Probability", "Customers", "Share"],
        rows: counts.map((n, at) => [bar(at), count(n), percent(n / Math.max(1, all))]),
      }}
      pick={{
        label: "Make it a segment",
        can: (row) => (counts[row] ?? 0) > 0,
        run: (row) => {
          const last = row === counts.length - 1;
          const rule = between(found.column, edges[row] ?? 0, last ? undefined : edges[row + 1]);
          actions.segmentFromRule(`Risk ${bar(row)}`, rule);
        },
      }}
    >
      <Columns
        bars={counts.map((n, at) => ({
          value: n,
          edge: at % 4 === 0 ? `${Math.round((edges[at] ?? 0) * 100)} %` : undefined,
        }))}
        up="Customers"
        along="Probability →"
      />
    </Figure>
  );
}

function Drivers({ found }: { found: Risk }) {
  const most = Math.max(...found.drivers.map(({ importance }) => importance), 1e-12);
  return (
    <section class="panel" aria-labelledby="drivers-title">
      <h2 id="drivers-title">“{found.drivers[0]?.feature}” counts most</h2>
      <p class="quiet">The longer the bar, the more a column counts; it need not be a cause.</p>
      <ul class="drivers">
        {found.drivers.slice(0, 10).map(({ feature, importance, direction, oddsRatio, sentence }) => (
          <li key={feature}>
            <p>
              <strong>{feature}</strong>{" "}
              <span class="quiet">{direction === "mixed" ? "either way" : `${direction} it`}</span>
              {oddsRatio !== undefined && <span class="quiet"> · odds × {oddsRatio.toFixed(2)}</span>}
            </p>
            <svg class="bar" viewBox="0 0 100 6" width="100%" height="6" preserveAspectRatio="none" aria-hidden="true">
              <rect class="bar-out" width="100" height="6" />
              <rect
                class={direction === "lowers" ? "fill-1" : "fill-2"}
                width={(Math.max(0, importance) / most) * 100}
                height="6"
              />
            </svg>
            <p class="quiet small-text">{sentence}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Quality({ found }: { found: Risk }) {
  const row = (name: string, { auc, logLoss, brier }: { auc: number; logLoss: number; brier: number }) => [
    name,
    Number.isFinite(auc) ? auc.toFixed(3) : "–",
    logLoss.toFixed(4),
    brier.toFixed(4),
  ];
  return (
    <section class="panel" aria-labelledby="quality-title">
      <h2 id="quality-title">{METHODS[found.method]} foretells best</h2>
      <p class="quiet">
        Measured on {count(found.heldBack)} of {count(found.n)} customers, held back from the model;{" "}
        {count(found.positives)} of all ({percent(found.positives / Math.max(1, found.n))}) are cases. AUC: higher is
        better. Log-loss and Brier score: lower is better.
      </p>
      <NumberTable
        caption="Models on customers held back"
        numbers={{
          head: ["Model", "AUC", "Log-loss", "Brier score"],
          rows: [
            ...found.candidates.map((one) => row(METHODS[one.method] ?? one.method, one)),
            row("The average for everyone", { ...found.baseline, auc: 0.5 }),
          ],
        }}
      />
    </section>
  );
}
