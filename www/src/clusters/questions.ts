/** What a tree asks, in few words, and the whole rules of its leaves. Pure functions. */
import { number, shortened } from "../format.ts";
import type { Tree, TreeNode } from "./shapes.ts";

/** Values of a list that are named; the others are counted. */
const NAMED = 2;

/** “monetary ≤ 120?”, “country: DE, AT?”, “age missing?”. */
export function question({ feature = "", cut, values }: TreeNode, letters: number): string {
  const asked = cut !== undefined ? ` ≤ ${shown(cut)}?` : values !== undefined ? `: ${listed(values)}?` : " missing?";
  return `${shortened(feature, Math.max(6, letters - asked.length))}${shortened(asked, letters)}`;
}

/** The answers on the way to the lower and to the upper side. Where customers without a value go is said, too. */
export function answers({ cut, values }: TreeNode, low: TreeNode, high: TreeNode): [low: string, high: string] {
  if (cut === undefined && values === undefined) return ["yes", "no"];
  const with_ = ({ text }: TreeNode): string => (/\bis missing\b/.test(text) ? " or missing" : "");
  const [lower, upper] = cut === undefined ? ["yes", "no"] : [`≤ ${shown(cut)}`, `> ${shown(cut)}`];
  return [lower + with_(low), upper + with_(high)];
}

/** The rule of each leaf, by its place in the tree; leaves stand in the order in which the lower sides are walked first. */
export function leafRules({ nodes, leaves }: Tree): Map<number, string> {
  const places: number[] = [];
  const open = nodes.length > 0 ? [0] : [];
  while (open.length > 0) {
    const at = open.pop() as number;
    const { low, high } = nodes[at] as TreeNode;
    if (low === undefined || high === undefined) places.push(at);
    else open.push(high, low);
  }
  return new Map(leaves.flatMap(({ text }, at) => (places[at] === undefined ? [] : [[places[at], text] as const])));
}

const shown = (value: number | string): string => (typeof value === "number" ? number(value) : value);

function listed(values: readonly (number | string | boolean)[]): string {
  const named = values.slice(0, NAMED).map((value) => (typeof value === "number" ? number(value) : String(value)));
  return named.join(", ") + (values.length > NAMED ? ` +${values.length - NAMED}` : "");
}
