// In the browser: the main job on one big file. Stages are timed one after the other; the browser records long tasks.
const tasks = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({
  type: "longtask",
  buffered: true,
});

function check(holds, what, checked) {
  if (!holds) throw new Error(`wrong answer: ${what}`);
  checked.push(what);
}

globalThis.run = async () => {
  const { createSegmenter } = await import("/marquetry/index.js");
  const stages = [];
  const checked = [];
  const timed = async (stage, work) => {
    const began = performance.now();
    const result = await work();
    stages.push({ stage, time: performance.now() - began });
    return result;
  };
  const file = document.getElementById("file").files[0];
  const segmenter = await timed("start the engine", () => createSegmenter());
  const table = await timed("read the file", () => segmenter.load(file));
  const study = table.study({ seed: 1 });
  const rfm = await timed("RFM grid", () => study.rfm());
  const valuable = await timed("first segment", () =>
    study.segment("Valuable", "monetary > 1000 and recency_days <= 90"),
  );
  const sleeping = await timed("second segment", () =>
    study.segment("Sleeping", "recency_days > 365 and not country in ('DE', 'FR')"),
  );
  const clustering = await timed("clusters, k chosen from 2 to 10", () =>
    study.cluster({ features: ["recency_days", "frequency", "monetary"] }),
  );
  const blob = await timed("CSV", () =>
    study.export({ what: "rows", format: "csv", segments: [valuable, sleeping, rfm, clustering] }),
  );
  const n = table.rowCount;
  for (const { name, counts } of [valuable, sleeping]) {
    check(
      counts.in > 0 && counts.in + counts.out + counts.unknown === n,
      `“${name}”: in + out + unknown = rows`,
      checked,
    );
  }
  check(rfm.sizes.reduce((a, b) => a + b, 0) <= n, "RFM groups hold no customer twice", checked);
  check(clustering.sizes.length === clustering.k, `${clustering.k} clusters, as many as said`, checked);
  check(blob.size > file.size, "the CSV holds the file and more", checked);
  await segmenter.close();
  await new Promise((settle) => setTimeout(settle, 200)); // the last long task is reported a little later
  return {
    version: segmenter.version,
    rows: n,
    stages,
    longest: Math.max(0, ...tasks),
    tasks: tasks.length,
    bytes: blob.size,
    checked,
  };
};
