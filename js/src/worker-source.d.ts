/** The worker's bundled code; `scripts/build.mjs` makes this module. */
export declare const workerSource: string;
