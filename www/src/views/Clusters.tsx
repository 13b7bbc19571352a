/** Customers who are alike: choose what counts, see how many kinds there are and why, and who they are. */
import { useEffect, useRef } from "preact/hooks";
import type { Actions } from "../actions.ts";
import type { Clusters as Found } from "../clusters/shapes.ts";
import { headline } from "../clusters/words.ts";
import { plural } from "../format.ts";
import type { Profiled } from "../model.ts";
import { state } from "../state.ts";
import { BladesFigure } from "./clusters/BladesFigure.tsx";
import { Cards } from "./clusters/Cards.tsx";
import { Choice } from "./clusters/Choice.tsx";
import { DendrogramFigure } from "./clusters/DendrogramFigure.tsx";
import { MapFigure } from "./clusters/MapFigure.tsx";
import { Searching } from "./clusters/Searching.tsx";
import { Setup } from "./clusters/Setup.tsx";
import { SnakeFigure } from "./clusters/SnakeFigure.tsx";
import { TreeFigure } from "./clusters/TreeFigure.tsx";
import { TakeModel, Variables } from "./clusters/Variables.tsx";
import { IndexMap } from "./IndexMap.tsx";
import { Sizes } from "./rule/Tiers.tsx";

export function Clusters({ actions }: { actions: Actions }) {
  const [study, found, search] = [state.study.value, state.clusters.value, state.search.value];
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that began the search is folded away with the questions: who stood there goes on at the answer.
  useEffect(() => {
    if (found && (document.activeElement === document.body || document.activeElement?.closest(".cluster-setup")))
      heading.current?.focus();
  }, [found?.reason]);
  if (!study) return null;
  return (
    <div class="screen">
      <header>
        <h1 ref={heading} tabIndex={-1}>
          {found ? headline(found) : "Which customers are alike?"}
        </h1>
        <p class="quiet">
          {found
            ? found.reason
            : "Choose what counts as alike. Skewed values are brought to scale, every number of clusters from 2 to 10 is tried, and the reason for the choice is shown."}
        </p>
      </header>
      {state.tiers.value
        .filter(({ placed }) => placed)
        .map((one) => (
          <div key={one.name} class="panel">
            <Sizes made={one} study={study} />
          </div>
        ))}
      <Setup actions={actions} />
      {search && <Searching search={search} actions={actions} />}
      {found && <Result found={found} actions={actions} />}
    </div>
  );
}

function Result({ found, actions }: { found: Found; actions: Actions }) {
  return (
    <>
      {found.verdict === "none" ? (
        <div class="note warning">
          <p>
            Take these groups as a way to cut, not as kinds of customers: data without any groups would look much the
            same. Rules or RFM groups will explain more.
          </p>
          <div class="actions">
            <button type="button" class="small-button" onClick={() => actions.go("segments")}>
              Write a rule
            </button>
            <button type="button" class="small-button" onClick={() => actions.go("rfm")}>
              Look at RFM
            </button>
          </div>
        </div>
      ) : (
        found.verdict === "doubtful" && (
          <p class="note warning">
            Look at these groups with care: customers at their edges could as well be in the next one.
          </p>
        )
      )}
      {(found.notices.length > 0 || found.notClustered > 0) && (
        <ul class="note notices">
          {found.notClustered > 0 && <li>{plural(found.notClustered, "customer")} not clustered.</li>}
          {found.notices.map((notice) => (
            <li key={notice}>{notice}</li>
          ))}
        </ul>
      )}
      <Cards found={found} actions={actions} />
      <div class="columns even">
        <Choice found={found} />
        <BladesFigure found={found} />
      </div>
      <div class="columns even">
        <MapFigure key={found.map.x.length} found={found} actions={actions} />
        <SnakeFigure found={found} />
      </div>
      <IndexMap profiled={profiledOf(found)} />
      <TreeFigure found={found} actions={actions} />
      {found.dendrogram && <DendrogramFigure found={found} tree={found.dendrogram} />}
      {found.variables.length > 0 ? (
        <Variables found={found} actions={actions} />
      ) : (
        <section class="panel" aria-label="The model as a file">
          <TakeModel actions={actions} />
        </section>
      )}
    </>
  );
}

/** The clusters as the index table takes them, by the names they have here. */
function profiledOf({ profiles, clusters, customers }: Found): Profiled {
  const named = profiles.map((one, at) => ({ ...one, label: `${at + 1}: ${clusters[at]?.name ?? one.label}` }));
  return { key: "clusters", name: "Clusters", kind: "grouping", profiles: named, customers };
}
