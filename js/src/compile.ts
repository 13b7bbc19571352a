import { fail, messageOf } from "./errors.js";
import type { BytesLike, EngineModule, EngineSource } from "./types/host.js";

/** Gets the bytes behind an address; each platform has its own way. */
export type Fetch = (address: URL | string) => Promise<ArrayBuffer>;

const HINT =
  "Serve “marquetry/engine.wasm” and give its address as createSegmenter({ wasm }). In Vite before version 8 put marquetry into optimizeDeps.exclude.";

/** Compiles the engine from wherever it comes; a compiled module is taken as it is. */
export async function compile(source: EngineSource, fetchBytes: Fetch): Promise<EngineModule> {
  if (Object.prototype.toString.call(source) === "[object WebAssembly.Module]") return source as EngineModule;
  const from = typeof source === "string" || source instanceof URL ? source : undefined;
  const bytes = from === undefined ? (source as BytesLike) : await fetchBytes(from);
  if (!(bytes instanceof ArrayBuffer || ArrayBuffer.isView(bytes))) {
    throw fail(
      "bad-option",
      "The option “wasm” takes an address, the engine's bytes, or the module from loadEngine().",
    );
  }
  checkMagic(bytes, from);
  try {
    return await WebAssembly.compile(bytes as BufferSource);
  } catch (error) {
    throw notCompiled(error);
  }
}

/** The error for an address that does not give the engine. */
export function notFound(address: URL | string, what: string, cause?: unknown): Error {
  return fail(
    "asset-not-found",
    `The engine was not found at ${address}: ${what}. ${HINT}`,
    { url: String(address), hint: HINT },
    cause,
  );
}

/** Every module begins with a zero byte and "asm"; development servers like to answer with a page instead. */
function checkMagic(bytes: BytesLike, from: URL | string | undefined): void {
  const head =
    bytes instanceof ArrayBuffer
      ? new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength))
      : new Uint8Array(bytes.buffer, bytes.byteOffset, Math.min(4, bytes.byteLength));
  if (String.fromCharCode(...head) === "\0asm") return;
  throw notFound(from ?? "the given bytes", "what is there is not WebAssembly");
}

function notCompiled(error: unknown): Error {
  const message = messageOf(error);
  if (/content security policy|unsafe-eval|disallowed by embedder/i.test(message)) {
    const hint = "The page's content security policy must allow “script-src 'wasm-unsafe-eval'”.";
    return fail("csp-blocked", `The engine could not be compiled. ${hint}`, { hint }, error);
  }
  return fail(
    "unsupported",
    `This platform cannot run the engine; it needs WebAssembly with SIMD. (${message})`,
    {},
    error,
  );
}
