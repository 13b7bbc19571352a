import type { Screen } from "../model.ts";
import { choices, reachable, state } from "../state.ts";
import type { Desk } from "./desk.ts";
import { profile } from "./results.ts";
import { showShapes } from "./setup.ts";

/** Moves to a screen that can be visited; the profile screen shows the first choice by itself, that of clusters its columns. */
export function go(desk: Desk, screen: Screen): void {
  if (!reachable.value.has(screen)) return;
  state.screen.value = screen;
  if (screen === "clusters") void showShapes(desk);
  const first = choices.value[0];
  if (screen === "profile" && !state.profiled.value && first) void profile(desk, first.key);
}
