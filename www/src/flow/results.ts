/** What leaves the study: profiles to look at and files to take along. */
import type { ExportChoice } from "../actions.ts";
import { download } from "../download.ts";
import { choices, state } from "../state.ts";
import { type Desk, say } from "./desk.ts";

export async function profile(desk: Desk, key: string): Promise<void> {
  const { study } = desk;
  const handle = desk.handle(key);
  const choice = choices.value.find((one) => one.key === key);
  if (!study || !handle || !choice) return;
  const profiles = await desk.run(`Profiling ${choice.name}`, (job) => study.profile(handle, job));
  if (!profiles || desk.study !== study) return;
  const names = key === "clusters" ? state.clusters.value?.clusters : undefined;
  state.profiled.value = {
    key,
    name: choice.name,
    kind: choice.kind,
    profiles: profiles.map((one, index) => ({ ...one, label: names?.[index]?.name ?? one.label })),
    customers: desk.customers?.rowCount ?? 0,
  };
}

const SUFFIX: Record<ExportChoice["what"], string> = {
  rows: "segments",
  members: "members",
  recipe: "recipe",
  baseline: "project",
};

export async function exportFile(desk: Desk, choice: ExportChoice): Promise<void> {
  const { study, file } = desk;
  if (!study || !file) return;
  const { what, columns, escapeFormulas, delimiter } = choice;
  const segments = choice.groups.map((key) => desk.handle(key)).filter((handle) => handle !== undefined);
  const options =
    what === "recipe" || what === "baseline"
      ? ({ what, format: "json", ...(what === "recipe" && { segments }) } as const)
      : ({ what, format: "csv", segments, columns, escapeFormulas, delimiter } as const);
  await desk.scratch;
  const blob = await desk.run("Writing the file", (job) => study.export({ ...options, ...job }));
  if (!blob) return;
  const base = file.name.replace(/(\.(csv|tsv|txt|gz))+$/i, "");
  const name = `${base}-${SUFFIX[what]}.${options.format}`;
  download(blob, name);
  say(`${name} was handed to your browser’s downloads`);
}
