/** Customers who are alike: choose what counts, see how many kinds there are and why, and who they are. */
import type { Actions } from "../actions.ts";
import { ShareBar } from "../charts/Bars.tsx";
import { KChart } from "../charts/KChart.tsx";
import { PointMap } from "../charts/PointMap.tsx";
import { possibleFeatures } from "../figures.ts";
import { count, number, percent, plural } from "../format.ts";
import type { Cluster, Clusters as Found, Study } from "../model.ts";
import { state } from "../state.ts";
import { Figure } from "./Figure.tsx";

export function Clusters({ actions }: { actions: Actions }) {
  const [study, found] = [state.study.value, state.clusters.value];
  if (!study) return null;
  return (
    <div class="screen">
      <header>
        <h1 tabIndex={-1}>{found ? headline(found) : "Which customers are alike?"}</h1>
        <p class="quiet">
          {found
            ? found.reason
            : "Choose what counts as alike. Skewed values are brought to scale, every number of clusters from 2 to 10 is tried, and the reason for the choice is shown."}
        </p>
      </header>
      <Features study={study} actions={actions} again={found !== null} />
      {found?.verdict === "none" && (
        <div class="note">
          <p>Rules or RFM groups will tell more here than clusters do.</p>
          <div class="actions">
            <button type="button" class="small-button" onClick={() => actions.go("segments")}>
              Write a rule
            </button>
            <button type="button" class="small-button" onClick={() => actions.go("rfm")}>
              Look at RFM
            </button>
          </div>
        </div>
      )}
      {found && <Result found={found} actions={actions} />}
    </div>
  );
}

const headline = ({ verdict, k }: Found): string =>
  verdict === "none"
    ? "No clear clusters in these features"
    : verdict === "doubtful"
      ? `${k} clusters, with doubt`
      : `${k} clear clusters`;

function Features({ study, actions, again }: { study: Study; actions: Actions; again: boolean }) {
  const ticked = new Set(state.features.value);
  const possible = possibleFeatures(study.columns);
  if (possible.length === 0)
    return <p class="note warning">This table has no number columns to compare customers by.</p>;
  return (
    <section class="panel" aria-labelledby="features-title">
      <fieldset class="plain">
        <legend id="features-title">Alike in</legend>
        <div class="ticks">
          {possible.map((column) => (
            <label key={column.name} class="check">
              <input
                type="checkbox"
                checked={ticked.has(column.name)}
                onChange={() => actions.toggleFeature(column.name)}
              />{" "}
              {column.name}
            </label>
          ))}
        </div>
      </fieldset>
      <div class="actions">
        <button
          type="button"
          class="primary"
          disabled={ticked.size === 0 || state.running.value !== null}
          onClick={actions.findClusters}
        >
          {again ? "Look again" : "Look for clusters"}
        </button>
        {again && <span class="quiet">The same features and seed give the same clusters.</span>}
      </div>
    </section>
  );
}

function Result({ found, actions }: { found: Found; actions: Actions }) {
  const sampled = found.sampleSize < found.customers ? `, silhouette over a sample of ${count(found.sampleSize)}` : "";
  const chosen = found.candidates.find((candidate) => candidate.k === found.k);
  const drawn = found.map.x.length;
  return (
    <>
      {found.verdict !== "clear" && (
        <p class="note warning">
          {found.verdict === "none"
            ? "Take these groups as a way to cut, not as kinds of customers. Rules or RFM will explain more."
            : "Look at these groups with care: customers at their edges could as well be in the next one."}
        </p>
      )}
      {found.notices.length > 0 && <p class="note">{found.notices.join(" ")}</p>}
      {found.notClustered > 0 && (
        <p class="note">{plural(found.notClustered, "customer")} not clustered: a feature is missing.</p>
      )}
      <section aria-labelledby="cards-title">
        <h2 id="cards-title" class="hidden">
          The clusters
        </h2>
        <ul class="cluster-cards">
          {found.clusters.map((cluster, index) => (
            <Card key={cluster.label} cluster={cluster} index={index} actions={actions} />
          ))}
        </ul>
      </section>
      <div class="columns even">
        <Figure
          title={`${found.k} clusters part customers best: silhouette ${number(chosen?.silhouette)}`}
          subtitle={`k = 2 … 10, n = ${count(found.customers - found.notClustered)}${sampled}; seed ${found.seed}. Silhouette runs from −1 to 1.`}
          summary={`Silhouette and Calinski-Harabasz by number of clusters. ${found.candidates.map((one) => `${one.k}: ${number(one.silhouette)}`).join("; ")}. Chosen: ${found.k}.`}
          numbers={{
            head: ["Clusters", "Silhouette", "Calinski-Harabasz", "Stability"],
            rows: found.candidates.map((one) => [
              one.k,
              number(one.silhouette),
              number(one.calinskiHarabasz),
              number(one.stability),
            ]),
          }}
        >
          <KChart candidates={found.candidates} k={found.k} />
        </Figure>
        <Figure
          title={`Two axes show ${percent(found.map.explained[0] + found.map.explained[1])} of what tells these customers apart`}
          subtitle={`Principal components, with their share of the variance; ${count(drawn)} of ${count(found.customers)} customers drawn. Numbers stand at the middle of each cluster.`}
          summary={`Map of ${drawn} customers by two principal components: ${found.map.axes.join("; ")}. Clusters ${found.clusters.map((cluster, index) => `${index + 1}: ${cluster.name}`).join("; ")}.`}
          numbers={{
            head: ["Cluster", "Customers", ...(found.clusters[0]?.means.map((mean) => mean.name) ?? [])],
            rows: found.clusters.map((cluster) => [
              cluster.name,
              count(cluster.n),
              ...cluster.means.map((mean) => number(mean.value)),
            ]),
          }}
        >
          <PointMap map={found.map} clusters={found.clusters} />
        </Figure>
      </div>
    </>
  );
}

function Card({ cluster, index, actions }: { cluster: Cluster; index: number; actions: Actions }) {
  return (
    <li class="panel card">
      <h3>
        <span class={`number-mark c${cluster.color}`}>{index + 1}</span> {cluster.name}
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
      {cluster.sentences[0] && (
        <p class="quiet">
          {cluster.sentences[0].replace(/^[^:]*: /, "").replace(/^./, (letter) => letter.toUpperCase())}
        </p>
      )}
      <dl class="means">
        {cluster.means.map((mean) => (
          <div key={mean.name}>
            <dt>{mean.name}</dt>
            <dd>{number(mean.value)}</dd>
          </div>
        ))}
      </dl>
      <details class="cluster-rule">
        <summary>
          One rule takes {percent(cluster.rule.recall)} of them; {percent(cluster.rule.precision)} of those it takes are
          members<span class="hidden"> of {cluster.name}</span>
        </summary>
        <code>{cluster.rule.text}</code>
      </details>
      <div class="actions">
        <button type="button" class="small-button" onClick={() => actions.segmentFromCluster(cluster.label, "rule")}>
          Use rule<span class="hidden"> of {cluster.name}</span>
        </button>
        <button type="button" class="small-button" onClick={() => actions.segmentFromCluster(cluster.label, "members")}>
          As segment<span class="hidden">: {cluster.name}</span>
        </button>
      </div>
    </li>
  );
}
