import type { Screen } from "../model.ts";
import { choices, reachable, state } from "../state.ts";
import type { Desk } from "./desk.ts";
import { profile } from "./results.ts";
import { showShapes } from "./setup.ts";
import { showPart } from "./value.ts";

/** Moves to a screen that can be visited; the profile screen shows the first choice by itself, those of clusters and value what they rest on. */
export function go(desk: Desk, screen: Screen): void {
  if (!reachable.value.has(screen)) return;
  state.screen.value = screen;
  if (screen === "clusters") void showShapes(desk);
  if (screen === "value") showPart(desk, state.part.value);
  const first = choices.value[0];
  if (screen === "profile" && !state.profiled.value && first) void profile(desk, first.key);
}
