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

const values = async (table: Table) => Promise.all(table.columns.map(({ name }) => table.column(name)));

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
    for (const [at, column] of several.answer.all.entries()) {
      const other = alone.answer.all[at];
      expect(column.length).toBe(other?.length);
      // Once more as bytes where they are numbers: NaN equals NaN, and one by one would take minutes.
      const same = ArrayBuffer.isView(column)
        ? Buffer.compare(Buffer.from(column.buffer), Buffer.from((other as Float64Array).buffer)) === 0
        : (column as string[]).every((value, row) => value === other?.[row]);
      expect(same).toBe(true);
    }
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
