/** What was asked of a generated file. */
export interface Asked {
  /** Bytes in all, and in the largest piece. */
  bytes: number;
  largest: number;
}

/** A file that is nowhere: its lines, all of one width, are made when they are asked for. */
export class GeneratedFile extends Blob {
  readonly asked: Asked = { bytes: 0, largest: 0 };
  readonly #size: number;

  /** So many rows below a header, each made of its number. Lines are filled up to `width` with a column of their own. */
  constructor(
    readonly header: string,
    readonly rows: number,
    readonly width: number,
    readonly line: (row: number) => string,
  ) {
    super();
    this.#size = (rows + 1) * width;
  }

  override get size(): number {
    return this.#size;
  }

  override slice(start = 0, end = this.#size): Blob {
    this.asked.bytes += end - start;
    this.asked.largest = Math.max(this.asked.largest, end - start);
    const first = Math.floor(start / this.width);
    const last = Math.ceil(end / this.width);
    let text = "";
    for (let at = first; at < last; at++) {
      const line = at === 0 ? `${this.header},fill` : `${this.line(at - 1)},`;
      text += `${line.padEnd(this.width - 1, at === 0 ? "_" : ".")}\n`;
    }
    return new Blob([text.slice(start - first * this.width, end - first * this.width)]);
  }
}
