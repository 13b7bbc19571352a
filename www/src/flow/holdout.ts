/** A control group: who is kept out of a campaign, so that what it does can be seen. The same customers every time. */
import type { HoldoutSetup } from "../changes/shapes.ts";
import type { Grouping, Holdout, Segment } from "../engine.ts";
import { state } from "../state.ts";
import { type Desk, type Job, say } from "./desk.ts";

export async function drawHoldout(desk: Desk, setup: HoldoutSetup): Promise<void> {
  const { study } = desk;
  const found = await desk.run("Drawing a control group", (job) => holdoutOf(desk, setup, job));
  if (!found || desk.study !== study) return;
  desk.holdout = found;
  const { column, control, treated, strata, needed, sentence, notices } = found;
  const group = { asked: setup, column, control, treated, strata, sentence, notices };
  state.holdout.value = { ...group, ...(needed && { needed }) };
  say(sentence);
}

export async function holdoutOf(desk: Desk, setup: HoldoutSetup, job: Job): Promise<Holdout | undefined> {
  const { of, share, by, rate, lift } = setup;
  const segment = of === "" ? undefined : (desk.handle(of) as Segment | undefined);
  const stratifyBy = by === "" ? undefined : (desk.handle(by) as Grouping | undefined);
  const asked = { share, rate, lift, ...(segment && { of: segment }), ...(stratifyBy && { stratifyBy }) };
  return desk.study?.holdout({ ...asked, ...job });
}
