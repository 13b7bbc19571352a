/**
 * A saved project on a new file: its segments and groups are made again as they were, with the same edges, centres and rules. A
 * column that the file lacks is never guessed: the person says which one it is now, or leaves the parts out that use it.
 */
import {
  type Grouping,
  type PlacedClusters,
  type RecipePart,
  type Repair,
  type RfmGrouping,
  remake,
  type Skipped,
} from "../engine.ts";
import { plural } from "../format.ts";
import type { Project } from "../model.ts";
import { fitting } from "../rfm/fold.ts";
import { lead, state } from "../state.ts";
import { compareBaseline } from "./changes.ts";
import { takeClusters } from "./clusters.ts";
import { type Desk, type Paper, say } from "./desk.ts";
import { counted, foldingOf } from "./folding.ts";
import { go } from "./go.ts";
import { takeFrozen } from "./rfm.ts";
import { contents, savedIn } from "./saved.ts";
import { takeIn } from "./segments.ts";

/** The project that a file holds; nothing for any other file. */
export async function asProject(file: File): Promise<Project | undefined> {
  const saved = await savedIn(file);
  if (!saved) return undefined;
  const { segments, groupings } = contents(saved.recipe);
  const parts = [...groupings, ...segments].map(({ name }) => name);
  return { name: file.name, ...saved, parts, made: [], mapping: {}, skip: [], lacking: [], skipped: [] };
}

/**
 * Takes a project in: at once where customers are studied, otherwise once they are; those of the file that comes with it are made of
 * the orders that count by the project.
 */
export async function takeProject(desk: Desk, project: Project, withFile: boolean): Promise<void> {
  state.project.value = project;
  const waits = withFile || !desk.study;
  if (waits) state.folding.value = await foldingOf(desk.segmenter, project);
  say(`The project “${project.name}” was opened: ${plural(project.parts.length, "part")}.`);
  if (!waits) void makeAgain(desk).then(() => whatChanged(desk));
}

/** Makes the project's parts that are not there yet; what the file lacks for the others is shown. */
export async function makeAgain(desk: Desk): Promise<void> {
  const project = state.project.value;
  const { study } = desk;
  if (!project || !study) return;
  const { parameters } = contents(project.recipe);
  if (parameters) {
    await study.setParameters(parameters);
    state.parameters.value = parameters;
  }
  const made = new Set([...state.segments.value.map(({ name }) => name), ...project.made]);
  const { mapping, skip } = project;
  const { skipped, lacking } = await remake(study, project.recipe, { mapping, skip, done: [...made] }, async (one) => {
    await take(desk, one);
    made.add(one.part);
  });
  if (desk.study !== study) return;
  const otherwise = [...(await foldedElse(desk, project)), ...unrepaired(project)];
  state.project.value = { ...project, made: [...made], lacking, skipped: [...skipped, ...otherwise] };
}

/** What is told of a project whose orders were folded in another way than here. */
async function foldedElse({ segmenter, table }: Desk, project: Project): Promise<Skipped[]> {
  if (table?.kind !== "orders") return [];
  const wanted = await foldingOf(segmenter, project);
  const part = "How orders are folded";
  if (JSON.stringify(counted(table, wanted)) !== JSON.stringify(counted(table)))
    return [{ part, reason: "in the project other orders count than here, and sizes differ by that" }];
  const { lacking } = fitting(wanted.also ?? { columns: [] }, table.columns);
  if (lacking.length === 0) return [];
  const names = lacking.map((name) => `“${name}”`).join(", ");
  return [{ part, reason: `this file lacks ${names} as the project reads it, and sizes may differ by that` }];
}

/** Makes a project's repairs on a new file, as far as it has their columns: they can be looked at and undone there. */
export async function repairedAs(desk: Desk, project: Project, paper: Paper) {
  const names = new Set(paper.loaded.columns.map(({ name }) => name));
  const wanted = contents(project.recipe).repairs.filter(({ column }) => column === undefined || names.has(column));
  if (wanted.length === 0) return [];
  const done = await desk.run(`Repairing as in ${project.name}`, (job) => paper.loaded.repair(wanted, job));
  if (!done) return [];
  paper.table = done.table;
  return done.log.map((log, at) => ({ repair: wanted[at] as Repair, log }));
}

/** Repairs of a project that the file studied is without. */
function unrepaired(project: Project): Skipped[] {
  const made = new Set(state.leaves.value[lead.value]?.sheet.repairs.map(({ repair }) => JSON.stringify(repair)));
  const left = contents(project.recipe).repairs.filter((one) => !made.has(JSON.stringify(one)));
  return left.map(({ code, column }) => ({
    part: `Repair ${code}`,
    reason: column === undefined ? "not made on this file" : `not made on “${column}” of this file`,
  }));
}

/** Makes one part and shows it where the page has a place for it. */
async function take(desk: Desk, one: RecipePart): Promise<void> {
  if (one.kind === "segment" || one.kind === "snapshot") await takeIn(desk, await one.make());
  else if (one.kind === "grouping") await takeGroups(desk, one.of, await one.make());
  else await one.make();
}

async function takeGroups(desk: Desk, of: string, grouping: Grouping): Promise<void> {
  const { name, labels, sizes } = grouping;
  if (of === "rfm") return takeFrozen(desk, grouping as RfmGrouping);
  const first = desk.clustering === undefined || desk.clustering.name === name;
  if (of === "clusters" && first && (await takeClusters(desk, grouping as PlacedClusters))) return;
  // Clusters have none.
  const rules = contents(desk.study?.recipe).groupings.find((one) => one.name === name)?.tiers ?? [];
  desk.tiers.set(name, grouping);
  const shown = { name, labels, sizes, rules, ...(of !== "tiers" && { placed: true }) };
  state.tiers.value = [...state.tiers.value.filter((one) => one.name !== name), shown];
}

/** Once nothing waits for a column any more, what has changed since the project was saved. */
export async function whatChanged(desk: Desk): Promise<void> {
  const project = state.project.value;
  if (!desk.study || !project?.baseline || project.lacking.length > 0 || state.compared.value) return;
  await compareBaseline(desk, project.name, project.baseline);
  if (state.compared.value) go(desk, "changes");
}

/** Says what a column is called in this file. */
export async function mapColumn(desk: Desk, column: string, now: string): Promise<void> {
  const project = state.project.value;
  if (!project) return;
  state.project.value = { ...project, mapping: { ...project.mapping, [column]: now } };
  await makeAgain(desk);
  await whatChanged(desk);
}

/** Leaves every part out that uses a column. */
export async function skipColumn(desk: Desk, column: string): Promise<void> {
  const project = state.project.value;
  if (!project) return;
  state.project.value = { ...project, skip: [...project.skip, column] };
  await makeAgain(desk);
  say(`${plural(state.project.value?.skipped.length ?? 0, "part")} left out.`);
  await whatChanged(desk);
}

/** Takes a mapping back, or what was left out in: the question is asked anew. */
export async function askAgain(desk: Desk, remove: (name: string) => Promise<void>): Promise<void> {
  const project = state.project.value;
  if (!project) return;
  const names = Object.keys(project.mapping);
  const { segments, groupings } = contents(project.recipe);
  const uses = (part: object): boolean => names.some((name) => JSON.stringify(part).includes(JSON.stringify(name)));
  const again = [...groupings, ...segments].filter(uses).map(({ name }) => name);
  for (const name of again) await remove(name);
  const made = project.made.filter((name) => !again.includes(name));
  state.compared.value = null;
  state.project.value = { ...project, made, mapping: {}, skip: [], skipped: [] };
  await makeAgain(desk);
}
