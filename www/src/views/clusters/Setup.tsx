/** What counts as alike: the columns, how each is brought to scale, and by which method clusters are looked for. */
import type { Actions } from "../../actions.ts";
import { HistogramBars } from "../../charts/Histograms.tsx";
import { METHODS, methodOf, missingChoices, obstacle, TRANSFORMS, transformName } from "../../clusters/setup.ts";
import type { Setup as Asked, FeatureChoice, Kind, Missing, Transform } from "../../clusters/shapes.ts";
import { percent } from "../../format.ts";
import { state } from "../../state.ts";

/** Open until there are clusters; then folded to a line, so that they come first. */
export function Setup({ actions }: { actions: Actions }) {
  const setup = state.setup.value;
  const made = state.clusters.value;
  const again = made !== null;
  if (setup.features.length === 0)
    return <p class="note warning">This table has no columns to compare customers by.</p>;
  return (
    <details class="panel cluster-setup" open={!again}>
      <summary>
        <h2>Alike in{again && `: ${made.columns.join(", ")}`}</h2>
        {made?.asked && made.asked !== setup && <span class="tag warning">changed since</span>}
      </summary>
      <Questions setup={setup} actions={actions} again={again} />
    </details>
  );
}

function Questions({ setup, actions, again }: { setup: Asked; actions: Actions; again: boolean }) {
  const stop = obstacle(setup);
  const busy = state.running.value !== null;
  const { choosesK } = METHODS.find(({ method }) => method === methodOf(setup)) ?? { choosesK: true };
  return (
    <div class="stack">
      <ul class="features">
        {setup.features.map((feature) => (
          <Feature key={feature.column} feature={feature} actions={actions} />
        ))}
      </ul>
      <Weights setup={setup} actions={actions} />
      <Methods setup={setup} actions={actions} />
      <div class="actions">
        <label class="field inline">
          <span>Number of clusters</span>
          <select
            disabled={!choosesK}
            value={choosesK ? (setup.k ?? "") : ""}
            onChange={(event) => actions.setUpClusters({ k: Number(event.currentTarget.value) || undefined })}
          >
            <option value="">
              {choosesK ? `choose the best of ${setup.range.min} to ${setup.range.max}` : "found by the method"}
            </option>
            {[2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20].map((k) => (
              <option key={k} value={k}>
                {k}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="primary" disabled={stop !== undefined || busy} onClick={actions.findClusters}>
          {again ? "Look again" : "Look for clusters"}
        </button>
        <span class="quiet">{stop ?? (again ? whatAgain() : "")}</span>
      </div>
    </div>
  );
}

const whatAgain = (): string =>
  state.clusters.value?.asked
    ? "The same features and seed give the same clusters."
    : "What is found takes the place of the project’s clusters.";

/** Straight lines leave a shape as it is: there is nothing to show beside it. */
const SAME_SHAPE: ReadonlySet<string> = new Set(["none", "z", "robust"]);

function Feature({ feature, actions }: { feature: FeatureChoice; actions: Actions }) {
  const { column, on, kind, both, transform } = feature;
  const shape = state.shapes.value.get(column);
  const missing = missingOf(column);
  return (
    <li class={on ? "feature on" : "feature"}>
      <label class="check">
        <input type="checkbox" checked={on} onChange={() => actions.setFeature(column, { on: !on })} />{" "}
        <span>
          <strong>{column}</strong> {kind === "category" && <span class="tag">category</span>}{" "}
          {missing > 0 && <span class="quiet small-text">{percent(missing)} missing</span>}
        </span>
      </label>
      {on && both && (
        <label class="inline">
          <span class="quiet small-text">Is</span>{" "}
          <select
            aria-label={`${column} is taken as`}
            value={kind}
            onChange={(event) => actions.setFeature(column, { kind: event.currentTarget.value as Kind })}
          >
            <option value="number">a number</option>
            <option value="category">a category</option>
          </select>
        </label>
      )}
      {on && kind === "number" && (
        <label class="inline">
          <span class="quiet small-text">Scale</span>{" "}
          <select
            aria-label={`Scale of ${column}`}
            value={transform}
            onChange={(event) => actions.setFeature(column, { transform: event.currentTarget.value as Transform })}
          >
            {TRANSFORMS.map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
      )}
      {on && kind === "number" && shape && (
        <>
          <div class="shapes">
            <HistogramBars histogram={shape.before} name="As it is" />
            {!SAME_SHAPE.has(shape.transform) && (
              <HistogramBars histogram={shape.after} name={transformName(shape.transform)} />
            )}
          </div>
          <p class="quiet small-text">{shape.reason}</p>
        </>
      )}
    </li>
  );
}

function missingOf(column: string): number {
  const study = state.study.value;
  const found = study?.columns.find(({ name }) => name === column);
  return found && study && study.customers > 0 ? found.missing / study.customers : 0;
}

function Weights({ setup, actions }: { setup: Asked; actions: Actions }) {
  const on = setup.features.filter((feature) => feature.on);
  const own = on.filter(({ weight }) => weight !== 1).length;
  const choices = missingChoices(methodOf(setup));
  const gaps = on.some(({ column }) => missingOf(column) > 0);
  return (
    <details>
      <summary>
        Weights, outliers and missing values
        {own > 0 && <span class="quiet"> · {own} changed</span>}
      </summary>
      <p class="quiet">A column of weight 2 counts twice as much in every difference as one of weight 1.</p>
      <ul class="weights">
        {on.map(({ column, weight }) => (
          <li key={column}>
            <label class="inline">
              <span>{column}</span>
              <input
                type="number"
                min="0.1"
                max="10"
                step="0.1"
                value={weight}
                aria-label={`Weight of ${column}`}
                onChange={(event) => {
                  const value = event.currentTarget.valueAsNumber;
                  actions.setFeature(column, { weight: value > 0 && value <= 100 ? value : 1 });
                }}
              />
            </label>
          </li>
        ))}
      </ul>
      <label class="check">
        <input
          type="checkbox"
          checked={setup.setAside}
          onChange={() => actions.setUpClusters({ setAside: !setup.setAside })}
        />{" "}
        Customers far outside shape no cluster; they are put into the nearest one afterwards
      </label>
      {gaps && (
        <label class="field inline">
          <span>Customers who lack a value</span>
          <select
            value={setup.missing ?? choices[0]?.[0]}
            onChange={(event) => actions.setUpClusters({ missing: event.currentTarget.value as Missing })}
          >
            {choices.map(([choice, words]) => (
              <option key={choice} value={choice}>
                {words}
              </option>
            ))}
          </select>
        </label>
      )}
    </details>
  );
}

function Methods({ setup, actions }: { setup: Asked; actions: Actions }) {
  const used = methodOf(setup);
  const chosen = METHODS.find(({ method }) => method === used);
  return (
    <details>
      <summary>
        Method: {chosen?.name}
        {used !== setup.method && <span class="quiet"> · because a category is among the columns</span>}
      </summary>
      <fieldset class="plain methods">
        <legend class="hidden">Method</legend>
        {METHODS.map(({ method, name, when }) => (
          <label key={method} class="choice">
            <input
              type="radio"
              name="cluster-method"
              checked={used === method}
              onChange={() => actions.setUpClusters({ method })}
            />
            <span>
              <strong>{name}</strong>
              <br />
              <span class="quiet">{when}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
