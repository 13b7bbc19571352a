/** A segment of everyone between two values: of money to come, of the chance to be still buying, or of orders to come. */
import { useEffect, useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import { percent, plural } from "../../format.ts";
import { state } from "../../state.ts";
import type { Estimate } from "../../value/shapes.ts";
import { edgeName } from "../../value/words.ts";

const COLUMNS = [
  { column: "lifetime_value", name: "Lifetime value", unit: "money" },
  { column: "p_alive", name: "Chance to be still buying", unit: "0 to 1" },
  { column: "expected_orders", name: "Orders expected", unit: "orders" },
];

export function Range({ found, actions }: { found: Estimate; actions: Actions }) {
  const columns = COLUMNS.filter(({ column }) => found.money || column !== "lifetime_value");
  const [column, setColumn] = useState(columns[0]?.column ?? "p_alive");
  const [ends, setEnds] = useState<[string, string]>([edgeName(found.deciles[0]?.least ?? 0).replaceAll(",", ""), ""]);
  const chosen = columns.find((one) => one.column === column);
  const rule = ruleOf(column, ends);
  const seen = state.range.value;
  const known = rule !== undefined && seen?.text === rule ? seen : undefined;
  useEffect(() => {
    if (rule) actions.countRange(rule);
  }, [found]);
  const change = (next: string, to: [string, string]): void => {
    setColumn(next);
    setEnds(to);
    const text = ruleOf(next, to);
    if (text) actions.countRange(text);
  };
  return (
    <section class="panel" aria-labelledby="range-title">
      <h2 id="range-title">Make a segment of a range</h2>
      <p class="quiet">
        A bar of the pictures becomes one, too: by a click, or by the button that comes when the arrow keys have read
        it.
      </p>
      <div class="actions">
        <label class="field">
          <span>Of</span>
          <select value={column} onChange={(event) => change(event.currentTarget.value, ["", ""])}>
            {columns.map((one) => (
              <option key={one.column} value={one.column}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        {(["from", "to"] as const).map((end, at) => (
          <label key={end} class="field">
            <span>
              {end} ({chosen?.unit})
            </span>
            <input
              type="number"
              step="any"
              class="short"
              value={ends[at]}
              onInput={(event) => {
                const to: [string, string] = [...ends];
                to[at] = event.currentTarget.value;
                change(column, to);
              }}
            />
          </label>
        ))}
      </div>
      <p role="status">
        {rule === undefined
          ? "Type a lowest value, a highest one, or both."
          : known
            ? `${plural(known.n, "customer")}, ${percent(known.n / Math.max(1, found.customers))} of those with an estimate.`
            : ""}
      </p>
      <div class="actions">
        <button
          type="button"
          disabled={rule === undefined || known?.n === 0}
          onClick={() => rule && actions.segmentFromRule(`${chosen?.name} ${said(ends)}`, rule)}
        >
          Make a segment
        </button>
      </div>
      {rule && <code>{rule}</code>}
    </section>
  );
}

const said = ([from, to]: [string, string]): string =>
  to === "" ? `from ${from}` : from === "" ? `up to ${to}` : `${from} – ${to}`;

/** The range as a rule; nothing while neither end is a number. */
function ruleOf(column: string, ends: [string, string]): string | undefined {
  const parts = (["", ""] as const).flatMap((_, at) => {
    const value = Number(ends[at]);
    return ends[at] === "" || !Number.isFinite(value) ? [] : [`${column} ${at === 0 ? ">=" : "<="} ${value}`];
  });
  return parts.length === 0 ? undefined : parts.join(" and ");
}
