import { fail, messageOf } from "./errors.js";
import type { WorkerLike } from "./types/host.js";

/** The part of Trusted Types that is used; not every platform has or declares it. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;
let allowed: string | undefined;

/**
 * A worker from code that travels in this package. It makes no request, and as it comes from a blob: address it is
 * bound by the page's content security policy: what the page has forbidden itself, the worker cannot do either.
 */
export function startBlobWorker(source: string, name: string): WorkerLike {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return new Worker(trusted(url), { name });
  } catch (error) {
    const hint =
      "The page's content security policy must allow “worker-src blob:”, and the Trusted Types policy “marquetry” if it names policies.";
    throw fail(
      "csp-blocked",
      `The engine's worker could not be started. ${hint} (${messageOf(error)})`,
      { hint },
      error,
    );
  } finally {
    // The worker has taken its address by now; nobody else may.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

/** Where Trusted Types are on, an address must come from a policy. This one lets through the worker's own and no other. */
function trusted(url: string): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (types === undefined) return url;
  policy ??= types.createPolicy("marquetry", {
    createScriptURL: (asked) => {
      if (asked !== allowed) throw new TypeError("Only the engine's own worker may be started.");
      return asked;
    },
  });
  allowed = url;
  return policy.createScriptURL(url) as string;
}
