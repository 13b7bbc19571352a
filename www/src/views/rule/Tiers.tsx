/** Tiers: each customer in one group only, the first of the list that takes it; whoever is left is everyone else. */
import { useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import { ShareBar } from "../../charts/Bars.tsx";
import { count, percent } from "../../format.ts";
import type { Tiers as Made, Segment, Study } from "../../model.ts";
import { state } from "../../state.ts";
import { Icon } from "../Icon.tsx";

export function Tiers({ study, actions }: { study: Study; actions: Actions }) {
  const segments = state.segments.value;
  const [order, setOrder] = useState<readonly string[]>([]);
  const [name, setName] = useState("Tiers");
  const [others, setOthers] = useState("Everyone else");
  if (segments.length < 2) return null;
  const known = order.filter((id) => segments.some((segment) => segment.id === id));
  // New segments join at the end.
  const ids = [...known, ...segments.map(({ id }) => id).filter((id) => !known.includes(id))];
  const move = (id: string, by: number): void => {
    const from = ids.indexOf(id);
    setOrder(ids.toSpliced(from, 1).toSpliced(from + by, 0, id));
  };
  return (
    <details class="panel fold">
      <summary>
        <h2>Tiers: one group each</h2>
      </summary>
      <div class="stack">
        <p class="quiet small-text">
          Segments may overlap. In tiers each customer counts once: for the first in this order that takes it.
        </p>
        <ol class="tier-order">
          {ids.map((id, index) => (
            <Line
              key={id}
              segment={segments.find((one) => one.id === id)}
              index={index}
              last={ids.length - 1}
              move={move}
            />
          ))}
        </ol>
        <label class="field">
          <span>Whoever is left</span>
          <input type="text" value={others} onInput={(event) => setOthers(event.currentTarget.value)} />
        </label>
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            actions.makeTiers(name.trim() || "Tiers", ids, others.trim());
          }}
        >
          <label class="field grow">
            <span>Name</span>
            <input type="text" value={name} onInput={(event) => setName(event.currentTarget.value)} />
          </label>
          <button type="submit" class="bottom">
            Make tiers
          </button>
        </form>
        {state.tiers.value.map((made) => (
          <Sizes key={made.name} made={made} study={study} />
        ))}
      </div>
    </details>
  );
}

interface LineProps {
  segment: Segment | undefined;
  index: number;
  last: number;
  move(id: string, by: number): void;
}

function Line({ segment, index, last, move }: LineProps) {
  if (!segment) return null;
  const { id, name, color } = segment;
  return (
    <li class="row">
      <span class={`swatch c${color}`} />
      <span class="grow">{name}</span>
      <button
        type="button"
        class="quiet-button"
        aria-label={`${name} earlier`}
        disabled={index === 0}
        onClick={() => move(id, -1)}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        class="quiet-button"
        aria-label={`${name} later`}
        disabled={index === last}
        onClick={() => move(id, 1)}
      >
        <Icon name="down" />
      </button>
    </li>
  );
}

/** How many are in each group of a partition. */
export function Sizes({ made, study }: { made: Made; study: Study }) {
  const taken = made.sizes.reduce((sum, size) => sum + size, 0);
  const line = (label: string, size: number) => (
    <li key={label}>
      <span>{label}</span>
      <span class="number">
        {count(size)} · {percent(size / Math.max(1, study.customers))}
      </span>
      <ShareBar share={size / Math.max(1, study.customers)} color={1} />
    </li>
  );
  return (
    <section aria-label={made.name}>
      <h3>{made.name}</h3>
      {made.placed && <p class="quiet small-text">From the project, made as it was then.</p>}
      <ul class="tier-sizes">
        {made.labels.map((label, index) => line(label, made.sizes[index] ?? 0))}
        {taken < study.customers && line("In no tier", study.customers - taken)}
      </ul>
    </section>
  );
}
