import type { Bring } from "./bring.js";
import { type ByteSource, ReadAhead } from "./bytes.js";
import type { Method, Params, Result } from "./protocol.js";
import type { Reading } from "./reread.js";
import type { Run } from "./run.js";
import type { Native } from "./wasm.js";

/** What requests are answered from: a session, and what its tables were read from. */
export interface Desk {
  native: Native;
  /** By table. Original cells are read from there again. */
  sources: Map<number, ByteSource>;
  /** By table: how it was read, for repairs that read the file again. */
  readings: Map<number, Reading>;
  /** How the bytes of a long file come. */
  bring: Bring;
}

/** How requests are answered, by method. */
export type Answers<M extends Method> = {
  [K in M]: (desk: Desk, params: Params<K>, run: Run) => Result<K> | Promise<Result<K>>;
};

/** The source of a table for one job. */
export function sourceOf(desk: Desk, table: number): ReadAhead | undefined {
  const source = desk.sources.get(table);
  return source && new ReadAhead(source);
}
