/** Two files: how the customers belong to the orders, and who would be left over. */
import type { Actions } from "../actions.ts";
import { count, percent, plural } from "../format.ts";
import type { Join as Joined } from "../model.ts";
import { lead, state } from "../state.ts";

export function Join({ join, actions }: { join: Joined; actions: Actions }) {
  const [orders, other] = [state.leaves.value[lead.value], state.leaves.value[1 - lead.value]];
  if (!orders || !other) return null;
  const { sheet } = orders;
  const { proposal } = join;
  const about = `${other.name}: ${plural(other.sheet.rows, "row")}, ${plural(other.sheet.columns.length, "column")}`;
  if (!proposal || sheet.kind !== "orders") {
    return (
      <section class="panel" aria-labelledby="join-title">
        <h2 id="join-title">The second file is not joined</h2>
        <p class="quiet">{about}.</p>
        <p>
          {sheet.kind === "orders"
            ? "No column of one file has values of the other in common. Look whether both hold the same customer id."
            : "Two files are joined when one of them holds orders: rows with a customer, a date and an amount. If this one does, say below which columns these are."}
        </p>
      </section>
    );
  }
  const { column, other: key, share, orphans, unused } = proposal;
  return (
    <section class="panel join" aria-labelledby="join-title">
      <div class="row">
        <h2 id="join-title" class="grow">
          {percent(share)} of order lines find a customer{orphans > 0 ? `; ${count(orphans)} do not` : ""}
        </h2>
        <label class="check">
          <input type="checkbox" checked={join.on} onChange={() => actions.setJoin(!join.on)} /> Join the two files
        </label>
      </div>
      <svg class="match" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="whole" width="100" height="6" />
        <rect width={share * 100} height="6" />
      </svg>
      <p class="quiet">
        {about}; joined by “{column}” = “{key}”.{" "}
        {unused > 0 && `${plural(unused, "customer")} of the list have no order and will not appear.`}
      </p>
      {proposal.findings.length > 0 && (
        <details>
          <summary>Show what is left over</summary>
          <ul class="findings">
            {proposal.findings.map((finding) => (
              <li key={finding.code}>
                <p>{finding.message}</p>
                <p class="small-text quiet">
                  {finding.examples.map(({ row, value }) => `row ${count(row)}: ${value}`).join(" · ")}
                </p>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
