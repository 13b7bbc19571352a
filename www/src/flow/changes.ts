/** Compares the customers with those of an earlier day, of last month’s project, or of another file; and draws sizes over months. */
import type { Changes, Compared, Other, Waiting } from "../changes/shapes.ts";
import { SMALLEST, type Threshold } from "../changes/thresholds.ts";
import { dayInWords, headline } from "../changes/words.ts";
import { type AlertRule, type Baseline, type CompareOptions, MarquetryError, type Study } from "../engine.ts";
import { definitions, state } from "../state.ts";
import { type Desk, type Job, say } from "./desk.ts";
import { savedIn } from "./saved.ts";

/** Months of the lines. */
const MONTHS = 12;

/** What the engine is asked to call for. */
function options(job: Job): CompareOptions {
  const alerts = state.thresholds.value
    .filter(({ on }) => on)
    .map(({ measure, above }): AlertRule => {
      if (measure === "no-match") return { measure };
      return { measure, above, ...(measure === "size" && { below: -above }) };
    });
  return { alerts, refit: true, smallest: SMALLEST, ...job };
}

export async function compareDay(desk: Desk, day: string): Promise<void> {
  const { study } = desk;
  if (!study) return;
  const title = `Comparing with ${dayInWords(day)}`;
  const found = await desk.run(title, async (job) => {
    const before = await study.asOf(day, job);
    const changes = await study.compare(before, options(job));
    return { before, changes };
  });
  if (!found) return;
  const { before, changes } = found;
  const told = { ...changes, notices: [...before.notices, ...changes.notices] };
  await take(desk, study, { kind: "day", name: dayInWords(day) }, told, before.skipped, before);
}

/** A project is compared as it is; any other file is read by the definitions of this one first. */
export async function compareFile(desk: Desk, file: File): Promise<void> {
  state.waits.value = null;
  const { study } = desk;
  if (!study) return;
  const saved = await savedIn(file);
  if (saved?.baseline) return compareBaseline(desk, file.name, saved.baseline);
  if (saved) {
    state.problem.value = {
      message: `“${file.name}” is a recipe: it says how segments are made, not how large they were.`,
      hint: "Take a project of last month, or last month’s file.",
    };
    return;
  }
  await compareTable(desk, { file, mapping: {}, skip: [], lacking: [] });
}

export async function compareBaseline(desk: Desk, name: string, baseline: Baseline): Promise<void> {
  const { study } = desk;
  if (!study) return;
  const changes = await desk.run(`Comparing with ${name}`, (job) => study.compare(baseline, options(job)));
  if (changes) await take(desk, study, { kind: "project", name }, changes, [], undefined);
}

/** Reads another file by the same recipe; where it lacks columns, the person says which they are. */
async function compareTable(desk: Desk, waiting: Waiting): Promise<void> {
  const { study } = desk;
  if (!study) return;
  const { file, mapping, skip } = waiting;
  let lacking: Waiting["lacking"] | undefined;
  const found = await desk.run(`Comparing with ${file.name}`, async (job) => {
    const reading = { name: file.name, mapping: { ...mapping }, skip: [...skip], ...job };
    const other = await desk.segmenter.replay(study.recipe, file, reading).catch((error: unknown) => {
      lacking = lackingOf(error);
      if (lacking) return undefined;
      throw error;
    });
    if (!other) return undefined;
    // The one with the later day is the one of now.
    const later = String(other.recipe.referenceDate ?? "") > String(study.recipe.referenceDate ?? "");
    const [before, after] = later ? [study, other] : [other, study];
    const changes = await after.compare(before, options(job));
    return { other, later, changes };
  });
  state.waits.value = lacking ? { ...waiting, lacking } : null;
  if (!found) return;
  const { other, later, changes } = found;
  if (later) {
    await other.close();
    await other.table.close();
  }
  await take(desk, study, { kind: "file", name: file.name }, changes, other.skipped, later ? undefined : other);
}

const lackingOf = (error: unknown): Waiting["lacking"] | undefined =>
  error instanceof MarquetryError ? (error.details.lacking as Waiting["lacking"] | undefined) : undefined;

export async function compareMapped(desk: Desk, column: string, now: string): Promise<void> {
  const waiting = state.waits.value;
  if (waiting) await compareTable(desk, { ...waiting, mapping: { ...waiting.mapping, [column]: now } });
}

export async function compareWithout(desk: Desk, column: string): Promise<void> {
  const waiting = state.waits.value;
  if (waiting) await compareTable(desk, { ...waiting, skip: [...waiting.skip, column] });
}

/** Shows a comparison; the customers of the other side are kept as long as it is shown, if a rule can ask who they were. */
async function take(
  desk: Desk,
  study: Study,
  other: Other,
  changes: Changes,
  skipped: Compared["skipped"],
  before: Study | undefined,
): Promise<void> {
  const former = desk.before;
  desk.before = before;
  await former?.close();
  await former?.table.close();
  if (desk.study !== study) return;
  const traceable = before !== undefined;
  state.compared.value = { with: other, changes, skipped, traceable, definitions: definitions.value };
  say(headline(changes));
}

/** Other thresholds; they hold from the next comparison on. */
export function setThreshold(measure: Threshold["measure"], change: Partial<Threshold>): void {
  state.thresholds.value = state.thresholds.value.map((one) => (one.measure === measure ? { ...one, ...change } : one));
}

export async function showTrend(desk: Desk): Promise<void> {
  const { study } = desk;
  if (!study) return;
  const found = await desk.run("Drawing the months", (job) => study.trend({ every: "month", last: MONTHS, ...job }));
  if (found && desk.study === study) state.trend.value = found;
}
