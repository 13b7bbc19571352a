/** How many the rule takes, how many it cannot tell, and what it says in one sentence. */
import { CountsBar } from "../../charts/Bars.tsx";
import { count, percent, plural } from "../../format.ts";
import type { Draft, Study } from "../../model.ts";
import { sentence } from "../../rule/sentence.ts";
import { ruleColumns } from "../../state.ts";

export function Total({ draft, study }: { draft: Draft; study: Study }) {
  const { counts, stale, errors } = draft;
  if (!counts) return null;
  const { customers, revenueTotal } = study;
  const all = counts.in + counts.out + counts.unknown;
  const textOf = (node: Draft["rule"]): string | undefined => draft.facts.get(node)?.counts.text;
  return (
    <div class={stale ? "rule-counts old" : "rule-counts"}>
      <p class="total">
        <strong class="figure-number">{count(counts.in)}</strong>{" "}
        <span>
          customers, {percent(counts.in / Math.max(1, customers))}
          {counts.revenue !== undefined && revenueTotal > 0 && (
            <>, {percent(counts.revenue / revenueTotal)} of revenue</>
          )}
        </span>
        {stale && errors.length > 0 && <span class="tag">as of your last valid rule</span>}
      </p>
      <CountsBar inside={counts.in} unknown={counts.unknown} all={all} old={stale} />
      <p class="legend quiet">
        <span>
          <span class="swatch c1" /> {count(counts.in)} in
        </span>
        <span>
          <span class="swatch out" /> {count(counts.out)} out
        </span>
        {counts.unknown > 0 && (
          <span>
            <span class="swatch c2" /> {plural(counts.unknown, "customer")} undecided: a value is missing
          </span>
        )}
      </p>
      <p class="sentence">{sentence(draft.rule, { columns: ruleColumns.value, orders: study.orders, textOf })}</p>
    </div>
  );
}
