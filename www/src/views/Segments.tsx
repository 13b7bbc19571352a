/** Segments by rule: the list, the rule being written, whom it takes, and how the segments overlap. */
import type { Actions } from "../actions.ts";
import { plural } from "../format.ts";
import { state } from "../state.ts";
import { OverlapFigure } from "./Overlap.tsx";
import { ProjectNote } from "./ProjectNote.tsx";
import { LivePane } from "./rule/LivePane.tsx";
import { Review } from "./rule/Review.tsx";
import { RuleEditor } from "./rule/RuleEditor.tsx";
import { SegmentList } from "./rule/SegmentList.tsx";
import { Exclusion, Parameters } from "./rule/StudyWide.tsx";
import { Tiers } from "./rule/Tiers.tsx";

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
        <div class="stack side">
          <SegmentList study={study} actions={actions} />
          <Tiers study={study} actions={actions} />
          <Exclusion actions={actions} />
          <Parameters actions={actions} />
          {segments.length > 1 && <Review actions={actions} />}
        </div>
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
