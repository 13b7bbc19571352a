/**
 * Starts the page: shut the doors, draw, load everything else, lock, and only then let a file in.
 * The first screen does not wait for the rest, but the lock does: after it nothing can be loaded any more.
 */
import { hydrate } from "preact";
import type { Actions } from "./actions.ts";
import { acceptDrops } from "./drops.ts";
import { lock, removeDoors, watchRequests } from "./lock.ts";
import { state } from "./state.ts";
import { App } from "./views/App.tsx";

removeDoors();
watchRequests((resources) => {
  state.lock.value = { ...state.lock.value, resources };
});

let flow: Actions | undefined;
const starting = start();
/** What is clicked before everything is there waits for it. */
const actions = new Proxy({} as Actions, {
  get: (_, name: keyof Actions) =>
    flow
      ? flow[name]
      : (...values: never[]) => void starting.then((ready) => (ready[name] as (...values: never[]) => void)(...values)),
});
hydrate(<App actions={actions} picture={SAMPLE_PICTURE} />, document.getElementById("app") as HTMLElement);
acceptDrops((files) => {
  if (!flow) state.waiting.value = `“${files[0]?.name}” waits until the page has locked itself.`;
  // What is dropped on the screen of changes is compared, not opened.
  if (state.screen.value === "changes" && files[0]) actions.compareFile(files[0]);
  else actions.open(files);
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.running.value) actions.cancel();
});

/** The order is the promise: everything is loaded, the page locked, the worker started, and only then a file read. */
async function start(): Promise<Actions> {
  try {
    const { createFlow, createSegmenter, loadEngine, loadExchange, loadWorkbook, screens } = await import(
      "./workshop.ts"
    );
    const [wasm, exchange, workbook] = await Promise.all([loadEngine(), loadExchange(), loadWorkbook()]);
    if (document.readyState !== "complete")
      await new Promise((resolve) => addEventListener("load", resolve, { once: true }));
    const at = lock();
    const segmenter = await createSegmenter({ wasm, exchange, workbook });
    flow = createFlow(segmenter);
    state.screens.value = screens;
    state.lock.value = { ...state.lock.value, phase: "locked", at };
    return flow;
  } catch (error) {
    const message = `The engine could not be started: ${error instanceof Error ? error.message : String(error)}. Load the page again; a current browser is needed.`;
    state.lock.value = { ...state.lock.value, phase: "failed", message };
    state.waiting.value = null;
    state.problem.value = { message };
    return new Promise(() => undefined);
  }
}
