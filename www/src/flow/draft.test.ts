import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MarquetryError, type RuleJson, type Segmenter, type Study } from "../engine.ts";
import { emptyDraft, state } from "../state.ts";
import { Desk } from "./desk.ts";
import { clearDraft, recount, rewrite } from "./draft.ts";

function deskOf(segmenter: Partial<Segmenter>, study: Partial<Study> = {}): Desk {
  const desk = new Desk(segmenter as Segmenter);
  desk.study = study as Study;
  return desk;
}

beforeEach(() => {
  // What an edit leaves to be counted later is no matter of these tests.
  vi.useFakeTimers();
  clearDraft(false);
});
afterEach(() => {
  vi.useRealTimers();
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

describe("a part written as text", () => {
  const [old, now] = ["a", "b"].map((field): RuleJson => ({ field, operator: "=", value: 1 })) as [RuleJson, RuleJson];
  const root: RuleJson = { combinator: "and", rules: [old] };
  const parseRule = async () => ({ rule: { combinator: "and", rules: [now] } as RuleJson, errors: [] });

  it("takes the place of the part, as one step that can be undone", async () => {
    state.draft.value = { ...emptyDraft(), rule: root };
    await rewrite(deskOf({ parseRule, formatRule: async () => "b = 1" }), old, "b = 1");
    expect(state.draft.value.rule).toEqual({ combinator: "and", rules: [now] });
    expect(state.history.value.past).toHaveLength(1);
  });

  it("changes nothing where the part is gone, and is no step", async () => {
    state.draft.value = { ...emptyDraft(), rule: { combinator: "and", rules: [{ ...old }] } };
    const { value } = state.draft;
    await rewrite(deskOf({ parseRule }), old, "b = 1");
    expect(state.draft.value).toBe(value);
    expect(state.history.value.past).toHaveLength(0);
    expect(state.said.value).toMatch(/not taken/);
  });

  it("has the engine made again that died over it", async () => {
    state.draft.value = { ...emptyDraft(), rule: root };
    const desk = deskOf({ parseRule: () => Promise.reject(new MarquetryError("engine-crashed", "It died.", {})) });
    let revived = 0;
    desk.revive = async () => void revived++;
    await rewrite(desk, old, "b = 1");
    expect(revived).toBe(1);
    expect(state.draft.value.rule).toBe(root);
  });
});
