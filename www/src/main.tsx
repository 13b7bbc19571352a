/** Starts the page: shut the doors, draw, load the engine, lock, and only then let a file in. */
import { hydrate } from "preact";
import { createSegmenter, loadEngine, type Segmenter } from "./engine.ts";
import { createFlow } from "./flow.ts";
import { lock, removeDoors, watchRequests } from "./lock.ts";
import { state } from "./state.ts";
import { App } from "./views/App.tsx";

removeDoors();
watchRequests((resources) => void (state.lock.value = { ...state.lock.value, resources }));

const actions = createFlow(start());
hydrate(<App actions={actions} picture={SAMPLE_PICTURE} />, document.getElementById("app") as HTMLElement);
acceptDrops();

/** The order is the promise: the engine is compiled, the page locked, the worker started, and only then a file read. */
async function start(): Promise<Segmenter> {
  try {
    const wasm = await loadEngine();
    if (document.readyState !== "complete") await new Promise((resolve) => addEventListener("load", resolve, { once: true }));
    const at = lock();
    const segmenter = await createSegmenter({ wasm });
    state.lock.value = { ...state.lock.value, phase: "locked", at };
    return segmenter;
  } catch (error) {
    const message = `The engine could not be started: ${error instanceof Error ? error.message : String(error)}. Load the page again; a current browser is needed.`;
    state.lock.value = { ...state.lock.value, phase: "failed", message };
    throw error;
  }
}

/** The whole window takes a file. Anything else that is dropped is left alone. */
function acceptDrops(): void {
  const holdsFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  let depth = 0;
  const mark = (change: number): void => {
    depth = Math.max(0, depth + change);
    document.body.classList.toggle("dropping", depth > 0);
  };
  addEventListener("dragenter", (event) => holdsFile(event) && mark(1));
  addEventListener("dragleave", (event) => holdsFile(event) && mark(-1));
  addEventListener("dragover", (event) => holdsFile(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    depth = 0;
    mark(0);
    const file = event.dataTransfer?.files[0];
    if (file) actions.open(file);
  });
}
