/** How scores are made, and by which names the groups go: a line that opens. */
import type { Actions } from "../../actions.ts";
import { type RfmSetup, SCHEMES, type SchemeName } from "../../rfm/shapes.ts";
import { state } from "../../state.ts";
import { Orders } from "./Orders.tsx";
import { OwnGroups } from "./OwnGroups.tsx";

const BANDS: readonly [RfmSetup["bands"], string][] = [
  ["quantile", "equally many customers in each"],
  ["kmeans", "where values lie far apart (k-means)"],
];

export function Setup({ actions }: { actions: Actions }) {
  const setup = state.rfmSetup.value;
  const { scale, bands, nested, edges, scheme } = setup;
  const moved = Object.keys(edges).length > 0;
  const named = SCHEMES.find((one) => one.scheme === scheme)?.title ?? "your own groups";
  return (
    <details class="panel rfm-setup">
      <summary>
        <h2>
          {scale} bands{nested ? ", nested" : ""}
          {moved ? ", edges of your own" : bands === "kmeans" ? ", by k-means" : ", equally filled"}; {named}
        </h2>
      </summary>
      <div class="actions">
        <label class="field">
          <span>Scores from 1 to</span>
          <select value={scale} onChange={(event) => actions.setUpRfm({ scale: Number(event.currentTarget.value) })}>
            {[2, 3, 4, 5, 6, 7, 8, 9, 10].map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Bands</span>
          <select
            value={bands}
            onChange={(event) => actions.setUpRfm({ bands: event.currentTarget.value as RfmSetup["bands"] })}
          >
            {BANDS.map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Groups</span>
          <select
            value={typeof scheme === "string" ? scheme : "own"}
            onChange={(event) => actions.setUpRfm({ scheme: event.currentTarget.value as SchemeName })}
          >
            {typeof scheme !== "string" && <option value="own">your own groups</option>}
            {SCHEMES.map(({ scheme: name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input type="checkbox" checked={nested} onChange={() => actions.setUpRfm({ nested: !nested, edges: {} })} />{" "}
          Nested: orders are scored among customers of the same recency, money among those of the same both
        </label>
      </div>
      <Orders actions={actions} />
      <OwnGroups actions={actions} />
    </details>
  );
}
