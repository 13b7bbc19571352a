/** How clusters are to be looked for, as a person sets it. */
import type { FeatureChoice, Setup } from "../clusters/shapes.ts";
import { state } from "../state.ts";
import type { Desk } from "./desk.ts";

export function setFeature(desk: Desk, column: string, change: Partial<FeatureChoice>): void {
  const { features } = state.setup.value;
  setUpClusters({ features: features.map((one) => (one.column === column ? { ...one, ...change } : one)) });
  void showShapes(desk);
}

export function setUpClusters(change: Partial<Setup>): void {
  state.setup.value = { ...state.setup.value, ...change };
  // What a stopped search has left was found with other settings.
  if (state.search.value?.stopped) state.search.value = null;
}

/** Shows every chosen number column as it is and as it is compared. */
export async function showShapes(desk: Desk): Promise<void> {
  const { study } = desk;
  for (const { column, on, kind, transform } of state.setup.value.features) {
    if (!on || kind !== "number" || state.shapes.value.get(column)?.asked === transform) continue;
    const shape = await study?.preview({ column, transform }).catch(() => undefined);
    if (desk.study !== study) return;
    if (shape) state.shapes.value = new Map(state.shapes.value).set(column, { ...shape, asked: transform });
  }
}
