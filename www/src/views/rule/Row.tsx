/** One row of the builder: its widgets, how many it takes alone, how many are left after it, and its menu. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ShareBar } from "../../charts/Bars.tsx";
import { count, percent } from "../../format.ts";
import type { RuleJson } from "../../model.ts";
import type { Facts } from "../../rule/counted.ts";
import { innerRow, type Row as Kind, rowOf, single } from "../../rule/row.ts";
import { isMuted, type Path, replace } from "../../rule/tree.ts";
import { caseMatters } from "../../rule/vocabulary.ts";
import { Condition } from "./Condition.tsx";
import { Event } from "./Event.tsx";
import { MissingChip } from "./MissingChip.tsx";
import { RowMenu } from "./RowMenu.tsx";
import { Choice } from "./Spans.tsx";
import { TextRow } from "./TextRow.tsx";
import { named, type Tools } from "./tools.ts";

export function Row({ node, path, tools }: { node: RuleJson; path: Path; tools: Tools }) {
  const [asText, setAsText] = useState(false);
  const row = rowOf(node, tools.columns, tools.orders);
  const facts = useLastFacts(tools.facts.get(node));
  const old = tools.old || !tools.facts.has(node);
  const put = (next: RuleJson): void => tools.put(replace(tools.root, path, () => next));
  const muted = isMuted(node);
  return (
    <li class={muted ? "rule-row muted" : "rule-row"} data-path={named(path)}>
      <div class="widgets">
        {asText || row.kind === "text" ? (
          <TextRow node={node} text={facts?.counts.text} path={path} tools={tools} done={() => setAsText(false)} />
        ) : (
          <Widgets row={row} node={node} tools={tools} put={put} />
        )}
      </div>
      <Counts facts={facts} old={old} muted={muted} customers={tools.customers} />
      <RowMenu node={node} path={path} tools={tools} edit={row.kind === "text" ? undefined : () => setAsText(true)} />
      <div class="row-chips">
        {muted && <span class="tag">muted: left out of the rule</span>}
        <Case node={node} row={row} tools={tools} put={put} />
        {!muted && row.kind !== "segment" && (
          <MissingChip node={node} facts={facts} row={row} tools={tools} put={put} />
        )}
      </div>
      {!muted && facts && <ShareBar share={(facts.left ?? facts.counts.in) / Math.max(1, tools.customers)} color={1} />}
    </li>
  );
}

function Widgets({ row, node, tools, put }: { row: Kind; node: RuleJson; tools: Tools; put(node: RuleJson): void }) {
  switch (row.kind) {
    case "condition":
      return <Condition node={node} row={row} columns={tools.columns} put={put} actions={tools.actions} />;
    case "event":
      return <Event node={node} row={row} columns={tools.orders} put={put} actions={tools.actions} />;
    case "segment":
      return (
        <>
          <span class="word">in segment</span>
          <Choice
            label="Segment"
            value={row.name}
            options={[...new Set([row.name, ...tools.segments])].map((name) => [name, name])}
            put={(segment) => put({ segment })}
          />
        </>
      );
    case "text":
      return null;
  }
}

/** Facts of an edited row come a moment later; until then those before are shown, greyed. */
function useLastFacts(facts: Facts | undefined): Facts | undefined {
  const last = useRef(facts);
  useEffect(() => {
    if (facts) last.current = facts;
  }, [facts]);
  return facts ?? last.current;
}

function Counts({
  facts,
  old,
  muted,
  customers,
}: {
  facts: Facts | undefined;
  old: boolean;
  muted: boolean;
  customers: number;
}) {
  const shade = old && !muted ? "row-count old" : "row-count";
  const shown = (n: number | undefined) =>
    n === undefined || muted ? (
      <span class="quiet">–</span>
    ) : (
      <span title={`${percent(n / Math.max(1, customers))} of everyone`}>{count(n)}</span>
    );
  return (
    <>
      <span class={`${shade} alone`}>
        <span class="small-label">alone </span>
        {shown(facts?.counts.in)}
      </span>
      <span class={`${shade} left`}>
        <span class="small-label">left </span>
        {shown(facts?.left)}
      </span>
    </>
  );
}

/** For texts: whether capital letters matter, in the row or in the condition of its orders. */
function Case({ node, row, tools, put }: { node: RuleJson; row: Kind; tools: Tools; put(node: RuleJson): void }) {
  if (row.kind === "condition") return <CaseChip node={node} row={row} put={put} />;
  if (row.kind !== "event") return null;
  const [inner, where] = [innerRow(row.orders.where, tools.orders), single(row.orders.where)];
  if (!inner || !where) return null;
  return (
    <CaseChip node={where} row={inner} put={(next) => put({ ...node, expression: { ...row.orders, where: next } })} />
  );
}

function CaseChip({
  node,
  row,
  put,
}: {
  node: RuleJson;
  row: Kind & { kind: "condition" };
  put(node: RuleJson): void;
}) {
  if ((row.type !== "text" && row.type !== "list") || !caseMatters(row.operator.name)) return null;
  const folds = node.ignoreCase === true;
  return (
    <button
      type="button"
      class="chip"
      aria-pressed={folds}
      onClick={() => {
        const { ignoreCase: _, ...rest } = node;
        put(folds ? rest : { ...rest, ignoreCase: true });
      }}
    >
      ignoring case
    </button>
  );
}
