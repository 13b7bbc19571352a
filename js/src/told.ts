/** What is made of what was told? JSON has no NaN, options may say nothing, and a recipe follows every edit. */
import type { SegmentFacts } from "./protocol.js";
import type { Propensity } from "./types/propensity.js";
import type { Recipe, StudyOptions } from "./types/study.js";
import type { ValueModel } from "./types/value.js";

/** Options without those that say nothing. */
export function given(options: Omit<StudyOptions, "orders">): Partial<Recipe> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** A recipe with other rules of segments: a whole one for every edit would make a hundred segments slow. */
export function redefined(recipe: Recipe, changed: SegmentFacts[]): Recipe {
  const segments = [...(recipe.segments as Omit<SegmentFacts, "id" | "counts">[])];
  for (const { name, text, rule } of changed) {
    const at = segments.findIndex((known) => known.name === name);
    segments[at < 0 ? segments.length : at] = { name, text, rule };
  }
  return { ...recipe, segments };
}

/** The same of chances. */
export function measured(found: Propensity): Propensity {
  for (const one of [found, found.baseline]) for (const name of ["auc", "logLoss", "brier", "rate"]) unknown(one, name);
  return found;
}

/** What is not known comes as null. */
function unknown(of: object, name: string): void {
  if (Reflect.get(of, name) === null) Reflect.set(of, name, Number.NaN);
}

/** JSON has no NaN: an error that is not known comes as null. */
export function known(model: ValueModel): ValueModel {
  for (const { standardErrors } of [model, ...model.candidates, ...(model.spend ? [model.spend] : [])]) {
    for (const name of Object.keys(standardErrors)) standardErrors[name] ??= Number.NaN;
  }
  for (const name of ["lifetimeValue", "low", "high"] as const) model.total[name] ??= Number.NaN;
  return model;
}
