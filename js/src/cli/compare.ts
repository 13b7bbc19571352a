import type { AlertRule, Baseline, CompareOptions } from "../types/changes.js";
import type { Segmenter } from "../types/entry.js";
import type { Recipe, ReplayedStudy, ReplayOptions, Study } from "../types/study.js";
import { type Arguments, loadOptions, number, pairs, UsageError } from "./arguments.js";
import { type Outcome, openFile, readJson } from "./files.js";
import { describeChanges } from "./print.js";

/** What has changed in a new file since a baseline, or since an older file that the same recipe is made on. */
export async function compare(segmenter: Segmenter, args: Arguments): Promise<Outcome> {
  const { file: old, other: fresh, values } = args;
  if (old === undefined || fresh === undefined)
    throw new UsageError(
      "Which two files? Name the baseline (or, with --recipe, the old file), and then the new file.",
    );
  const smallest = number("smallest", values.smallest);
  const options: CompareOptions = {
    ...(values.alerts !== undefined && { alerts: await readJson<AlertRule[]>(values.alerts) }),
    ...(smallest !== undefined && { smallest }),
    ...(values.refit && { refit: true }),
  };
  const { before, recipe } = await earlier(segmenter, args, old);
  const day = values["reference-date"];
  const study = await replayed(segmenter, recipe, fresh, {
    ...loadOptions(args),
    mapping: pairs("mapping", values.mapping),
    skip: values.skip ?? [],
    ...(day !== undefined && { referenceDate: day }),
  });
  const changes = await study.compare(before, options);
  const { skipped } = study;
  return { json: { ...changes, skipped }, text: describeChanges(changes, skipped), alert: changes.alerts.length > 0 };
}

/** The side of then, and the recipe for the side of now. */
async function earlier(
  segmenter: Segmenter,
  args: Arguments,
  old: string,
): Promise<{ before: Study | Baseline; recipe: Recipe }> {
  const { recipe: path } = args.values;
  if (path !== undefined) {
    const recipe = await readJson<Recipe>(path);
    return { before: await replayed(segmenter, recipe, old, loadOptions(args)), recipe };
  }
  const before = await readJson<Baseline>(old);
  if (typeof before?.recipe !== "object")
    throw new UsageError(
      `“${old}” is no baseline, as --baseline writes it. To compare two data files, add --recipe FILE.`,
    );
  return { before, recipe: before.recipe };
}

async function replayed(
  segmenter: Segmenter,
  recipe: Recipe,
  path: string,
  options: ReplayOptions,
): Promise<ReplayedStudy> {
  return segmenter.replay(recipe, await openFile(path), { name: path, ...options });
}
