/** Bytes that go into one Blob while more are still to come. */
const PIECE = 16 << 20;

/** Bytes on their way into a Blob. Now and then those so far become a Blob of their own, which the browser may keep on disk. */
export class Spool {
  #blobs: Blob[] = [];
  #parts: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;

  push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#parts.push(bytes);
    this.#size += bytes.byteLength;
    if (this.#size < PIECE) return;
    this.#blobs.push(new Blob(this.#parts));
    this.#parts = [];
    this.#size = 0;
  }

  /** All of them, in order. */
  blob(type = ""): Blob {
    return new Blob([...this.#blobs, ...this.#parts], { type });
  }
}
