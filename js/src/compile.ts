import { fail, messageOf } from "./errors.js";
import type { BytesLike, EngineModule, EngineSource } from "./types/host.js";

/** The modules of the package, and the options that say where they come from. */
const OPTIONS = { engine: "wasm", exchange: "exchange", workbook: "workbook" } as const;
export type Asset = keyof typeof OPTIONS;
const NAMES = { engine: "engine", exchange: "translator of rules", workbook: "reader of workbooks" } as const;

/** Gets the bytes behind an address; each platform has its own way. */
export type Fetch = (address: URL | string, asset: Asset) => Promise<ArrayBuffer>;

/** Compiles a module from wherever it comes; a compiled one is taken as it is. */
export async function compile(asset: Asset, source: EngineSource, fetchBytes: Fetch): Promise<EngineModule> {
  if (Object.prototype.toString.call(source) === "[object WebAssembly.Module]") return source as EngineModule;
  const from = typeof source === "string" || source instanceof URL ? source : undefined;
  const bytes = from === undefined ? (source as BytesLike) : await fetchBytes(from, asset);
  if (!(bytes instanceof ArrayBuffer || ArrayBuffer.isView(bytes))) {
    throw fail(
      "bad-option",
      `The option “${OPTIONS[asset]}” takes an address, the module's bytes, or the module when it is compiled.`,
    );
  }
  checkMagic(asset, bytes, from);
  try {
    return await WebAssembly.compile(bytes as BufferSource);
  } catch (error) {
    throw notCompiled(asset, error);
  }
}

/** The error for an address that does not give the module. */
export function notFound(asset: Asset, address: URL | string, what: string, cause?: unknown): Error {
  const hint = `Serve “marquetry/${asset}.wasm” and give its address as createSegmenter({ ${OPTIONS[asset]} }). In Vite before version 8 put marquetry into optimizeDeps.exclude.`;
  const message = `The ${NAMES[asset]} was not found at ${address}: ${what}. ${hint}`;
  return fail("asset-not-found", message, { url: String(address), hint }, cause);
}

/** Every module begins with a zero byte and "asm"; development servers like to answer with a page instead. */
function checkMagic(asset: Asset, bytes: BytesLike, from: URL | string | undefined): void {
  const head =
    bytes instanceof ArrayBuffer
      ? new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength))
      : new Uint8Array(bytes.buffer, bytes.byteOffset, Math.min(4, bytes.byteLength));
  if (String.fromCharCode(...head) === "\0asm") return;
  throw notFound(asset, from ?? "the given bytes", "what is there is not WebAssembly");
}

function notCompiled(asset: Asset, error: unknown): Error {
  const message = messageOf(error);
  if (/content security policy|unsafe-eval|disallowed by embedder/i.test(message)) {
    const hint = "The page's content security policy must allow “script-src 'wasm-unsafe-eval'”.";
    return fail("csp-blocked", `The ${asset} could not be compiled. ${hint}`, { hint }, error);
  }
  return fail(
    "unsupported",
    `This platform cannot run the ${asset}; it needs WebAssembly with SIMD. (${message})`,
    {},
    error,
  );
}
