import { type ByteSource, bytesOf } from "./bytes.js";
import { fail } from "./errors.js";
import type { Origin, ReadParams, ReadSettings, WireSource } from "./protocol.js";
import { drive, type Run, type Stepped } from "./run.js";
import { tooLarge } from "./source.js";
import type { EngineModule } from "./types/host.js";
import type { LoadOptions, SheetInfo } from "./types/read.js";
import { openWorkbook } from "./wasm.js";
import { entries } from "./zip.js";

/** What a workbook tells of itself, besides its text. */
interface Story extends Origin {
  sheets: SheetInfo[];
  /** Rows written, and rows of the whole sheet. */
  rows: number;
  ofRows: number;
  /** Whether numbers with decimals were written, with a point. */
  decimals: boolean;
}

/** A workbook as text with one row a line, and how that is to be read. */
export interface Unfolded {
  source: Blob;
  options: ReadSettings;
  story: Story;
}

/** Share of the whole reading that is over when the workbook is text. */
const SHARE = 0.6;

/** How much of either end of an archive is searched for the names of a workbook's parts. */
const ENDS = 1 << 16;

/** Whether a source is a workbook, old ones and those with a password included: by its content, unless the caller says. */
export async function isWorkbook(source: WireSource, { format = "auto" }: LoadOptions): Promise<boolean> {
  if (format !== "auto") return format === "xlsx" || format === "ods";
  const bytes = bytesOf(source);
  const magic = await text(bytes, 0, 4);
  if (magic === "\xD0\xCF\x11\xE0") return true;
  if (magic !== "PK\x03\x04") return false;
  const ends = (await text(bytes, 0, ENDS)) + (await text(bytes, bytes.size - ENDS, bytes.size));
  return ends.includes("[Content_Types].xml") || ends.includes("opendocument.spreadsheet");
}

/** Bytes as characters, one each. */
async function text(bytes: ByteSource, start: number, end: number): Promise<string> {
  const piece = await bytes.read(Math.max(0, start), Math.min(end, bytes.size));
  return new TextDecoder("latin1").decode(piece);
}

/** Turns a sheet into text, all of it or its first rows. */
export async function unfold(
  module: EngineModule,
  { source, options }: ReadParams,
  limit: number,
  run: Run,
  mostRows?: number,
): Promise<Unfolded> {
  const bytes = bytesOf(source);
  if (bytes.size > limit) throw tooLarge(limit);
  const { emitted, done } = await written(module, bytes, options, run, mostRows);
  const story = done as Story;
  const text = emitted.blob();
  if (text.size > limit) throw tooLarge(limit);
  const { format, findings, questions } = story;
  return {
    source: text,
    // How the text is written is known; what its first row means is not.
    options: {
      ...options,
      format: "csv",
      encoding: "utf-8",
      delimiter: ",",
      quote: '"',
      escape: "",
      ...(story.decimals && { decimal: "." as const }),
      origin: { format, findings, questions },
    },
    story,
  };
}

/** Where bytes lie, from and to. */
type Range = [start: number, end: number];

/** The sheet as text. Its first rows are written from its beginning; where that is not enough, from the whole file. */
async function written(module: EngineModule, bytes: ByteSource, options: LoadOptions, run: Run, mostRows?: number) {
  if (mostRows !== undefined) {
    const first = await beginning(bytes).catch(() => undefined);
    const output = first && (await convert(module, bytes, first, options, run, mostRows).catch(() => undefined));
    run.check();
    if (output) return output;
  }
  return convert(module, bytes, [[0, bytes.size]], options, run, mostRows);
}

/** Packed bytes of a sheet that are more than enough for its first rows. */
const ENOUGH = 3 << 20;

/** A workbook with only the beginning of long sheets; nothing where no sheet is long. */
async function beginning(bytes: ByteSource): Promise<Range[] | undefined> {
  const sheets = (await entries(bytes)).filter(({ name, packed }) => packed > ENOUGH && /\/worksheets\//i.test(name));
  if (sheets.length === 0) return undefined;
  const ranges: Range[] = [];
  let from = 0;
  for (const { at, packed } of sheets.sort((one, other) => one.at - other.at)) {
    ranges.push([from, at + ENOUGH]);
    from = at + packed;
  }
  return [...ranges, [from, bytes.size]];
}

/** Bytes that are handed over at once. */
const PIECE = 4 << 20;

/** Whatever breaks this instance is the fault of the file, and nothing else lives in it. */
async function convert(
  module: EngineModule,
  bytes: ByteSource,
  ranges: Range[],
  options: LoadOptions,
  run: Run,
  mostRows?: number,
) {
  try {
    const book = openWorkbook(module, bytes.size, options.sheet, mostRows);
    for (const [start, end] of ranges) {
      for (let at = start; at < end; at += PIECE) {
        book.put(at, await bytes.read(at, Math.min(at + PIECE, end)));
        run.check();
      }
    }
    const jobs: Stepped = { step: () => book.step(), feed: () => undefined, dropJob: () => undefined };
    return await drive(jobs, 0, part(run));
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
    const hint = "Open it in a spreadsheet program, save it again, and load the copy; or save the sheet as CSV.";
    const message = `The workbook cannot be read: it is damaged, or too large for the memory there is. ${hint}`;
    throw fail("bad-workbook", message, { hint }, error);
  }
}

/** The first part of a longer run. */
function part(run: Run): Run {
  return { ...run, report: (progress) => run.report({ ...progress, ratio: progress.ratio * SHARE }) };
}
