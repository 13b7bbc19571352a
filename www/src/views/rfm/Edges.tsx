/** Where the bands meet: each edge can be dragged, moved with the arrow keys to the next value there is, or typed. */
import type { Actions } from "../../actions.ts";
import { EdgeStrip } from "../../charts/EdgeStrip.tsx";
import { number, plural } from "../../format.ts";
import type { Rfm } from "../../model.ts";
import { moved } from "../../rfm/edges.ts";
import { AXES, type AxisName, type EdgeTo, type Inside, type Strip } from "../../rfm/shapes.ts";
import { state } from "../../state.ts";

export function Edges({ rfm, actions }: { rfm: Rfm; actions: Actions }) {
  const [strips, inside] = [state.strips.value, state.inside.value];
  const { edges: own, nestedEdges: nestedOwn } = state.rfmSetup.value;
  if (!strips) return null;
  const [recency, ...others] = AXES.map((one) => {
    const { axis } = one;
    const { [axis]: _, ...rest } = own;
    const nested = axis !== "recency" && rfm.nested ? inside : null;
    return {
      ...one,
      scale: rfm.scale,
      edges: nested && axis !== "recency" ? nested.edges[axis] : rfm.edges[axis],
      strip: nested && axis !== "recency" ? nested.strips[axis] : strips[axis],
      // Of nested bands only those of recency have one such number.
      possible: nested ? rfm.scale : rfm.possible[axis],
      where: nested ? ` in ${placeOf(nested, axis)}` : "",
      back: nested
        ? nestedOwn && (() => actions.setUpRfm({ edges: own }))
        : own[axis] && (() => actions.setUpRfm({ edges: rest })),
      move: (index: number, to: EdgeTo) => actions.moveEdge(axis, index, to),
    };
  });
  return (
    <section class="panel" aria-labelledby="edges-title">
      <h2 id="edges-title">Where the bands meet</h2>
      <p class="quiet">
        Drag an edge, move it with the arrow keys to the next value that a customer has, or type it. A customer whose
        value equals an edge is in the band below it.
        {rfm.nested &&
          " Inside each band of recency, orders and money have edges of their own; when an edge around them moves, they are found anew."}
      </p>
      {recency && <AxisEdges {...recency} />}
      {rfm.nested && inside && <Where rfm={rfm} inside={inside} actions={actions} />}
      {(!rfm.nested || inside ? others : []).map((one) => (
        <AxisEdges key={one.axis} {...one} />
      ))}
    </section>
  );
}

/** Where nested bands of an axis lie: “R5”, or “R5, F4”. */
const placeOf = ({ recency, frequency }: Inside, axis: AxisName): string =>
  axis === "frequency" ? `R${recency}` : `R${recency}, F${frequency}`;

/** Chooses which of nested bands are shown. */
function Where({ rfm, inside, actions }: { rfm: Rfm; inside: Inside; actions: Actions }) {
  const { recency, frequency, n } = inside;
  const scores = Array.from({ length: rfm.scale }, (_, at) => rfm.scale - at);
  const choice = (name: string, letter: string, value: number, choose: (score: number) => void) => (
    <label class="field inline">
      <span>{name}</span>
      <select value={value} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {scores.map((score) => (
          <option key={score} value={score}>
            {letter}
            {score}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <div class="actions">
        {choice("Orders inside the band of recency", "R", recency, (score) => actions.lookInside(score, frequency))}
        {choice("and money inside that of orders", "F", frequency, (score) => actions.lookInside(recency, score))}
      </div>
      <p class="quiet">
        {plural(n.frequency, "customer")} in R{recency}; {number(n.monetary)} of them in F{frequency}.
      </p>
    </>
  );
}

interface AxisProps {
  axis: AxisName;
  letter: string;
  title: string;
  unit: string;
  scale: number;
  edges: readonly number[];
  strip: Strip;
  /** How many bands the values allow at most. */
  possible: number;
  /** Inside which other bands, with a blank before it. */
  where: string;
  /** Back to the edges that were found, where they are others. */
  back: (() => void) | undefined;
  move(index: number, to: EdgeTo): void;
}

function AxisEdges({ axis, letter, title, unit, scale, edges, strip, possible, where, back, move }: AxisProps) {
  // The fewest days are the best score; of the others the most.
  const band = (at: number): string => `${letter}${axis === "recency" ? scale - at : at + 1}`;
  const between = (at: number): [string, string] => [band(at), band(at + 1)];
  return (
    <fieldset class="plain edges">
      <legend>
        {title}
        {where}{" "}
        <span class="quiet">
          · {unit}
          {possible < scale && `; its values allow ${plural(possible, "band")} at most`}
        </span>{" "}
        {back && (
          <button type="button" class="link" onClick={back}>
            back to the edges that were found
          </button>
        )}
      </legend>
      {edges.length === 0 ? (
        <p class="quiet">Nobody is there, so nothing is cut.</p>
      ) : (
        <EdgeStrip axis={axis} strip={strip} edges={edges} bands={between} unit={unit} move={move} />
      )}
      <div class="row edge-fields">
        {edges.map((edge, index) => {
          const [under, over] = between(index);
          return (
            <label key={index} class="field">
              <span>
                {under} | {over}
              </span>
              <input
                type="number"
                step="any"
                value={Number(edge.toPrecision(6))}
                aria-label={`${title}${where}: edge between ${under} and ${over}`}
                onChange={(event) => {
                  const field = event.currentTarget;
                  const value = field.valueAsNumber;
                  const fits = !Number.isNaN(value) && moved(edges, index, value) !== undefined;
                  field.setCustomValidity(
                    fits ? "" : `An edge must not pass its neighbours; this one was ${number(edge)}.`,
                  );
                  if (fits) move(index, value);
                  else field.reportValidity();
                }}
              />
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
