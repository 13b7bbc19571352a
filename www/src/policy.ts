/** The two content security policies of the page: one to load under, one to work under. */

const TRUSTED = "require-trusted-types-for 'script'; trusted-types marquetry marquetry-self-test";

/** While the page loads: its own files and nothing else. Stands in the HTML as the first meta element. */
export const FIRST_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src blob:",
  "form-action 'none'",
  "base-uri 'none'",
  TRUSTED,
].join("; ");

/**
 * From the lock on: no request of any kind, not even to the page's own origin. `connect-src 'none'` alone would leave
 * import(), scripts, style sheets, fonts and preloads open; `default-src 'none'` shuts those too.
 */
export const LOCKED_POLICY = [
  "default-src 'none'",
  "script-src 'wasm-unsafe-eval'",
  "worker-src blob:",
  "img-src data: blob:",
  "form-action 'none'",
  "base-uri 'none'",
].join("; ");
