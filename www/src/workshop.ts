/** Everything behind the first screen, as one part that is loaded after it and before the lock. */
export { createSegmenter, loadEngine, loadExchange, loadWorkbook } from "./engine.ts";
export { createFlow } from "./flow/flow.ts";
export { screens } from "./views/screens.ts";
