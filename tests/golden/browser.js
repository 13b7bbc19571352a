// The golden line in a browser; see tests/golden.mjs.
import { golden } from "./shop.mjs";

globalThis.run = async () => golden((await import("/marquetry/index.js")).createSegmenter);
