import { describe, expect, test } from "vitest";
import {
  codeOf,
  createSegmenter,
  loadEngine,
  manifest,
  nodeWorker,
  numbers,
  places,
  type Segmenter,
  type SegmenterOptions,
  type WorkerLike,
} from "./support/marquetry.js";
import { smallEngine } from "./support/small-engine.js";

const large = numbers(400_000);

async function open(options: SegmenterOptions, work: (segmenter: Segmenter) => Promise<void>): Promise<void> {
  const segmenter = await createSegmenter(options);
  try {
    await work(segmenter);
  } finally {
    await segmenter.close();
  }
}

/** Milliseconds from the abort, `after` milliseconds from now, to the AbortError. */
async function timeToStop(after: number, start: (signal: AbortSignal) => Promise<unknown>): Promise<number> {
  const controller = new AbortController();
  let asked = 0;
  setTimeout(() => {
    asked = performance.now();
    controller.abort();
  }, after);
  expect(await codeOf(start(controller.signal))).toBe("AbortError");
  return performance.now() - asked;
}

describe.each(places)("requests in %s", (_, options) => {
  test("reading and clustering stop within 250 ms, and what was there stays", () =>
    open(options, async (segmenter) => {
      expect(await timeToStop(60, (signal) => segmenter.load(large, { signal }))).toBeLessThan(250);
      const table = await segmenter.load(large);
      const study = table.study();
      await study.segment("some", "a > 1");
      const recipe = JSON.stringify(study.recipe);
      for (const after of [5, 40, 120]) {
        const time = await timeToStop(after, (signal) => study.cluster({ features: ["a", "b", "c"], signal }));
        expect(time).toBeLessThan(250);
      }
      expect(JSON.stringify(study.recipe)).toBe(recipe);
      expect((await study.overlap()).counts).toHaveLength(1);
    }));

  test("a signal that is aborted already stops the request before it begins", () =>
    open(options, async (segmenter) => {
      const signal = AbortSignal.abort();
      expect(await codeOf(segmenter.load("a\n1", { signal }))).toBe("AbortError");
      const study = (await segmenter.load("a,b\n1,2\n3,4\n5,6")).study();
      expect(await codeOf(study.cluster({ k: 2, signal }))).toBe("AbortError");
    }));

  test("progress rises, and stops with the request", () =>
    open(options, async (segmenter) => {
      const ratios: number[] = [];
      await segmenter.load(large, { onProgress: ({ ratio }) => ratios.push(ratio) });
      expect(ratios.length).toBeGreaterThan(2);
      expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
      expect(ratios.every((ratio) => ratio >= 0 && ratio <= 1)).toBe(true);
      const controller = new AbortController();
      let after = 0;
      const reading = segmenter.load(large, {
        signal: controller.signal,
        onProgress: () => (controller.signal.aborted ? after++ : controller.abort()),
      });
      expect(await codeOf(reading)).toBe("AbortError");
      expect(after).toBe(0);
    }));

  test("many requests at once are all answered, each with its own", () =>
    open(options, async (segmenter) => {
      const study = (await segmenter.load(numbers(5_000))).study();
      const wanted = Array.from({ length: 40 }, (_, at) => (at % 4 === 3 ? "nobody > 1" : `a > ${at / 20}`));
      const answers = await Promise.allSettled(wanted.map((rule) => study.count(rule)));
      for (const [at, answer] of answers.entries()) {
        if (at % 4 === 3) expect(answer).toMatchObject({ status: "rejected", reason: { code: "unknown-column" } });
        else expect(answer).toMatchObject({ status: "fulfilled", value: { text: wanted[at] } });
      }
    }));

  test("closing settles what is under way, and closing again is fine", async () => {
    const segmenter = await createSegmenter(options);
    const table = await segmenter.load("a\n1");
    const reading = codeOf(segmenter.load(large));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([segmenter.close(), segmenter.close()]);
    await segmenter.close();
    expect(await reading).toBe("closed");
    expect(await codeOf(segmenter.load("a\n1"))).toBe("closed");
    expect(await codeOf(table.rows())).toBe("closed");
  });

  test("closed tables and studies say so; others go on", () =>
    open(options, async (segmenter) => {
      const table = await segmenter.load("a,b\n1,x\n2,y");
      const [study, other] = [table.study(), table.study()];
      const segment = await study.segment("one", "a = 1");
      await study.close();
      await study.close();
      expect(await codeOf(study.count("a = 1"))).toBe("closed");
      expect(await codeOf(segment.members())).toBe("closed");
      await table.close();
      expect(await codeOf(table.rows())).toBe("closed");
      expect(await other.count("a = 1")).toMatchObject({ in: 1 });
    }));

  test("what is wrong with a study's options is said by its first answer", () =>
    open(options, async (segmenter) => {
      const study = (await segmenter.load("a\n1")).study({ referenceDate: "yesterday" });
      expect(await codeOf(study.count("a = 1"))).toBe("bad-date");
    }));

  test("tables of two segmenters cannot be mixed", () =>
    open(options, (one) =>
      open(options, async (other) => {
        const lines = await one.load("id,day,sum\n1,2024-01-01,5");
        const stranger = await other.load("id,x\n1,2");
        expect(await codeOf(lines.customers({ attributes: stranger }))).toBe("bad-option");
      }),
    ));

  test("a trap ends the engine: everything under way hears of it once, the next call runs in a fresh one", async () => {
    const wasm = await smallEngine();
    await open({ ...options, wasm }, async (segmenter) => {
      const table = await segmenter.load("a\n1\n2");
      const study = table.study();
      const [hungry, waiting] = [segmenter.load(numbers(400_000)), study.cluster({ features: ["a"], k: 2 })];
      const ends = await Promise.allSettled([hungry, waiting]);
      expect(ends[0]).toMatchObject({ status: "rejected", reason: { code: "engine-crashed" } });
      expect(await codeOf(table.rows())).toBe("engine-crashed");
      expect(await codeOf(study.count("a = 1"))).toBe("engine-crashed");
      expect((await segmenter.load("a\n1\n2")).rowCount).toBe(2);
      expect(await (await segmenter.load("a\n1\n2")).study().count("a = 1")).toMatchObject({ in: 1 });
    });
  });
});

test("a worker that does not hear an abort is ended in time, and a fresh one starts", () =>
  open({ worker: () => nodeWorker({ deaf: true }) }, async (segmenter) => {
    const table = await segmenter.load("a\n1");
    // Both are long enough to be under way still when patience with the deaf worker ends, a second after the abort.
    const long = numbers(3_000_000);
    const bystander = segmenter.load(long).catch((error: unknown) => error);
    expect(await timeToStop(30, (signal) => segmenter.load(long, { signal }))).toBeLessThan(250);
    expect(await bystander).toMatchObject({ code: "engine-restarted" });
    expect(await codeOf(table.rows())).toBe("engine-restarted");
    expect((await segmenter.load("a\n1")).rowCount).toBe(1);
  }));

test("a worker that breaks down takes its requests with it, each settled once", async () => {
  const workers: WorkerLike[] = [];
  const worker = () => {
    const made = nodeWorker();
    workers.push(made);
    return made;
  };
  await open({ worker }, async (segmenter) => {
    const reading = codeOf(segmenter.load(large));
    await new Promise((resolve) => setTimeout(resolve, 20));
    workers[0]?.onerror?.(new Error("gone"));
    expect(await reading).toBe("engine-crashed");
    expect((await segmenter.load("a\n1")).rowCount).toBe(1);
    expect(workers).toHaveLength(2);
  });
});

test("a worker that cannot start is refused", async () => {
  const broken = (): WorkerLike => {
    const worker: WorkerLike = { onmessage: null, onerror: null, postMessage() {}, terminate() {} };
    setTimeout(() => worker.onerror?.({ message: "refused to load" }), 5);
    return worker;
  };
  expect(await codeOf(createSegmenter({ worker: broken }))).toBe("csp-blocked");
});

describe("finding the engine", () => {
  test("compiled before, it is taken as it is", async () => {
    const wasm = await loadEngine();
    await open({ wasm }, async (segmenter) => {
      expect((await segmenter.load("a\n1")).rowCount).toBe(1);
      expect(segmenter.version).toBe(manifest.version);
    });
  });

  const page = new TextEncoder().encode("<!doctype html>");
  const wrong: [string, SegmenterOptions, string][] = [
    ["an address with nothing behind it", { wasm: new URL("file:///nowhere/engine.wasm") }, "asset-not-found"],
    ["a page instead of the engine", { wasm: page }, "asset-not-found"],
    ["a damaged engine", { wasm: new Uint8Array([0, 97, 115, 109, 9, 9]) }, "unsupported"],
    ["something else", { wasm: 5 as unknown as object }, "bad-option"],
    ["a worker that is no choice", { worker: "many" as "auto" }, "bad-option"],
    ["workers below one", { workers: 0 }, "bad-option"],
  ];
  test.each(wrong)("%s", async (_, options, code) => {
    expect(await codeOf(createSegmenter(options))).toBe(code);
  });
});
