import { beforeEach, describe, expect, it } from "vitest";
import type { Segmenter, Study } from "../engine.ts";
import { emptyDraft, state } from "../state.ts";
import { Desk } from "./desk.ts";
import { clearDraft, recount } from "./draft.ts";

function deskOf(segmenter: Partial<Segmenter>, study: Partial<Study> = {}): Desk {
  const desk = new Desk(segmenter as Segmenter);
  desk.study = study as Study;
  return desk;
}

beforeEach(() => {
  state.draft.value = emptyDraft();
});

describe("the error of a text that is no rule", () => {
  const refused = new Error("no rule");
  const wrong = { ...emptyDraft(), text: "frequency >" };

  it("is told", async () => {
    state.draft.value = wrong;
    await recount(deskOf({ parseRule: () => Promise.reject(refused) }, { count: () => Promise.reject(refused) }));
    expect(state.draft.value.errors).toMatchObject([{ at: 0, length: 11, message: "no rule" }]);
  });

  it("is not told of the empty draft that took its place while it was looked for", async () => {
    const count = (): Promise<never> => {
      clearDraft(true);
      return Promise.reject(refused);
    };
    state.draft.value = wrong;
    await recount(deskOf({ parseRule: () => Promise.reject(refused) }, { count }));
    expect(state.draft.value).toEqual(emptyDraft());
  });
});
