/**
 * How is a rule edited as a tree? Pure functions over the engine's rule JSON: each gives a new tree that shares all parts that
 * did not change. Where a part stands is said as a path: its position in each group from the root down.
 */
import type { RuleJson } from "../model.ts";

export type Path = readonly number[];
/** What a group asks of its parts. */
export type Quantity = "all" | "any" | "none" | "not-all";

export const EVERYONE: RuleJson = { combinator: "and", rules: [] };

export const isGroup = (node: RuleJson): node is RuleJson & { rules: RuleJson[] } => Array.isArray(node.rules);
export const isMuted = (node: RuleJson): boolean => node.muted === true;

/** The part at a path; none where there is no such place. */
export function at(root: RuleJson, path: Path): RuleJson | undefined {
  let node: RuleJson | undefined = root;
  for (const index of path) node = node?.rules?.[index];
  return node;
}

/** The tree with another part in a place. */
export function replace(root: RuleJson, path: Path, change: (node: RuleJson) => RuleJson): RuleJson {
  const [index, ...rest] = path;
  if (index === undefined) return change(root);
  const rules = root.rules?.map((node, place) => (place === index ? replace(node, rest, change) : node));
  return { ...root, ...(rules && { rules }) };
}

/** Whether this very part still stands in the tree. */
export const holds = (root: RuleJson, part: RuleJson): boolean =>
  root === part || (root.rules ?? []).some((node) => holds(node, part));

/** The tree with another part in the place of one. */
export function swap(root: RuleJson, part: RuleJson, to: RuleJson): RuleJson {
  if (root === part) return to;
  return isGroup(root) ? { ...root, rules: root.rules.map((node) => swap(node, part, to)) } : root;
}

/** The tree with other parts in one group. */
function regroup(root: RuleJson, path: Path, change: (rules: RuleJson[]) => RuleJson[]): RuleJson {
  return replace(root, path, (group) => ({ ...group, rules: change(group.rules ?? []) }));
}

const split = (path: Path): [Path, number] => [path.slice(0, -1), path[path.length - 1] ?? 0];

/** Puts a part into a group, at its end or at a place. */
export function insert(root: RuleJson, group: Path, node: RuleJson, place?: number): RuleJson {
  return regroup(root, group, (rules) => rules.toSpliced(place ?? rules.length, 0, node));
}

/** Takes a part away, and with it the groups that are left empty; the root stays. */
export function remove(root: RuleJson, path: Path): RuleJson {
  if (path.length === 0) return EVERYONE;
  const [parent, index] = split(path);
  const without = regroup(root, parent, (rules) => rules.toSpliced(index, 1));
  return parent.length > 0 && at(without, parent)?.rules?.length === 0 ? remove(without, parent) : without;
}

/**
 * Moves a part one place up or down: within its group, out of it at its ends, never into another. Gives the tree and where the
 * part is now, or nothing where it can go no further.
 */
export function move(root: RuleJson, path: Path, by: -1 | 1): { root: RuleJson; path: Path } | undefined {
  const [parent, index] = split(path);
  const node = at(root, path);
  const rules = at(root, parent)?.rules;
  if (!node || !rules || path.length === 0) return undefined;
  const next = index + by;
  if (next >= 0 && next < rules.length) {
    const moved = regroup(root, parent, (all) => all.toSpliced(index, 1).toSpliced(next, 0, node));
    return { root: moved, path: [...parent, next] };
  }
  if (parent.length === 0) return undefined;
  const [outer, place] = split(parent);
  const target = by < 0 ? place : place + 1;
  const without = regroup(root, parent, (all) => all.toSpliced(index, 1));
  const placed = insert(without, outer, node, target);
  if (rules.length > 1) return { root: placed, path: [...outer, target] };
  // The group is empty now; it stands behind or before the part.
  const empty = by < 0 ? place + 1 : place;
  return { root: regroup(placed, outer, (all) => all.toSpliced(empty, 1)), path: [...outer, by < 0 ? target : place] };
}

/** Moves a part into the group that stands next above or below it, or into one of its own where there is none. */
export function intoGroup(root: RuleJson, path: Path): { root: RuleJson; path: Path } | undefined {
  const [parent, index] = split(path);
  const [node, group] = [at(root, path), at(root, parent)];
  if (!node || !group?.rules || path.length === 0) return undefined;
  const [above, below] = [group.rules[index - 1], group.rules[index + 1]];
  if (above && isGroup(above)) {
    const filled = insert(root, [...parent, index - 1], node);
    return { root: remove(filled, path), path: [...parent, index - 1, above.rules.length] };
  }
  if (below && isGroup(below)) {
    const filled = insert(root, [...parent, index + 1], node, 0);
    return { root: remove(filled, path), path: [...parent, index, 0] };
  }
  const own = { combinator: group.combinator === "or" ? ("and" as const) : ("or" as const), rules: [node] };
  return { root: replace(root, path, () => own), path: [...path, 0] };
}

/** Takes a group apart: its parts stand in its place. */
export function dissolve(root: RuleJson, path: Path): RuleJson {
  const parts = at(root, path)?.rules ?? [];
  const [parent, index] = split(path);
  return path.length === 0 ? root : regroup(root, parent, (rules) => rules.toSpliced(index, 1, ...parts));
}

export function duplicate(root: RuleJson, path: Path): RuleJson {
  const node = at(root, path);
  const [parent, index] = split(path);
  return node && path.length > 0 ? insert(root, parent, structuredClone(node), index + 1) : root;
}

/** Leaves a part out of the rule without throwing it away, or takes it in again. */
export function mute(root: RuleJson, path: Path): RuleJson {
  return replace(root, path, ({ muted, ...node }) => (muted === true ? node : { ...node, muted: true }));
}

export function quantity(group: RuleJson): Quantity {
  if (group.not !== true) return group.combinator === "or" ? "any" : "all";
  // With one part "none" and "not all" are the same.
  return group.combinator === "or" || (group.rules?.length ?? 0) < 2 ? "none" : "not-all";
}

export function setQuantity(root: RuleJson, path: Path, to: Quantity): RuleJson {
  return replace(root, path, ({ not: _, ...group }) => ({
    ...group,
    combinator: to === "any" || to === "none" ? "or" : "and",
    ...((to === "none" || to === "not-all") && { not: true }),
  }));
}

/** The rule without what is muted. */
export function active(node: RuleJson): RuleJson {
  if (!isGroup(node)) return node;
  const rules = node.rules.filter((part) => !isMuted(part));
  const changed = rules.map(active);
  const same = rules.length === node.rules.length && changed.every((part, index) => part === node.rules[index]);
  return same ? node : { ...node, rules: changed };
}

/** The muted parts of a former tree in a new one that cannot say them: where their group was, else at the root. */
export function keepMuted(former: RuleJson, now: RuleJson): RuleJson {
  let root = now;
  const walk = (node: RuleJson, path: Path): void => {
    for (const [index, part] of (node.rules ?? []).entries()) {
      if (isMuted(part)) {
        const group = at(root, path);
        root =
          group && isGroup(group)
            ? insert(root, path, part, Math.min(index, group.rules.length))
            : insert(root, [], part);
      } else walk(part, [...path, index]);
    }
  };
  walk(former, []);
  return root;
}

/** A tree whose root is a group, as the builder shows it. */
export const rooted = (rule: RuleJson): RuleJson => (isGroup(rule) ? rule : { combinator: "and", rules: [rule] });
