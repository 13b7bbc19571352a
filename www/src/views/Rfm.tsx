/** How recently, how often, for how much: the grid, the groups with names, and where the bands meet. */
import type { Actions } from "../actions.ts";
import { dayBand, orderBand, RfmGrid } from "../charts/RfmGrid.tsx";
import { count, number, percent, plural } from "../format.ts";
import type { Group, Rfm as Scores, Study } from "../model.ts";
import { isProblem, state } from "../state.ts";
import { Figure } from "./Figure.tsx";
import { GroupTable } from "./GroupTable.tsx";
import { Icon } from "./Icon.tsx";
import { Agreement } from "./rfm/Agreement.tsx";
import { ConcentrationFigure } from "./rfm/ConcentrationFigure.tsx";
import { Edges } from "./rfm/Edges.tsx";
import { Setup } from "./rfm/Setup.tsx";
import { TreemapFigure } from "./rfm/TreemapFigure.tsx";

export function Rfm({ actions }: { actions: Actions }) {
  const [rfm, study] = [state.rfm.value, state.study.value];
  if (!rfm || !study) return null;
  if (isProblem(rfm)) {
    return (
      <div class="screen">
        <header>
          <h1 tabIndex={-1}>RFM needs orders</h1>
        </header>
        <p>
          RFM scores every customer by days since the last order, number of orders and money. It is made from a file of
          orders, one row an order or a line of one.
        </p>
        <p class="note">{rfm.message}</p>
        <div class="actions">
          <button type="button" class="primary" onClick={() => actions.go("segments")}>
            Go on to segments <Icon name="arrow" />
          </button>
        </div>
      </div>
    );
  }
  const best = rfm.groups.find(({ n }) => n > 0);
  return (
    <div class="screen">
      <header>
        <h1 tabIndex={-1}>{best ? headline(best) : "RFM groups"}</h1>
        <p class="quiet">
          {plural(study.customers, "customer")} scored 1 to {rfm.scale} for recency, frequency and money as of{" "}
          {study.referenceDate}, over {windowed()}. Equal values always share a score.
        </p>
      </header>
      <Ties rfm={rfm} actions={actions} />
      {rfm.unscored > 0 && (
        <p class="note">
          {plural(rfm.unscored, "customer")} {rfm.unscored === 1 ? "has" : "have"} no score: every line is a refund, or
          has no date.
        </p>
      )}
      <Setup actions={actions} />
      <div class="columns">
        <div class="stack">
          <Grid rfm={rfm} study={study} />
          <Edges rfm={rfm} actions={actions} />
          {state.concentration.value && <ConcentrationFigure found={state.concentration.value} />}
          <Notices study={study} />
        </div>
        <div class="stack">
          <Groups rfm={rfm} study={study} actions={actions} />
          <TreemapFigure groups={rfm.groups} study={study} actions={actions} />
        </div>
      </div>
      <Agreement actions={actions} />
    </div>
  );
}

/** Which orders count, in words. */
function windowed(): string {
  const { days } = state.folding.value;
  return days === undefined ? "the orders of all days" : `orders of the last ${plural(days, "day")}`;
}

const headline = (best: Group): string =>
  `${best.label}: ${percent(best.share)} of customers${best.revenueShare === undefined ? "" : `, ${percent(best.revenueShare)} of revenue`}`;

/** What equal values do to the scores, and a scale that they can fill. */
function Ties({ rfm, actions }: { rfm: Scores; actions: Actions }) {
  return (
    <>
      {rfm.notes.length > 0 && (
        <div class="note warning">
          <div class="plain-text">
            {rfm.notes.map((note) => (
              <p key={note}>{note}</p>
            ))}
          </div>
          {rfm.levels > 1 && rfm.levels < rfm.scale && (
            <button type="button" class="small-button" onClick={() => actions.setUpRfm({ scale: rfm.levels })}>
              Score from 1 to {rfm.levels} instead
            </button>
          )}
        </div>
      )}
      {rfm.scale !== 5 && (
        <div class="note">
          <p>Scores go from 1 to {rfm.scale}, as you chose.</p>
          <button type="button" class="small-button" onClick={() => actions.setUpRfm({ scale: 5 })}>
            Undo: score from 1 to 5
          </button>
        </div>
      )}
    </>
  );
}

function Grid({ rfm, study }: { rfm: Scores; study: Study }) {
  const scores = Array.from({ length: rfm.scale }, (_, index) => index + 1);
  const rows = scores
    .flatMap((f) => scores.map((r) => ({ f, r, ...(rfm.cells[f - 1]?.[r - 1] ?? { n: 0, revenue: 0 }) })))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n);
  const top = rows[0];
  const orders = (f: number): string => (rfm.nested ? `band ${f} of orders` : orderBand(rfm.edges.frequency, f, false));
  const where = (r: number, f: number): string =>
    `${orders(f)}, last ${dayBand(rfm.edges.recency, r, rfm.scale, false)} ago`;
  const money = rfm.nested
    ? "Bands of orders and money are found inside each band of recency."
    : `Money scores meet at ${rfm.edges.monetary.map((edge) => number(edge)).join(", ")}.`;
  return (
    <Figure
      title={
        top ? `The largest cell: ${count(top.n)} customers with ${where(top.r, top.f)}` : "No customer could be scored"
      }
      subtitle={`n = ${count(study.customers - rfm.unscored)} of ${count(study.customers)}. The stronger the colour, the more customers. Orange square: revenue. ${money}`}
      summary={`Grid of recency against frequency scores. ${rows
        .slice(0, 3)
        .map(({ f, r, n }) => `${where(r, f)}: ${n} customers`)
        .join("; ")}.`}
      numbers={{
        head: ["Orders", "Last order", "Customers", "Share", "Revenue share"],
        rows: rows.map(({ f, r, n, revenue }) => [
          `F${f}: ${orders(f)}`,
          `R${r}: ${dayBand(rfm.edges.recency, r, rfm.scale, false)}`,
          count(n),
          percent(n / study.customers),
          study.revenueTotal > 0 ? percent(revenue / study.revenueTotal) : "–",
        ]),
      }}
    >
      <RfmGrid rfm={rfm} customers={study.customers} revenue={study.revenueTotal} />
    </Figure>
  );
}

function Groups({ rfm, study, actions }: { rfm: Scores; study: Study; actions: Actions }) {
  const { groups } = rfm;
  const rest = study.customers - groups.reduce((sum, { n }) => sum + n, 0);
  const many = groups.length > 20;
  const shown = many ? groups.filter(({ n }) => n > 0).sort((a, b) => b.n - a.n) : groups;
  return (
    <section class="panel" aria-labelledby="groups-title">
      <h2 id="groups-title">
        Groups with names{many && <span class="quiet"> · {plural(shown.length, "group")}, largest first</span>}
      </h2>
      <div class={many ? "tall" : undefined} tabIndex={many ? 0 : undefined}>
        <GroupTable
          what="Group"
          caption="RFM groups with size and revenue share"
          rows={[
            ...shown.map(({ label, n, share, revenueShare }) => ({
              key: label,
              head: label,
              n,
              share,
              revenueShare,
              toSegment: () => actions.segmentFromGroup(label),
            })),
            ...(rest > 0
              ? [
                  {
                    key: " rest",
                    head: "In no group",
                    n: rest,
                    share: rest / study.customers,
                    revenueShare: undefined,
                    fixed: true,
                  },
                ]
              : []),
          ]}
        />
      </div>
    </section>
  );
}

/** What folding the orders left out or put together. */
function Notices({ study }: { study: Study }) {
  if (study.notices.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="notices-title">
      <h2 id="notices-title">How the orders were folded</h2>
      <ul class="findings">
        {study.notices.map((notice, index) => (
          <li key={index}>
            <p>{notice.message}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
