/**
 * A saved project on a new file: its segments are made again as they were. A column that the file lacks is never guessed: the
 * person says which one it is now, or leaves the segments out that use it.
 */
import { MarquetryError, mapRule } from "../engine.ts";
import { plural } from "../format.ts";
import type { Project, Role } from "../model.ts";
import { state } from "../state.ts";
import { type Desk, inWords, say } from "./desk.ts";
import { addRule } from "./segments.ts";

/** Larger files are tables: a project holds no rows. */
const MOST_BYTES = 4e6;

/** The project that a file holds; nothing for any other file. */
export async function asProject(file: File): Promise<Project | undefined> {
  if (!/\.json$/i.test(file.name) || file.size > MOST_BYTES) return undefined;
  try {
    const saved = JSON.parse(await file.text());
    const { version, segments, groupings, columns } = saved;
    if (version !== 1 || ![segments, groupings, columns].every(Array.isArray)) return undefined;
    return {
      name: file.name,
      segments: segments.map(({ name, rule }: Project["segments"][number]) => ({ name, rule })),
      anew: groupings.map(({ name }: { name: string }) => name),
      columns: columns.map(({ name, role }: { name: string; role: Role }) => ({ name, role })),
      mapping: {},
      lacking: [],
      skipped: [],
    };
  } catch {
    return undefined;
  }
}

/** Takes a project in: at once where customers are studied, otherwise once they are. */
export function takeProject(desk: Desk, project: Project): void {
  state.project.value = project;
  say(`The project “${project.name}” was opened: ${plural(project.segments.length, "segment")}.`);
  if (desk.study) void makeAgain(desk);
}

/** Makes the project's segments that are not there yet; what the file lacks for the others is shown. */
export async function makeAgain(desk: Desk): Promise<void> {
  const project = state.project.value;
  const { study } = desk;
  if (!project || !study) return;
  const there = new Set(state.segments.value.map(({ name }) => name));
  const lacking = new Map<string, Project["lacking"][number]>();
  for (const { name, rule } of project.segments) {
    if (there.has(name) || project.skipped.includes(name)) continue;
    try {
      await addRule(desk, name, mapRule(rule, project.mapping));
    } catch (error) {
      const { column, suggestions } = error instanceof MarquetryError ? error.details : {};
      if (column === undefined) {
        state.problem.value = inWords(error);
        continue;
      }
      const known = lacking.get(column) ?? { column, parts: [], suggestions: meant(project, column, suggestions) };
      lacking.set(column, { ...known, parts: [...known.parts, name] });
    }
  }
  if (desk.study === study) state.project.value = { ...project, lacking: [...lacking.values()] };
}

/** Columns that may be meant: those of the same meaning, then those of nearly the same name. */
function meant(project: Project, column: string, near: unknown): string[] {
  const role = project.columns.find(({ name }) => name === column)?.role ?? "other";
  const same = (state.study.value?.columns ?? []).filter((one) => role !== "other" && one.role === role);
  return [...new Set([...same.map(({ name }) => name), ...(Array.isArray(near) ? (near as string[]) : [])])];
}

/** Says what a column is called in this file. */
export async function mapColumn(desk: Desk, column: string, now: string): Promise<void> {
  const project = state.project.value;
  if (!project) return;
  state.project.value = { ...project, mapping: { ...project.mapping, [column]: now } };
  await makeAgain(desk);
}

/** Leaves out every segment that uses a column. */
export function skipColumn(column: string): void {
  const project = state.project.value;
  if (!project) return;
  const parts = project.lacking.find((one) => one.column === column)?.parts ?? [];
  const lacking = project.lacking.filter((one) => one.column !== column);
  state.project.value = { ...project, lacking, skipped: [...project.skipped, ...parts] };
  say(`${plural(parts.length, "segment")} left out.`);
}

/** Takes a mapping back, or what was left out in: the question is asked anew. */
export async function askAgain(desk: Desk, remove: (name: string) => Promise<void>): Promise<void> {
  const project = state.project.value;
  if (!project) return;
  const names = new Set(Object.keys(project.mapping));
  const uses = (rule: unknown): boolean =>
    [...names].some((name) => JSON.stringify(rule).includes(JSON.stringify(name)));
  for (const { name, rule } of project.segments) if (uses(rule)) await remove(name);
  state.project.value = { ...project, mapping: {}, skipped: [] };
  await makeAgain(desk);
}
