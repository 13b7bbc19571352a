/** Who the clusters are: one card each, with all that can be done with it. */
import type { Actions } from "../../actions.ts";
import { ShareBar } from "../../charts/Bars.tsx";
import type { Cluster, Clusters } from "../../clusters/shapes.ts";
import { bare, middle, overlap, stabilityInWords } from "../../clusters/words.ts";
import { count, number, percent } from "../../format.ts";
import { state } from "../../state.ts";
import { Faces } from "./Faces.tsx";

/** Fewer members than this are too few to compare. */
const FEW = 30;
/** Indices this near to 100 are the average. */
const NEAR = 10;

export function Cards({ found, actions }: { found: Clusters; actions: Actions }) {
  const open = state.faces.value;
  return (
    <section aria-labelledby="cards-title" class="stack">
      <h2 id="cards-title" class="hidden">
        The clusters
      </h2>
      <ul class="cluster-cards">
        {found.clusters.map((cluster, index) => (
          <Card key={cluster.label} cluster={cluster} index={index} actions={actions} />
        ))}
      </ul>
      {open && <Faces faces={open} found={found} actions={actions} />}
    </section>
  );
}

function Card({ cluster, index, actions }: { cluster: Cluster; index: number; actions: Actions }) {
  const { name, label, stability, rule } = cluster;
  const of = <span class="hidden"> of {name}</span>;
  return (
    <li class="panel card">
      <h3>
        <span class={`number-mark c${cluster.color}`}>{index + 1}</span>
        <span class="hidden">{name}</span>
        <textarea
          class="name-field"
          rows={1}
          value={name}
          maxLength={80}
          aria-label={`Name of cluster ${index + 1}`}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            event.currentTarget.blur();
          }}
          onChange={(event) => actions.nameCluster(label, event.currentTarget.value.replace(/\s+/g, " "))}
        />
      </h3>
      <p>
        <strong>{count(cluster.n)}</strong> customers, {percent(cluster.share)}
        {cluster.revenueShare !== undefined && (
          <>
            , <strong>{percent(cluster.revenueShare)}</strong> of revenue
          </>
        )}
      </p>
      <ShareBar share={cluster.share} color={cluster.color} />
      {cluster.sentences[0] && <p class="quiet">{bare(cluster.sentences[0])}</p>}
      {stability !== undefined && (
        <p class="small-text">
          {cap(stabilityInWords(stability))} in other draws of the customers{" "}
          <span class="quiet">({overlap(stability)} of 1)</span>
        </p>
      )}
      <dl class="means">
        {cluster.means.map((mean) => (
          <div key={mean.name}>
            <dt>{mean.name}</dt>
            <dd>{middle(mean)}</dd>
          </div>
        ))}
      </dl>
      <OverUnderList cluster={cluster} />
      <details class="cluster-rule">
        <summary>
          {rule.note === undefined
            ? `One rule takes ${percent(rule.recall)} of them; ${percent(rule.precision)} of those it takes are members`
            : "No rule of few conditions takes them"}
          <span class="hidden"> of {name}</span>
        </summary>
        {rule.note === undefined ? <code>{rule.text}</code> : <p>{rule.note}</p>}
      </details>
      <div class="actions">
        <button type="button" class="small-button" onClick={() => actions.segmentFromCluster(label, "members")}>
          Use as segment{of}
        </button>
        <button
          type="button"
          class="small-button"
          disabled={rule.note !== undefined}
          onClick={() => actions.segmentFromCluster(label, "rule")}
        >
          Use its rule{of}
        </button>
        <button type="button" class="small-button" onClick={() => actions.showFaces(label)}>
          Customers{of}
        </button>
      </div>
    </li>
  );
}

const cap = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function OverUnderList({ cluster }: { cluster: Cluster }) {
  const far = cluster.index.filter(({ index }) => Math.abs(index - 100) >= NEAR);
  if (far.length === 0) return null;
  if (cluster.n < FEW)
    return <p class="quiet small-text">Fewer than {FEW} customers: what is over and under may be chance.</p>;
  return (
    <details class="cluster-rule">
      <summary>
        Over and under the average<span class="hidden"> in {cluster.name}</span>
      </summary>
      <table class="small">
        <thead>
          <tr>
            <th scope="col">100 is everyone</th>
            <th scope="col" class="number">
              Index
            </th>
          </tr>
        </thead>
        <tbody>
          {far.slice(0, 10).map((one) => (
            <tr key={`${one.column} ${one.value}`}>
              <th scope="row">
                {one.column}: {one.value}
                <br />
                <span class="quiet own">
                  {percent(one.share)} against {percent(one.baseline)}, n {count(one.n)}
                </span>
              </th>
              <td class={`number ${one.index >= 100 ? "up-1" : "down-1"}`}>{number(Math.round(one.index))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
