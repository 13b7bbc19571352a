/** How many clusters, and why not another number. */
import { KChart } from "../../charts/KChart.tsx";
import type { Clusters } from "../../clusters/shapes.ts";
import { favoured, fixed, overlap, runnerUp, whyNot } from "../../clusters/words.ts";
import { count, plural } from "../../format.ts";
import { Figure } from "../Figure.tsx";
import { candidateTable } from "./Searching.tsx";

export function Choice({ found }: { found: Clusters }) {
  const { candidates, k } = found;
  const chosen = candidates.find((candidate) => candidate.k === k);
  const next = runnerUp(candidates, k);
  const n = found.customers - found.notClustered;
  const ks = candidates.map((candidate) => candidate.k);
  const range = { min: Math.min(...ks), max: Math.max(...ks) };
  const sampled =
    found.sampleSize < n ? `silhouette over a sample of ${count(found.sampleSize)} of ${count(n)}` : `n = ${count(n)}`;
  if (found.verdict === "placed")
    return (
      <section class="panel" aria-labelledby="choice-title">
        <h2 id="choice-title">{plural(k, "cluster")}, as many as in the project</h2>
        <p class="quiet">
          Their number and their stability were looked at when the model was made; on this file nothing was searched.
          Silhouette {fixed(found.silhouette)} of 1; {sampled}.
        </p>
      </section>
    );
  if (candidates.length < 2 || !chosen)
    return (
      <section class="panel" aria-labelledby="choice-title">
        <h2 id="choice-title">{found.given ? `${plural(k, "cluster")}, as you asked` : plural(k, "cluster")}</h2>
        <p class="quiet">
          Silhouette {fixed(found.silhouette)} of 1; {sampled}; seed {found.seed}. {found.fit}
          {chosen ? `Stability ${overlap(chosen.stability)} of 1. ` : ""}
          {found.method === "hdbscan" ? "The method finds the number itself." : "Other numbers were not tried."}
        </p>
      </section>
    );
  return (
    <Figure
      title={`${k} clusters part customers best: silhouette ${fixed(chosen.silhouette)}`}
      subtitle={`k = ${range.min} … ${range.max}; ${sampled}; seed ${found.seed}. ${found.fit}Silhouette runs from −1 to 1, stability from 0 to 1.`}
      summary={`Inertia and silhouette by number of clusters. ${candidates.map((one) => `${one.k}: ${fixed(one.silhouette)}`).join("; ")}. Chosen: ${k}.`}
      numbers={candidateTable(candidates)}
      foot={
        <details>
          <summary>
            {next ? (
              <>
                Runner-up: <strong>{next.k} clusters</strong>. Why not?
              </>
            ) : (
              "Why not another number?"
            )}
          </summary>
          <dl class="why-not">
            {candidates
              .filter((one) => one.k !== k)
              .map((one) => (
                <div key={one.k} class={one === next ? "strong" : undefined}>
                  <dt>{one.k}</dt>
                  <dd>
                    {one === next && <span class="tag">next</span>} {sentence(whyNot(one, chosen))}
                  </dd>
                </div>
              ))}
          </dl>
          <p class="quiet small-text">{favoured(found.preferred)}</p>
        </details>
      }
    >
      <KChart candidates={candidates} range={range} k={k} next={next?.k} />
    </Figure>
  );
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
