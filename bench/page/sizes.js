// In the browser: how much memory and time one question about the chosen file takes, in an engine of its own. The package runs in
// its own worker as always; a few lines before the worker's code keep the books.

const books = `
  const id = crypto.randomUUID();
  const channel = new BroadcastChannel("books");
  const memories = new Set();
  let memory = 0;
  let piece = 0;
  const measure = () => {
    let all = 0;
    for (const reference of memories) all += reference.deref()?.buffer.byteLength ?? 0;
    if (all <= memory) return;
    memory = all;
    channel.postMessage({ id, memory, piece });
  };
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, args) {
      const instance = Reflect.construct(target, args);
      if (instance.exports.memory) memories.add(new WeakRef(instance.exports.memory));
      measure();
      return instance;
    },
  });
  const whole = Blob.prototype.arrayBuffer;
  Blob.prototype.arrayBuffer = function () {
    if (this.size > piece) {
      piece = this.size;
      channel.postMessage({ id, memory, piece });
    }
    return whole.call(this);
  };
  // The worker says something every few steps: often enough to see the highest point of memory, which never falls.
  const post = globalThis.postMessage;
  globalThis.postMessage = (...message) => {
    measure();
    return post.apply(globalThis, message);
  };`;

const file = () => document.getElementById("file").files[0];
const MiB = 2 ** 20;
let code;
let workbook;

/** The latest word of each worker; the first is that of the engine that answers, the others help it to read. */
const workers = new Map();
new BroadcastChannel("books").onmessage = ({ data }) => workers.set(data.id, data);

/** The answering engine's peak of memory, that of all engines together, and the largest piece of a file that one held. */
async function look() {
  // What was said before an answer may arrive a little later than the answer.
  await new Promise((settle) => setTimeout(settle, 50));
  const all = [...workers.values()];
  const total = all.reduce((sum, { memory }) => sum + memory, 0);
  return { memory: all[0].memory, total, piece: Math.max(...all.map(({ piece }) => piece)) };
}

/** Runs work on a fresh engine; gives what it gave, the time, and the memory that it took beyond the empty engine. */
async function fresh(work) {
  const { createSegmenter, loadWorkbook } = await import("/marquetry/index.js");
  // Compiled before any file is there, as on the page.
  workbook ??= await loadWorkbook();
  code ??= await (await fetch("/marquetry/worker.js")).text();
  const address = URL.createObjectURL(new Blob([`{${books}}\n`, code], { type: "text/javascript" }));
  workers.clear();
  const segmenter = await createSegmenter({
    workbook,
    worker: () => new Worker(address),
    // Parts that come from others take memory, too.
    workers: 2,
  });
  try {
    const empty = await look();
    const began = performance.now();
    const found = await work(segmenter);
    const ms = performance.now() - began;
    const { memory, total, piece } = await look();
    return { ms, memory: (memory - empty.memory) / MiB, total: total / MiB, piece: piece / MiB, ...found };
  } finally {
    await segmenter.close();
    URL.revokeObjectURL(address);
  }
}

const codeOf = (promise) =>
  promise.then(
    () => "none",
    ({ code }) => code,
  );

const questions = {
  /** The first look of a fresh engine, and the second. */
  preview: () =>
    fresh(async (segmenter) => {
      const began = performance.now();
      const { estimate } = await segmenter.preview(file());
      const first = performance.now() - began;
      await segmenter.preview(file());
      return { first, again: performance.now() - began - first, estimate: estimate.memoryBytes / MiB };
    }),

  /** What loading takes, and what was said before. */
  load: ({ options }) =>
    fresh(async (segmenter) => {
      const { estimate } = await segmenter.preview(file(), options);
      const table = await segmenter.load(file(), options);
      return { rows: table.rowCount, estimate: estimate.memoryBytes / MiB };
    }),

  /** Load, fold, RFM; then cells of columns that are not in memory, from the middle, and out as CSV. */
  orders: ({ options, columns }) =>
    fresh(async (segmenter) => {
      const marks = [];
      let began = performance.now();
      const mark = async (stage) => {
        const ms = performance.now() - began;
        const { memory, total } = await look();
        marks.push({ stage, ms, memory: memory / MiB, total: total / MiB });
        began = performance.now();
      };
      const { estimate } = await segmenter.preview(file(), options);
      await mark("preview");
      const table = await segmenter.load(file(), options);
      await mark("load");
      const customers = await table.customers();
      await mark("fold into customers");
      const rfm = await customers.study().rfm();
      await mark("RFM");
      const offset = Math.floor(table.rowCount / 2);
      const page = await table.rows({ offset, limit: 50, raw: true, columns });
      await mark("50 rows from the middle");
      const csv = await table.study().export({ what: "rows", columns });
      await mark("CSV of two columns that are not in memory");
      const tail = await csv.slice(-200).text();
      return {
        marks,
        page: [offset, page.length, ...page[0]],
        customers: customers.rowCount,
        scored: rfm.sizes.reduce((all, size) => all + size, 0),
        csv: { bytes: csv.size, last: tail.trimEnd().split("\r\n").at(-1) },
        rows: table.rowCount,
        estimate: estimate.memoryBytes / MiB,
      };
    }),

  /** A limit that the estimate passes; then the same engine at work. */
  limit: ({ options }) =>
    fresh(async (segmenter) => {
      const began = performance.now();
      const code = await codeOf(segmenter.load(file(), options));
      const refused = performance.now() - began;
      const table = await segmenter.load("a,b\n1,2\n3,4\n");
      return { code, refused, alive: table.rowCount === 2 };
    }),
};

globalThis.ask = ({ question, ...more }) => questions[question](more);
