/** Where the trouble is, as plain data. */
export interface ErrorDetails {
  /** Row of the file, counted from 1 without the header. */
  row?: number;
  column?: string;
  /** Line of the file, counted from 1. */
  line?: number;
  /** Position in a rule's text, in UTF-16 units. */
  at?: number;
  limit?: number;
  /** What to do next. */
  hint?: string;
  [more: string]: unknown;
}

/** What went wrong: a stable `code` (listed in docs/ERRORS.md), a sentence for a person, and the place as data. */
export class MarquetryError extends Error {
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = "MarquetryError";
    this.code = code;
    this.details = details;
  }
}

/** The codes that arise outside the core; the core has its own. docs/ERRORS.md explains both. */
export type WrapperCode =
  | "asset-not-found"
  | "bad-option"
  | "bad-source"
  | "bad-workbook"
  | "closed"
  | "csp-blocked"
  | "engine-crashed"
  | "engine-restarted"
  | "limit-exceeded"
  | "not-found"
  | "not-text"
  | "source-unreadable"
  | "unknown-column"
  | "unsupported"
  | "wrong-type";

/** An error that arises in this wrapper. */
export function fail(code: WrapperCode, message: string, details?: ErrorDetails, cause?: unknown): MarquetryError {
  return new MarquetryError(code, message, details, cause === undefined ? undefined : { cause });
}

/** Refuses what should be text and is not, before it reaches an engine that it would break. */
export function requireTexts(params: object, names: readonly string[]): void {
  for (const [name, value] of Object.entries(params)) {
    if (names.includes(name) && value !== undefined && typeof value !== "string") {
      throw fail("bad-option", `“${name}” must be text, found ${value === null ? "null" : typeof value}.`);
    }
  }
}

/** Refuses options that are to be numbers and are not: JSON would make nothing of them, silently. Infinity is no count. */
export function requireNumbers(params: object, names: readonly string[]): void {
  for (const [name, value] of Object.entries(params)) {
    if (names.includes(name) && value !== undefined && (typeof value !== "number" || !Number.isFinite(value))) {
      throw fail("bad-option", `“${name}” must be a number, found ${String(value)}.`);
    }
  }
}

/** Refuses a seed that JavaScript cannot hold exactly: it would be another one. */
export function requireSeed({ seed }: { seed?: number | undefined }): void {
  if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0)) {
    throw fail("bad-option", `“seed” must be a whole number from 0 to 2^53 − 1, found ${String(seed)}.`);
  }
}

/** Refuses what is no row number; whether there is such a row is for the engine to say. */
export function requireRow(row: number): void {
  if (!Number.isInteger(row) || row < 0 || row > 0xffffffff) {
    throw fail("bad-option", `There is no row ${String(row)}; rows are whole numbers from 0.`);
  }
}

/** The error of a stopped request. It always is an "AbortError", whatever reason the signal carries. */
export function aborted(signal?: AbortSignal): DOMException {
  const error = new DOMException("The work was stopped as asked.", "AbortError");
  const reason: unknown = signal?.reason;
  if (reason !== undefined && !(reason instanceof DOMException && reason.name === "AbortError")) {
    Object.defineProperty(error, "cause", { value: reason, configurable: true });
  }
  return error;
}

/** Whether something thrown is the error of a stopped request. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The error of everything that is asked of a closed segmenter. */
export function closed(what = "segmenter"): MarquetryError {
  return fail(
    "closed",
    `This ${what} is closed. ${what === "segmenter" ? "Make a new one with createSegmenter()." : "Load or make it again."}`,
  );
}
