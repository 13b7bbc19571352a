/** The groups by size and by the money of one of their customers. */
import type { Actions } from "../../actions.ts";
import { type Patch, Treemap } from "../../charts/Treemap.tsx";
import { count, number, percent } from "../../format.ts";
import type { Group, Study } from "../../model.ts";
import { Figure } from "../Figure.tsx";

interface Props {
  groups: readonly Group[];
  study: Study;
  actions: Actions;
}

export function TreemapFigure({ groups, study, actions }: Props) {
  const patches = groups
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n)
    .map(({ label, n, share, revenueShare }): Patch & Pick<Group, "revenueShare"> => {
      const each = revenueShare === undefined ? undefined : (revenueShare * study.revenueTotal) / n;
      return { label, n, share, each, revenueShare };
    });
  const [largest] = patches;
  if (!largest) return null;
  const richest = [...patches].sort((a, b) => (b.each ?? 0) - (a.each ?? 0))[0] ?? largest;
  const covered = patches.reduce((sum, { n }) => sum + n, 0);
  const mean = study.revenueTotal / study.customers;
  return (
    <Figure
      title={
        richest.each === undefined
          ? `${largest.label} is the largest group: ${percent(largest.share)}`
          : `One of ${richest.label} brings ${number(Math.round(richest.each))}; the average customer ${number(Math.round(mean))}`
      }
      subtitle={`Area: customers, n = ${count(covered)} of ${count(study.customers)}.${largest.each === undefined ? "" : " The stronger the colour, the more money a customer."} Names stand in groups of 3 % and more.`}
      summary={`Treemap of groups. ${patches
        .slice(0, 4)
        .map(({ label, share }) => `${label}: ${percent(share)}`)
        .join("; ")}.`}
      numbers={{
        head: ["Group", "Customers", "Share", "Revenue share", "Money a customer"],
        rows: patches.map(({ label, n, share, each, revenueShare }) => [
          label,
          count(n),
          percent(share),
          revenueShare === undefined ? "–" : percent(revenueShare),
          number(each),
        ]),
      }}
      pick={{
        label: "Make it a segment",
        can: (row) => patches[row] !== undefined,
        run: (row) => actions.segmentFromGroup(patches[row]?.label ?? ""),
      }}
    >
      <Treemap patches={patches} />
    </Figure>
  );
}
