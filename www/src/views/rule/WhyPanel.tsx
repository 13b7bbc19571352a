/** Why one customer is in the rule: each part passed, failed, or could not be told. */
import type { Actions } from "../../actions.ts";
import type { RuleJson, Why } from "../../model.ts";
import { isGroup, isMuted, quantity } from "../../rule/tree.ts";
import { state } from "../../state.ts";
import { Icon } from "../Icon.tsx";

const GROUP = { all: "all of", any: "any of", none: "none of", "not-all": "not all of" };

export function WhyPanel({ actions }: { actions: Actions }) {
  const why = state.why.value;
  if (!why || why.rule !== state.draft.value.rule) return null;
  return (
    <div class="why">
      <div class="row">
        <h3 class="grow">Row {why.row + 1}, part by part</h3>
        <button
          type="button"
          class="quiet-button"
          aria-label="Close the reasons"
          onClick={() => actions.explain(undefined)}
        >
          <Icon name="cross" />
        </button>
      </div>
      <ul class="tree">
        <Part node={why.rule} why={why} />
      </ul>
    </div>
  );
}

function Part({ node, why }: { node: RuleJson; why: Why }) {
  const counts = why.facts.get(node)?.counts;
  if (!counts || isMuted(node)) return null;
  const verdict = counts.in > 0 ? "passed" : counts.unknown > 0 ? "unknown" : "failed";
  const tag = { passed: "tag good-tag", failed: "tag error", unknown: "tag warning" }[verdict];
  return (
    <li>
      <div class="why-part">
        <span class={tag}>{verdict}</span> {isGroup(node) ? GROUP[quantity(node)] : <code>{counts.text}</code>}
      </div>
      {isGroup(node) && node.rules.length > 0 && (
        <ul>
          {node.rules.map((part, index) => (
            <Part key={index} node={part} why={why} />
          ))}
        </ul>
      )}
    </li>
  );
}
