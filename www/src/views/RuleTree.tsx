/** Every part of a rule with who it takes, who not, and who cannot be told. */
import { CountsBar } from "../charts/Bars.tsx";
import { count, percent } from "../format.ts";
import type { RuleCounts } from "../model.ts";

interface Props {
  counts: RuleCounts;
  customers: number;
  revenue: number;
  old: boolean;
}

export function RuleTree({ counts, customers, revenue, old }: Props) {
  return (
    <div class={old ? "rule-counts old" : "rule-counts"}>
      <p class="total">
        <strong class="figure-number">{count(counts.in)}</strong> customers, {percent(counts.in / customers)}
        {counts.revenue !== undefined && revenue > 0 && <>, {percent(counts.revenue / revenue)} of revenue</>}
        {old && <span class="tag">as of your last valid rule</span>}
      </p>
      <p class="legend quiet">
        <span>
          <span class="swatch c1" /> in
        </span>
        <span>
          <span class="swatch out" /> out
        </span>
        <span>
          <span class="swatch c2" /> cannot be told, a value is missing
        </span>
      </p>
      <ul class="tree">
        <Node counts={counts} old={old} />
      </ul>
    </div>
  );
}

function Node({ counts, old }: { counts: RuleCounts; old: boolean }) {
  const all = counts.in + counts.out + counts.unknown;
  return (
    <li>
      <div class="node">
        <code>{counts.text}</code>
        <span class="number">
          {count(counts.in)} in · {count(counts.out)} out
          {counts.unknown > 0 && (
            <>
              {" "}
              · <strong>{count(counts.unknown)} unknown</strong>
            </>
          )}
        </span>
        <CountsBar inside={counts.in} unknown={counts.unknown} all={all} old={old} />
      </div>
      {counts.children && counts.children.length > 0 && (
        <ul>
          {counts.children.map((child, index) => (
            <Node key={index} counts={child} old={old} />
          ))}
        </ul>
      )}
    </li>
  );
}
