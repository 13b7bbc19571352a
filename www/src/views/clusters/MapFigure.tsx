/** The customers on a map. Those inside a line drawn around them, or between typed values, can become a segment by a rule. */
import { useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import { MARKS, PointMap } from "../../charts/PointMap.tsx";
import { box, type Extent, extent, type Point } from "../../clusters/geometry.ts";
import type { Clusters } from "../../clusters/shapes.ts";
import { middle } from "../../clusters/words.ts";
import { count, percent, plural } from "../../format.ts";
import { state } from "../../state.ts";
import { Figure } from "../Figure.tsx";

export function MapFigure({ found, actions }: { found: Clusters; actions: Actions }) {
  const { map, clusters } = found;
  const [area, setArea] = useState<readonly Point[]>([]);
  const points = map.x.length;
  const drawn = Math.ceil(points / Math.max(1, Math.ceil(points / MARKS)));
  const n = found.customers - found.notClustered;
  const mark = (next: readonly Point[], edges?: Extent): void => {
    setArea(next);
    actions.lasso(next, edges);
  };
  return (
    <Figure
      title={`Two axes show ${percent(map.explained[0] + map.explained[1])} of what tells these customers apart`}
      subtitle={`Principal components and their share of the variance; ${count(drawn)} of ${count(n)} customers drawn${points > drawn ? `, shades from ${count(points)}` : ""}. Draw around some to make a segment of them.`}
      summary={`Map of ${points} customers by two principal components: ${map.axes.join("; ")}. Clusters ${clusters.map((cluster, index) => `${index + 1}: ${cluster.name}`).join("; ")}. Fields below it mark customers off by numbers.`}
      numbers={{
        head: ["Cluster", "Customers", ...(clusters[0]?.means.map((mean) => mean.name) ?? [])],
        rows: clusters.map((cluster) => [cluster.name, count(cluster.n), ...cluster.means.map(middle)]),
      }}
      foot={<Marked found={found} actions={actions} mark={mark} clear={() => setArea([])} />}
    >
      <PointMap map={map} clusters={clusters} area={area} onArea={(next) => mark(next)} />
    </Figure>
  );
}

interface MarkedProps {
  found: Clusters;
  actions: Actions;
  mark(area: readonly Point[], edges?: Extent): void;
  clear(): void;
}

function Marked({ found, actions, mark, clear }: MarkedProps) {
  const lassoed = state.lassoed.value;
  return (
    <>
      <Fields found={found} mark={mark} />
      <div role="status">
        {lassoed && (
          <div class="lassoed">
            {lassoed.n === 0 ? (
              <p>No customer lies there.</p>
            ) : (
              <>
                <p>
                  <strong>{plural(lassoed.n, "customer")}</strong> marked off. This rule takes{" "}
                  <strong>{count(lassoed.taken)}</strong>: {percent(lassoed.recall)} of those marked off (recall), and{" "}
                  {percent(lassoed.precision)} of those it takes are among them (precision).
                </p>
                <code>{lassoed.text}</code>
              </>
            )}
          </div>
        )}
      </div>
      {lassoed && (
        <div class="actions">
          {lassoed.n > 0 && (
            <button
              type="button"
              class="small-button"
              onClick={() => actions.segmentFromRule("From the map", lassoed.text)}
            >
              Make a segment
            </button>
          )}
          <button
            type="button"
            class="small-button"
            onClick={() => {
              clear();
              actions.lasso([]);
            }}
          >
            Clear the mark
          </button>
        </div>
      )}
    </>
  );
}

/** The keyboard's way to mark customers off: a lowest and a highest value on either axis. */
function Fields({ found, mark }: Pick<MarkedProps, "found" | "mark">) {
  const { map } = found;
  const [edges, setEdges] = useState<Extent>(() => ({ x: rounded(extent(map.x)), y: rounded(extent(map.y)) }));
  const field = (axis: "x" | "y", end: 0 | 1) => (
    <label class="field">
      <span>{end === 0 ? "from" : "to"}</span>
      <input
        type="number"
        step="0.1"
        value={edges[axis][end]}
        aria-label={`${axis === "x" ? "Across" : "Up"}, ${end === 0 ? "from" : "to"}`}
        onChange={(event) => {
          const value = event.currentTarget.valueAsNumber;
          if (Number.isNaN(value)) return;
          const next: [number, number] = [...edges[axis]];
          next[end] = value;
          setEdges({ ...edges, [axis]: next });
        }}
      />
    </label>
  );
  return (
    <details class="fields">
      <summary>Mark off by numbers</summary>
      <form
        class="actions"
        onSubmit={(event) => {
          event.preventDefault();
          mark(box(edges), edges);
        }}
      >
        <fieldset class="plain">
          <legend>Across: {map.axes[0]}</legend>
          <div class="row">
            {field("x", 0)}
            {field("x", 1)}
          </div>
        </fieldset>
        <fieldset class="plain">
          <legend>Up: {map.axes[1]}</legend>
          <div class="row">
            {field("y", 0)}
            {field("y", 1)}
          </div>
        </fieldset>
        <button type="submit" class="small-button">
          Mark off
        </button>
      </form>
    </details>
  );
}

/** Outwards to one decimal, so that nobody at the edge is lost. */
const rounded = ([low, high]: [number, number]): [number, number] => [
  Math.floor(low * 10) / 10,
  Math.ceil(high * 10) / 10,
];
