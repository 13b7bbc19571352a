/** What can be done with a row or a group: moved, doubled, muted, negated, deleted. */
import type { RuleJson } from "../../model.ts";
import {
  at,
  dissolve,
  duplicate,
  intoGroup,
  isGroup,
  isMuted,
  move,
  mute,
  type Path,
  remove,
  replace,
} from "../../rule/tree.ts";
import { opposite } from "../../rule/vocabulary.ts";
import { Icon } from "../Icon.tsx";
import { type Entry, Menu } from "../Menu.tsx";
import type { Tools } from "./tools.ts";

interface Props {
  node: RuleJson;
  path: Path;
  tools: Tools;
  /** Shows the row as text. */
  edit?: (() => void) | undefined;
}

export function RowMenu({ node, path, tools, edit }: Props) {
  const { root, put } = tools;
  const moved = (label: string, to: ReturnType<typeof move>): Entry | undefined =>
    to && { label, run: () => put(to.root, to.path) };
  const parent = path.slice(0, -1);
  const last = path.at(-1) ?? 0;
  const siblings = at(root, parent)?.rules?.length ?? 1;
  const what = isGroup(node) ? "group" : "row";
  const entries = [
    moved("Move up", move(root, path, -1)),
    moved("Move down", move(root, path, 1)),
    moved("Move into a group", intoGroup(root, path)),
    isGroup(node) && path.length > 0
      ? { label: "Take the group apart", run: () => put(dissolve(root, path), path) }
      : undefined,
    path.length > 0 ? { label: "Duplicate", run: () => put(duplicate(root, path), [...parent, last + 1]) } : undefined,
    path.length > 0
      ? {
          label: isMuted(node) ? "Unmute" : "Mute",
          hint: isMuted(node) ? undefined : "leave out for now",
          run: () => put(mute(root, path), path),
        }
      : undefined,
    { label: "Negate", hint: "ask the opposite", run: () => put(replace(root, path, opposite), path) },
    edit && { label: "Edit as text", run: edit },
    { label: "Delete", run: () => put(remove(root, path), [...parent, Math.max(0, Math.min(last, siblings - 2))]) },
  ];
  return (
    <Menu label={`More for this ${what}`} kind="quiet-button row-menu" entries={entries}>
      <Icon name="more" />
    </Menu>
  );
}
