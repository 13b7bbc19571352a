import { expect, test } from "vitest";
import { createSegmenter, nodeWorker, type Table } from "./support/marquetry.js";

/** 18 MB: more than one engine reads alone. Line ends and quotes within cells, ids that come again, a total below. */
function orders(): Blob {
  const lines = ["order,customer,day,amount,channel,note\n"];
  for (let row = 0; row < 400_000; row++) {
    const note = row % 7 === 0 ? `"first line\nand ""${row}"""` : row % 5 === 0 ? "" : "gift wrapping";
    const day = `2025-${String((row % 12) + 1).padStart(2, "0")}-${String((row % 28) + 1).padStart(2, "0")}`;
    const amount = row % 1_001 === 0 ? "free" : (row % 5_003) / 100;
    lines.push(`O-${row},C-${(row * 7_919) % 90_001},${day},${amount},${["web", "shop", "mail"][row % 3]},${note}\n`);
  }
  lines.push("Total,,,99999.99,,\n");
  return new Blob([lines.join("")]);
}

type Values = Awaited<ReturnType<Table["column"]>>;
const values = async (table: Table) => Promise.all(table.columns.map(({ name }) => table.column(name)));

/** As bytes where they are numbers: NaN equals NaN, and one by one would take minutes. */
function isSame(column: Values, other: Values | undefined): boolean {
  if (column.length !== other?.length) return false;
  return ArrayBuffer.isView(column)
    ? Buffer.compare(Buffer.from(column.buffer), Buffer.from((other as Float64Array).buffer)) === 0
    : (column as string[]).every((value, row) => value === other[row]);
}

test("a long file is the same table in any number of workers", async () => {
  const file = orders();
  expect(file.size).toBeGreaterThan(16 << 20);
  const read = async (workers: number) => {
    let started = 0;
    const worker = () => {
      started += 1;
      return nodeWorker();
    };
    const segmenter = await createSegmenter({ worker, workers });
    const table = await segmenter.load(file);
    const { rowCount, columns, dialect, findings, questions, kind } = table;
    const [first] = await table.rows({ offset: 399_990, limit: 1, raw: true });
    const answer = {
      facts: { rowCount, columns, dialect, findings, questions, kind, first },
      all: await values(table),
    };
    await segmenter.close();
    return { started, answer };
  };
  const alone = await read(1);
  expect(alone.started).toBe(1);
  expect(alone.answer.facts.rowCount).toBe(400_000);
  for (const workers of [2, 3]) {
    const several = await read(workers);
    expect(several.started).toBe(workers);
    expect(several.answer.facts).toEqual(alone.answer.facts);
    several.answer.all.forEach((column, at) => {
      expect(isSame(column, alone.answer.all[at])).toBe(true);
    });
  }
}, 60_000);

test("a broken other engine costs nothing but time", async () => {
  const file = orders();
  const worker = (() => {
    let started = 0;
    return () => {
      const made = nodeWorker();
      started += 1;
      // The second one dies as soon as it is asked for something.
      if (started === 2) {
        const post = made.postMessage.bind(made);
        made.postMessage = (message: { type: string }, transfer) =>
          message.type === "call" ? made.onerror?.(new Error("gone")) : post(message, transfer);
      }
      return made;
    };
  })();
  const segmenter = await createSegmenter({ worker, workers: 2 });
  expect((await segmenter.load(file)).rowCount).toBe(400_000);
  await segmenter.close();
}, 60_000);

/** What a thread may do that was started to bring a file's bytes, when it is asked for a piece; and pieces it is asked for. */
const bringers: [string, string, (pieces: number) => boolean][] = [
  ["brings them", "hear({ id, bytes: await bytes() })", (pieces) => pieces > 1],
  ["cannot read them", "hear({ id, bytes: undefined })", (pieces) => pieces > 1],
  [
    "breaks down",
    "id === 1 ? hear({ id, bytes: await bytes() }) : this.onerror(new Error())",
    (pieces) => pieces === 2,
  ],
  ["never starts", "", (pieces) => pieces === 0],
];

test.each(bringers)(
  "a long file is the same table where the thread beside the engine %s",
  async (_, answer, asked) => {
    const before = `
    globalThis.location = { protocol: "blob:" };
    globalThis.Worker = class {
      pieces = 0;
      constructor() {
        if (${answer !== ""}) setTimeout(() => this.onmessage({ data: { id: 0 } }));
      }
      async postMessage({ id, blob, start, end }) {
        this.pieces += 1;
        const hear = (data) => this.onmessage({ data });
        const bytes = () => blob.slice(start, end).arrayBuffer();
        ${answer};
      }
      terminate() {
        globalThis.postMessage({ type: "ended", pieces: this.pieces });
      }
    };`;
    const worker = nodeWorker({ before });
    const segmenter = await createSegmenter({ worker: () => worker });
    const hear = worker.onmessage;
    let pieces: number | undefined;
    worker.onmessage = (event) => {
      const data = event.data as { type: string; pieces: number };
      if (data.type === "ended") pieces = data.pieces;
      else hear?.(event);
    };
    const alone = await createSegmenter({ worker: "none" });
    const [table, expected] = await Promise.all([segmenter.load(orders()), alone.load(orders())]);
    expect(table.rowCount).toBe(400_000);
    const others = await values(expected);
    expect((await values(table)).every((column, at) => isSame(column, others[at]))).toBe(true);
    expect(pieces).toSatisfy(asked);
    await segmenter.close();
    await alone.close();
  },
  60_000,
);

/** More rows than one engine clusters alone. */
function customers(): Blob {
  const lines = ["spend,orders,age\n"];
  let state = 7;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let row = 0; row < 210_000; row++) {
    const kind = row % 4;
    const values = [40 * kind + 60 * uniform(), 10 * ((kind * 3) % 4) + 12 * uniform(), 30 + 9 * kind + 30 * uniform()];
    lines.push(`${values.map((value) => value.toFixed(2)).join(",")}\n`);
  }
  return new Blob([lines.join("")]);
}

async function clustered(workers: number, worker: () => ReturnType<typeof nodeWorker>) {
  const segmenter = await createSegmenter({ worker, workers });
  const table = await segmenter.load(customers());
  const found = await table.study({ seed: 3 }).cluster({ k: 5, restarts: 2 });
  const { sizes, centers, inertia, iterations, converged, quality, notices } = found;
  const assignments = await found.assignments();
  await segmenter.close();
  return { sizes, centers, inertia, iterations, converged, quality, notices, assignments: [...assignments] };
}

/** Workers, and how often the later ones were asked for a share. */
function counted(fails?: (share: number) => boolean) {
  const seen = { shares: 0 };
  let started = 0;
  const worker = () => {
    const made = nodeWorker();
    started += 1;
    if (started === 1) return made;
    const post = made.postMessage.bind(made);
    made.postMessage = (message: { type: string; method?: string }, transfer) => {
      if (message.method === "share") seen.shares += 1;
      if (message.method === "share" && fails?.(seen.shares)) made.onerror?.(new Error("gone"));
      else post(message, transfer);
    };
    return made;
  };
  return { seen, worker };
}

test("clusters are the same to the bit in any number of workers, also when one breaks down", async () => {
  const alone = counted();
  const expected = await clustered(1, alone.worker);
  expect(alone.seen.shares).toBe(0);
  for (const workers of [2, 3]) {
    const several = counted();
    expect(await clustered(workers, several.worker)).toEqual(expected);
    expect(several.seen.shares).toBeGreaterThan(4);
  }
  for (const last of [1, 3, 6]) {
    const broken = counted((share) => share >= last);
    expect(await clustered(2, broken.worker)).toEqual(expected);
    expect(broken.seen.shares).toBeGreaterThanOrEqual(last);
  }
}, 120_000);
