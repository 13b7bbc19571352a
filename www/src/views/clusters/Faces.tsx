/** Customers who stand for a cluster, and customers at its edge; and why one is here and not next door. */
import type { Actions } from "../../actions.ts";
import type { Clusters, Faces as Data, Nearness } from "../../clusters/shapes.ts";
import { percent } from "../../format.ts";
import { Scroller } from "../Scroller.tsx";

export function Faces({ faces, found, actions }: { faces: Data; found: Clusters; actions: Actions }) {
  const name = (label: string): string => found.clusters.find((cluster) => cluster.label === label)?.name ?? label;
  return (
    <section class="panel faces" aria-labelledby="faces-title">
      <div class="row">
        <h3 id="faces-title" class="grow">
          Customers of “{name(faces.label)}”
        </h3>
        <button type="button" class="small-button" onClick={() => actions.showFaces(undefined)}>
          Close
        </button>
      </div>
      <Scroller label="Typical and borderline customers">
        <table>
          <thead>
            <tr>
              <th scope="col">Customer</th>
              {faces.head.slice(1).map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
              <th scope="col">Place</th>
              <th scope="col">Why here?</th>
            </tr>
          </thead>
          <tbody>
            {faces.rows.map(({ row, typical, cells, why }) => (
              <tr key={row}>
                <th scope="row">{cells[0]}</th>
                {cells.slice(1).map((cell, at) => (
                  <td key={at}>{cell}</td>
                ))}
                <td>{typical ? "typical" : "borderline"}</td>
                <td>
                  {why ? (
                    <Why why={why} name={name} />
                  ) : (
                    <button type="button" class="small-button" onClick={() => actions.whyHere(row)}>
                      Why?<span class="hidden"> {cells[0]}</span>
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <p class="quiet small-text">
        Typical customers lie nearest to the middle, borderline ones nearly as near to another.
      </p>
    </section>
  );
}

function Why({ why, name }: { why: Nearness; name(label: string): string }) {
  return (
    <div class="nearness" role="status">
      <p>
        {why.next === undefined
          ? "There is no other cluster."
          : `Next door: “${name(why.next)}”, margin ${percent(why.margin)}.`}
      </p>
      <ul>
        {why.features.slice(0, 4).map(({ name, share }) => (
          <li key={name}>
            {share < 0
              ? `${name} speaks for next door (${percent(-share)})`
              : `${name}: ${percent(share)} of the difference`}
          </li>
        ))}
      </ul>
    </div>
  );
}
