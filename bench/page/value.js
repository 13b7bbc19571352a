// In the browser: value of the customers of an order log, in the package's one worker.
let study;

globalThis.prepare = async () => {
  const { createSegmenter } = await import("/marquetry/index.js");
  const segmenter = await createSegmenter({ workers: 1 });
  const orders = await segmenter.load(document.getElementById("file").files[0]);
  study = (await orders.customers()).study();
  return { version: segmenter.version, lines: orders.rowCount, customers: study.table.rowCount };
};

globalThis.value = async () => {
  let before = performance.now();
  const began = before;
  let longest = 0;
  const { candidates } = await study.value({
    onProgress: () => {
      const now = performance.now();
      longest = Math.max(longest, now - before);
      before = now;
    },
  });
  const { parameters } = candidates.find(({ model }) => model === "bg-nbd");
  return { ms: performance.now() - began, longest, r: parameters.r };
};
