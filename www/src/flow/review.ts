/** Are there segments that one might do without? Asked when a person wants to know: it compares all with all. */
import { plural } from "../format.ts";
import { definitions, state } from "../state.ts";
import { type Desk, say } from "./desk.ts";

export async function review(desk: Desk): Promise<void> {
  const { study } = desk;
  if (!study) return;
  await desk.scratch;
  const hints = await desk.run("Comparing segments with each other", (job) => study.review(job));
  if (!hints || desk.study !== study) return;
  state.review.value = { definitions: definitions.value, hints };
  say(hints.length === 0 ? "No segment seems to be one too many." : plural(hints.length, "hint"));
}
