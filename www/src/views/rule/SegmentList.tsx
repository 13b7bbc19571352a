/** The segments there are, with size and share of revenue; below them always who is in none, and who in several. */
import type { Actions } from "../../actions.ts";
import { dayInWords, signed } from "../../changes/words.ts";
import { ShareBar } from "../../charts/Bars.tsx";
import { count, percent } from "../../format.ts";
import type { Segment, Study } from "../../model.ts";
import { combination } from "../../rule/combination.ts";
import { known, state } from "../../state.ts";
import { Icon } from "../Icon.tsx";

export function SegmentList({ study, actions }: { study: Study; actions: Actions }) {
  const segments = state.segments.value;
  const overlap = state.overlap.value;
  return (
    <section class="panel" aria-labelledby="list-title">
      <div class="row">
        <h2 id="list-title" class="grow">
          Your segments
        </h2>
        {segments.length > 0 && (
          <button type="button" class="small-button" onClick={() => actions.go("export")}>
            Export <Icon name="arrow" />
          </button>
        )}
      </div>
      {segments.length === 0 ? (
        <p class="quiet">None yet. Add an example, take a group from RFM, or write a rule and give it a name.</p>
      ) : (
        <ul class="segment-list">
          {segments.map((segment) => (
            <Line key={segment.id} segment={segment} study={study} actions={actions} />
          ))}
          {overlap && (
            <li class="fixed">
              <button
                type="button"
                class="link plain"
                onClick={() => actions.draftRule("In no segment", combination(known.value, [], "out"))}
              >
                In no segment
              </button>
              <p class="quiet">{sizes(overlap.none, study.customers)}: everyone else</p>
            </li>
          )}
          {overlap && (
            <li class="fixed">
              <strong>In several</strong>
              <p class="quiet">{sizes(overlap.several, study.customers)}</p>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

const sizes = (n: number, customers: number): string => `${count(n)} · ${percent(n / Math.max(1, customers))}`;

function Line({ segment, study, actions }: { segment: Segment; study: Study; actions: Actions }) {
  const { id, name, counts, color } = segment;
  const paid = counts.revenue !== undefined && study.revenueTotal > 0;
  const current = state.draft.value.id === id;
  return (
    <li class={current ? "current" : undefined}>
      <div class="row">
        <span class={`swatch c${color}`} />
        <button
          type="button"
          class="link plain grow"
          aria-label={`Edit ${name}`}
          aria-current={current || undefined}
          onClick={() => actions.editSegment(id)}
        >
          {name}
        </button>
        <button
          type="button"
          class="quiet-button"
          aria-label={`Remove ${name}`}
          onClick={() => actions.removeSegment(id)}
        >
          <Icon name="cross" />
        </button>
      </div>
      <p class="quiet">
        <span class="size">{count(counts.in)}</span> · {percent(counts.in / Math.max(1, study.customers))}
        {paid && <span class="paid">{percent((counts.revenue ?? 0) / study.revenueTotal)} of revenue</span>}
      </p>
      <Since name={name} />
      <ShareBar share={counts.in / Math.max(1, study.customers)} color={color} />
    </li>
  );
}

/** What has become of it since the day or the file that was compared with. */
function Since({ name }: { name: string }) {
  const compared = state.compared.value;
  const change = compared?.changes.segments.find((one) => one.name === name);
  if (!compared || !change) return null;
  return (
    <p class="quiet small-text">
      {signed(change.after - change.before)} since {dayInWords(compared.changes.before.date)}
    </p>
  );
}
