/** The rule as a tree of rows. What changes in it goes to the rule’s text, and comes back from it. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import type { Study } from "../../model.ts";
import type { Path } from "../../rule/tree.ts";
import { ruleColumns, state } from "../../state.ts";
import { Group } from "./Group.tsx";
import { named, type Tools } from "./tools.ts";

export function Builder({ study, actions }: { study: Study; actions: Actions }) {
  const draft = state.draft.value;
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef<Path | undefined>(undefined);

  // A row that was added or moved takes the focus, so that the keyboard goes on where it is.
  useLayoutEffect(() => {
    const path = wanted.current;
    wanted.current = undefined;
    if (path === undefined) return;
    const row = box.current?.querySelector(`[data-path="${named(path)}"]`);
    const target =
      row?.querySelector<HTMLElement>("select, input, button") ??
      box.current?.querySelector<HTMLElement>("select, button");
    target?.focus();
  }, [draft.rule]);

  const tools: Tools = {
    root: draft.rule,
    columns: ruleColumns.value,
    orders: study.orders,
    segments: state.segments.value.filter(({ id }) => id !== draft.id).map(({ name }) => name),
    customers: study.customers,
    facts: draft.facts,
    old: draft.stale,
    actions,
    put(root, focus) {
      wanted.current = focus;
      actions.change(root);
    },
  };
  return (
    <div class="builder" ref={box}>
      <Group node={draft.rule} path={[]} tools={tools} />
    </div>
  );
}
