/** What holds for every rule of the study: parameters by name, and whom everything leaves out. */
import type { Exclusion, RuleParameters } from "../engine.ts";
import { plural } from "../format.ts";
import { state } from "../state.ts";
import { type Desk, inWords, say } from "./desk.ts";
import { recount } from "./draft.ts";
import { compare, refreshSegments } from "./segments.ts";

/** Sets what rules call by name, in place of all there was. */
export async function setParameters(desk: Desk, parameters: RuleParameters): Promise<void> {
  const { study } = desk;
  if (!study) return;
  await changed(desk, () => study.setParameters(parameters));
  state.parameters.value = study.parameters;
}

/** Leaves out those for whom a rule is true or whom a file lists by id, address or telephone number; or nobody. */
export async function exclude(desk: Desk, whom: string | File | null): Promise<void> {
  await changed(desk, async () => {
    const exclusion = await leaveOut(desk, whom);
    desk.excluded = whom;
    state.exclusion.value = exclusion;
    say(exclusion ? `${plural(exclusion.rows, "customer")} left out everywhere` : "Nobody is left out");
  });
}

/** The same in a study that was made again. */
export async function excludeAgain(desk: Desk): Promise<void> {
  state.exclusion.value = await leaveOut(desk, desk.excluded);
}

async function leaveOut({ study, segmenter }: Desk, whom: string | File | null): Promise<Exclusion | null> {
  if (!study) return null;
  if (!(whom instanceof File)) return study.exclude(whom);
  const list = await segmenter.load(whom, { name: whom.name });
  try {
    return await study.exclude(list);
  } finally {
    await list.close();
  }
}

/** Does it, and looks at everything anew that it may have changed. */
async function changed(desk: Desk, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
    state.problem.value = null;
    refreshSegments(desk);
    await compare(desk);
    state.profiled.value = null;
    await recount(desk);
  } catch (error) {
    state.problem.value = inWords(error);
  }
}
