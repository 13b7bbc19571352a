/** Tiers: segments in an order of which the first that takes a customer keeps it, and everyone else. */
import { plural } from "../format.ts";
import { EVERYONE } from "../rule/tree.ts";
import { state } from "../state.ts";
import { type Desk, inWords, say } from "./desk.ts";

/** Makes tiers of the segments with these ids, in their order; one of the same name is replaced. */
export async function makeTiers(desk: Desk, name: string, ids: readonly string[], others: string): Promise<void> {
  const { study } = desk;
  if (!study) return;
  const parts = ids.flatMap((id) => desk.segments.get(id) ?? []);
  const rules = parts.map((segment) => ({ name: segment.name, rule: segment.rule }));
  if (others !== "") rules.push({ name: others, rule: EVERYONE });
  try {
    const grouping = await study.tiers(name, rules);
    if (desk.study !== study) return;
    desk.tiers.set(name, grouping);
    const made = { name, labels: grouping.labels, sizes: grouping.sizes, rules };
    state.tiers.value = [...state.tiers.value.filter((one) => one.name !== name), made];
    state.problem.value = null;
    say(`Tiers ${name}: ${plural(grouping.labels.length, "group")}`);
  } catch (error) {
    state.problem.value = inWords(error);
  }
}
