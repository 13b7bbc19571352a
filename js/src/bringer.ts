// What runs in the thread that brings a file's bytes: asked for a piece, it answers with it, or without where it cannot.

/** A piece that is asked for. */
export interface Asked {
  id: number;
  blob: Blob;
  start: number;
  end: number;
}

/** The answer; why there are no bytes finds out who reads the piece himself. */
export interface Brought {
  id: number;
  bytes: ArrayBuffer | undefined;
}

/** What a worker's global scope offers. */
interface Scope {
  onmessage: ((event: { data: Asked }) => void) | null;
  postMessage(message: Brought, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;

scope.onmessage = async ({ data: { id, blob, start, end } }) => {
  const bytes = await blob
    .slice(start, end)
    .arrayBuffer()
    .catch(() => undefined);
  scope.postMessage({ id, bytes }, bytes ? [bytes] : []);
};

// Whoever asks before this would wait for the thread to start.
scope.postMessage({ id: 0, bytes: undefined }, []);
