/** How large are the groups of a partition, and what do they bring? */
import type { Grouping } from "../engine.ts";
import { totals } from "../figures.ts";
import type { Group } from "../model.ts";
import { state } from "../state.ts";
import type { Desk } from "./desk.ts";

/** Size and revenue of each group of a partition. */
export async function groupsOf(desk: Desk, grouping: Grouping): Promise<Group[]> {
  const customers = desk.customers?.rowCount ?? 0;
  const all = state.study.value?.revenueTotal ?? 0;
  const money = desk.revenue && (await totals(await grouping.assignments(), desk.revenue, grouping.labels.length));
  return grouping.labels.map((label, index) => {
    const n = grouping.sizes[index] ?? 0;
    const revenueShare = money && all > 0 ? (money[index] ?? 0) / all : undefined;
    return { label, n, share: n / customers, revenueShare, color: index < 8 ? index + 1 : 0 };
  });
}
