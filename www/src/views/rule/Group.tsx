/** A group of rows: what it asks of them, the rows, and what can be added. */
import { count } from "../../format.ts";
import type { RuleJson } from "../../model.ts";
import { firstColumn, freshCondition, freshEvent } from "../../rule/fresh.ts";
import { insert, isGroup, type Path, type Quantity, quantity, setQuantity } from "../../rule/tree.ts";
import { Icon } from "../Icon.tsx";
import { Row } from "./Row.tsx";
import { RowMenu } from "./RowMenu.tsx";
import { Choice } from "./Spans.tsx";
import { named, type Tools } from "./tools.ts";

export function Group({ node, path, tools }: { node: RuleJson; path: Path; tools: Tools }) {
  const facts = tools.facts.get(node);
  const asked = quantity(node);
  const inner = path.length > 0;
  const muted = node.muted === true;
  const options: [Quantity, string][] = [
    ["all", "ALL of"],
    ["any", "ANY of"],
    ["none", "NONE of"],
    ...(asked === "not-all" ? [["not-all", "NOT ALL of"] as [Quantity, string]] : []),
  ];
  const rows = (
    <ul class="rule-rows">
      {node.rules?.map((part, index) => {
        const own = [...path, index];
        return isGroup(part) ? (
          <Group key={index} node={part} path={own} tools={tools} />
        ) : (
          <Row key={index} node={part} path={own} tools={tools} />
        );
      })}
    </ul>
  );
  const head = (
    <div class="group-head" data-path={named(path)}>
      <Choice
        label={inner ? "What this group asks of its rows" : "What the rule asks of its rows"}
        value={asked}
        options={options}
        put={(to) => tools.put(setQuantity(tools.root, path, to as Quantity))}
      />
      {muted && <span class="tag">muted</span>}
      <span class="grow" />
      {inner ? (
        <>
          <span class={tools.old || !facts ? "row-count alone old" : "row-count alone"}>
            <span class="small-label">alone </span>
            {facts && !muted ? count(facts.counts.in) : "–"}
          </span>
          <span class={tools.old || !facts ? "row-count left old" : "row-count left"}>
            <span class="small-label">left </span>
            {facts?.left === undefined || muted ? "–" : count(facts.left)}
          </span>
          <RowMenu node={node} path={path} tools={tools} />
        </>
      ) : (
        (node.rules?.length ?? 0) > 0 && (
          <>
            <span class="column-label alone" title="Customers this row takes, were it the whole rule">
              alone
            </span>
            <span class="column-label left" title="Customers left after this row and all above it">
              left
            </span>
            <span class="menu-place" />
          </>
        )
      )}
    </div>
  );
  const body = (
    <>
      {head}
      {rows}
      <Add path={path} node={node} tools={tools} />
    </>
  );
  return inner ? <li class={muted ? "group muted" : "group"}>{body}</li> : <div class="group root">{body}</div>;
}

function Add({ node, path, tools }: { node: RuleJson; path: Path; tools: Tools }) {
  const column = firstColumn(tools.columns);
  if (!column) return null;
  const add = (part: RuleJson, within: Path = []): void =>
    tools.put(insert(tools.root, path, part), [...path, node.rules?.length ?? 0, ...within]);
  const other = node.combinator === "or" ? "and" : "or";
  const [segment] = tools.segments;
  return (
    <div class="add-row">
      <button type="button" class="small-button" onClick={() => add(freshCondition(column))}>
        <Icon name="plus" /> Condition
      </button>
      {tools.orders.length > 0 && (
        <button type="button" class="small-button" onClick={() => add(freshEvent())}>
          <Icon name="plus" /> Orders
        </button>
      )}
      <button
        type="button"
        class="small-button"
        onClick={() => add({ combinator: other, rules: [freshCondition(column)] }, [0])}
      >
        <Icon name="plus" /> Group
      </button>
      {segment !== undefined && (
        <button type="button" class="small-button" onClick={() => add({ segment })}>
          <Icon name="plus" /> Segment
        </button>
      )}
    </div>
  );
}
