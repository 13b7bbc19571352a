/** Segments by rule: the list, the rule being written, and how the segments overlap. */
import type { Actions } from "../actions.ts";
import { ShareBar } from "../charts/Bars.tsx";
import { plural } from "../format.ts";
import type { Segment, Study } from "../model.ts";
import { state } from "../state.ts";
import { type GroupRow, GroupTable } from "./GroupTable.tsx";
import { Icon } from "./Icon.tsx";
import { OverlapFigure } from "./Overlap.tsx";
import { ProjectNote } from "./ProjectNote.tsx";
import { LivePane } from "./rule/LivePane.tsx";
import { RuleEditor } from "./rule/RuleEditor.tsx";

export function Segments({ actions }: { actions: Actions }) {
  const study = state.study.value;
  if (!study) return null;
  const segments = state.segments.value;
  const several = state.overlap.value?.several ?? 0;
  return (
    <div class="screen">
      <header>
        <h1 tabIndex={-1}>
          {segments.length === 0
            ? "Write a rule, see who it takes"
            : `${plural(segments.length, "segment")}${several > 0 ? `, ${plural(several, "customer")} in more than one` : ""}`}
        </h1>
        <p class="quiet">
          A customer may be in several segments. Counts are exact, over all {plural(study.customers, "customer")}.
        </p>
      </header>
      <ProjectNote columns={study.columns} actions={actions} />
      <div class="panes">
        <List segments={segments} study={study} actions={actions} />
        <RuleEditor study={study} actions={actions} />
        <LivePane study={study} actions={actions} />
      </div>
      {state.overlap.value && segments.length > 1 && (
        <OverlapFigure
          overlap={state.overlap.value}
          colors={segments.map((segment) => segment.color)}
          customers={study.customers}
          actions={actions}
        />
      )}
    </div>
  );
}

function List({ segments, study, actions }: { segments: Segment[]; study: Study; actions: Actions }) {
  const overlap = state.overlap.value;
  const always = (name: string, n: number): GroupRow => ({
    key: name,
    head: name,
    n,
    share: n / study.customers,
    revenueShare: undefined,
    fixed: true,
  });
  const fixed = overlap ? [always("In no segment", overlap.none), always("In several", overlap.several)] : [];
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
        <GroupTable
          what="Segment"
          caption="Segments with size and revenue share"
          rows={[...segments.map((segment) => row(segment, study, actions)), ...fixed]}
        />
      )}
    </section>
  );
}

function row({ id, name, counts, color }: Segment, study: Study, actions: Actions): GroupRow {
  const share = counts.in / study.customers;
  const paid = counts.revenue !== undefined && study.revenueTotal > 0;
  return {
    key: id,
    head: (
      <>
        <button type="button" class="link plain" aria-label={`Edit ${name}`} onClick={() => actions.editSegment(id)}>
          <span class={`swatch c${color}`} /> {name}
        </button>
        <ShareBar share={share} color={color} />
      </>
    ),
    n: counts.in,
    share,
    revenueShare: paid ? (counts.revenue ?? 0) / study.revenueTotal : undefined,
    action: (
      <button
        type="button"
        class="quiet-button"
        aria-label={`Remove ${name}`}
        onClick={() => actions.removeSegment(id)}
      >
        <Icon name="cross" />
      </button>
    ),
  };
}
