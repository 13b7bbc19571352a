/** The table that practitioners know: sizes, middles in own units, sums of squares, and how much each feature tells the clusters apart. */
import type { Actions } from "../../actions.ts";
import type { Clusters } from "../../clusters/shapes.ts";
import { middleIn } from "../../clusters/words.ts";
import { count, number, percent } from "../../format.ts";
import { Scroller } from "../Scroller.tsx";

const MODELS = [
  ["json", "JSON"],
  ["onnx", "ONNX"],
  ["pmml", "PMML"],
] as const;

export function Variables({ found, actions }: { found: Clusters; actions: Actions }) {
  const { clusters, variables } = found;
  const categories = variables.some(({ cramersV }) => cramersV !== undefined);
  const sum = (of: "betweenSS" | "withinSS"): number => variables.reduce((total, one) => total + one[of], 0);
  const [between, within] = [sum("betweenSS"), sum("withinSS")];
  return (
    <section class="panel" aria-labelledby="variables-title">
      <h2 id="variables-title">
        {percent(between / Math.max(1e-12, between + within))} of the spread lies between the clusters
      </h2>
      <p class="quiet">
        Middles are means in the columns’ own units, for categories the most common answer; sums of squares are in
        scaled units. F and η² are descriptive: the clusters were made to differ in these columns, so they are no test.
        n = {count(found.customers - found.notClustered)}.
      </p>
      <Scroller label="Sizes, middles and sums of squares">
        <table>
          <thead>
            <tr>
              <th scope="col">Column</th>
              {clusters.map((cluster, at) => (
                <th key={cluster.label} scope="col" class="number">
                  {at + 1}
                  <span class="hidden">: {cluster.name}</span>
                </th>
              ))}
              {["Between SS", "Within SS", "Total SS", "F", "η²", ...(categories ? ["Cramér’s V"] : [])].map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">Customers</th>
              {clusters.map((cluster) => (
                <td key={cluster.label} class="number">
                  {count(cluster.n)}
                </td>
              ))}
              <td class="number">{number(between)}</td>
              <td class="number">{number(within)}</td>
              <td class="number">{number(between + within)}</td>
              <td />
              <td class="number">{(between / Math.max(1e-12, between + within)).toFixed(3)}</td>
              {categories && <td />}
            </tr>
            {variables.map((one) => (
              <tr key={one.name}>
                <th scope="row">{one.name}</th>
                {clusters.map((cluster) => (
                  <td key={cluster.label} class="number">
                    {middleIn(cluster.means, one.name)}
                  </td>
                ))}
                <td class="number">{number(one.betweenSS)}</td>
                <td class="number">{number(one.withinSS)}</td>
                <td class="number">{number(one.betweenSS + one.withinSS)}</td>
                <td class="number">{one.f > 0 ? number(one.f) : "–"}</td>
                <td class="number">{one.etaSquared.toFixed(3)}</td>
                {categories && <td class="number">{one.cramersV === undefined ? "" : one.cramersV.toFixed(3)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <TakeModel actions={actions} />
    </section>
  );
}

export function TakeModel({ actions }: { actions: Actions }) {
  return (
    <div class="actions">
      <span class="quiet">The model, to place other customers in these clusters:</span>
      {MODELS.map(([format, name]) => (
        <button key={format} type="button" class="small-button" onClick={() => actions.takeModel(format)}>
          {name}
          <span class="hidden"> of the model</span>
        </button>
      ))}
    </div>
  );
}
