/** Long loops over rows, without the page standing still. */

/** Rows between two looks at the clock; the slowest loops take some 100 ns a row. */
const SLICE = 1 << 15;
/** So long may loops hold the page, in milliseconds: less than a frame. */
const MOST = 12;

/** When the page could last draw and answer; loops that follow each other share it. */
let free = 0;

/** Does the work for all rows from 0, slice by slice in rising order; between slices the page draws and answers. */
export async function slices(rows: number, work: (from: number, to: number) => void): Promise<void> {
  for (let from = 0; from < rows; from += SLICE) {
    if (performance.now() - free > MOST) await pause();
    work(from, Math.min(rows, from + SLICE));
  }
}

/** Lets everything else that waits happen first. Not by a timer: those are slow in a page that nobody looks at. */
async function pause(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
  port1.close();
  free = performance.now();
}
