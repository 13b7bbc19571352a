export { type ErrorDetails, MarquetryError } from "./errors.js";
export type * from "./types/entry.js";
export type * from "./types/groupings.js";
export type * from "./types/host.js";
export type * from "./types/read.js";
export type * from "./types/rules.js";
export type * from "./types/study.js";
export type * from "./types/table.js";
export type * from "./types/value.js";
