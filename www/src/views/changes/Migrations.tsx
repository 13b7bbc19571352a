/** Who moved between groups: the exact numbers first, the picture second. Only where each customer is in one group at most. */
import { useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import type { Compared, Migration } from "../../changes/shapes.ts";
import { dayInWords, end, flowsOf, largestMove, matched } from "../../changes/words.ts";
import { Alluvial } from "../../charts/Alluvial.tsx";
import { count, percent } from "../../format.ts";
import { Figure } from "../Figure.tsx";
import { MigrationMatrix } from "./MigrationMatrix.tsx";

export function Migrations({ compared, actions }: { compared: Compared; actions: Actions }) {
  const all = compared.changes.migration;
  const [chosen, setChosen] = useState(0);
  const migration = all[chosen] ?? all[0];
  if (!migration) return null;
  return (
    <>
      {all.length > 1 && (
        <label class="field narrow">
          <span>Groups</span>
          <select value={all.indexOf(migration)} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
            {all.map(({ grouping }, at) => (
              <option key={grouping} value={at}>
                {grouping}
              </option>
            ))}
          </select>
        </label>
      )}
      <MigrationMatrix key={migration.grouping} compared={compared} migration={migration} actions={actions} />
      <Flows compared={compared} migration={migration} actions={actions} />
    </>
  );
}

interface Props {
  compared: Compared;
  migration: Migration;
  actions: Actions;
}

function Flows({ compared, migration, actions }: Props) {
  const { grouping, labels, moved, sizesBefore } = migration;
  const { before, after } = compared.changes;
  const flows = flowsOf(migration);
  const most = largestMove(migration);
  const can = (at: number): boolean => compared.traceable && (flows[at]?.to ?? -1) >= 0;
  return (
    <Figure
      title={
        most
          ? `The largest move: ${count(most.n)} from ${labels[most.from]} to ${labels[most.to]}`
          : "Nobody moved to another group"
      }
      subtitle={`${grouping}, ${dayInWords(before.date)} on the left, ${dayInWords(after.date)} on the right; n = ${count(matched(migration))} in a group on both days, of whom ${count(moved)} moved.${compared.traceable ? " A click on a band makes it a segment." : ""}`}
      summary={`Flows between groups of ${grouping}. ${flows
        .filter(({ from, to }) => from !== to)
        .slice(0, 4)
        .map(({ from, to, n }) => `${end(labels, from, "from")} to ${end(labels, to, "to")}: ${n}`)
        .join("; ")}.`}
      numbers={{
        head: ["From", "To", "Customers", "Of its group"],
        rows: flows.map(({ from, to, n }) => [
          end(labels, from, "from"),
          end(labels, to, "to"),
          count(n),
          from < 0 ? "–" : percent(n / Math.max(1, sizesBefore[from] ?? 0)),
        ]),
      }}
      pick={{
        label: "Make this a segment",
        can,
        run: (at) => {
          const { from = -1, to = -1 } = flows[at] ?? {};
          actions.segmentOfMove(grouping, labels[from], labels[to] ?? "");
        },
      }}
    >
      <Alluvial
        labels={labels}
        colors={labels.map((_, index) => (index < 8 ? index + 1 : 0))}
        flows={flows}
        can={can}
      />
    </Figure>
  );
}
