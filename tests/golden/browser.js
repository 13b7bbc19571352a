// The golden line in a browser; see tests/golden.mjs.
import { clusteredCrowd, golden } from "./shop.mjs";

globalThis.run = async () => golden((await import("/marquetry/index.js")).createSegmenter);
globalThis.crowd = async (workers) => clusteredCrowd((await import("/marquetry/index.js")).createSegmenter, workers);
