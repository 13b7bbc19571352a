import { expect, test } from "vitest";
import { codeOf, createSegmenter, places } from "./support/marquetry.js";

/** Three planted kinds of customers: spend and visits apart, the second mostly Austrian; every fifth has no age. */
function file(): string {
  const rows = Array.from({ length: 300 }, (_, row) => {
    const kind = row % 3;
    const spend = 100 * kind + (row % 7);
    const visits = ([5, 30, 12][kind] ?? 0) + (row % 5);
    const age = row % 5 === 0 ? "" : 20 + ((row * 7) % 50);
    const country = kind === 1 && row % 4 > 0 ? "AT" : "DE";
    return `c${row},${spend},${visits},${age},${country},${kind === 2 && row % 6 > 0 ? "yes" : "no"}`;
  });
  return ["customer_id,spend,visits,age,country,bought", ...rows].join("\n");
}

test.each(places)("clusters in rules, words, reasons and silhouettes (%s)", async (_, options) => {
  const segmenter = await createSegmenter(options);
  const study = (await segmenter.load(file())).study({ seed: 3 });
  const found = await study.cluster({ features: ["spend", "visits"], k: 3 });
  const assignments = await found.assignments();

  const tree = await found.tree({ kind: "threshold", leaves: 3 });
  expect(tree).toMatchObject({ kind: "threshold", fidelity: 1, costRatio: 1 });
  expect(tree.leaves.map((leaf) => leaf.n)).toEqual([100, 100, 100]);
  const [root] = tree.nodes;
  expect(root).toMatchObject({ text: "everyone", n: 300, share: 1, low: 1 });
  expect(root?.feature).toBeDefined();
  for (const node of tree.nodes) expect(node.label === undefined).toBe(node.low !== undefined);
  for (const leaf of tree.leaves) expect((await study.count(leaf.rule)).in).toBe(leaf.n);
  expect((await found.tree({ kind: "cart" })).kind).toBe("cart");
  expect(["cart", "threshold"]).toContain((await found.tree()).kind);
  expect(await codeOf(found.tree({ kind: "oak" as "cart" }))).toBe("bad-option");
  expect(await codeOf(found.tree({ leaves: 2.5 }))).toBe("bad-option");

  // All at once: they share one explanation.
  const told = await Promise.all(found.labels.map((label) => found.describe(label)));
  for (const [cluster, { index, precision, recall, note }] of told.entries()) {
    expect([precision, recall, note]).toEqual([1, 1, undefined]);
    const austrian = index.find(({ column, value }) => column === "country" && value === "AT");
    expect(austrian?.baseline).toBe(0.25);
    expect(austrian?.index).toBeCloseTo((austrian?.share ?? 0) * 400, 9);
    expect(index.some(({ column }) => column === "customer_id")).toBe(false);
    expect(index.find(({ column }) => column === "spend")?.n).toBeLessThanOrEqual(found.sizes[cluster] ?? 0);
  }
  const why = await found.why(4);
  expect(why.label).toBe(found.labels[assignments[4] ?? -1]);
  expect(why.next).not.toBe(why.label);
  expect(why.features.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  expect(await codeOf(found.why(300))).toBe("bad-option");
  expect(await codeOf(found.why(-1))).toBe("bad-option");

  const { clusters, mean, sampleSize } = await found.silhouettes();
  expect(mean).toBeCloseTo(found.quality.silhouette, 6);
  expect([sampleSize, clusters.map(({ label }) => label)]).toEqual([300, found.labels]);
  for (const { values, n } of clusters) {
    expect(values).toBeInstanceOf(Float32Array);
    expect([n, values.length]).toEqual([100, 100]);
    expect([...values]).toEqual([...values].sort((a, b) => b - a));
  }
  await segmenter.close();
});

test.each(places)("a rule for any rows, and segments by an outcome (%s)", async (_, options) => {
  const segmenter = await createSegmenter(options);
  const study = (await segmenter.load(file())).study({ seed: 3 });
  const rows = Uint32Array.from({ length: 300 }, (_, row) => row).filter((row) => row % 3 === 2);
  const lasso = await study.explainRows(rows, ["spend", "visits"]);
  expect(lasso).toMatchObject({ precision: 1, recall: 1, n: 100 });
  expect((await study.count(lasso.text)).in).toBe(100);
  expect(await codeOf(study.explainRows(new Uint32Array(0)))).toBe("bad-option");
  expect(await codeOf(study.explainRows([1] as unknown as Uint32Array))).toBe("bad-option");

  const phases: string[] = [];
  const onProgress = ({ phase }: { phase: string }) => phases.push(phase);
  const found = await study.tree({ outcome: "bought", columns: ["spend", "country", "age"], onProgress });
  expect(found).toMatchObject({ outcome: "bought", measure: "share", trained: 210, tested: 90 });
  const [best] = found.leaves;
  expect(best?.test?.lift).toBeGreaterThan(2);
  expect(best?.test?.liftLow).toBeGreaterThan(1.5);
  expect(best?.text).toContain("spend > ");
  expect((await study.count(best?.rule ?? "everyone")).in).toBe(best?.n);
  expect(found.importance[0]?.name).toBe("spend");
  expect(found.importance.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  expect(phases).toContain("segmenting by outcome");
  const byRule = await study.tree({ outcome: "visits > 20", holdout: 0 });
  expect(byRule.leaks.map(({ column }) => column)).toEqual([]);
  expect(byRule.leaves.every(({ test }) => test === undefined)).toBe(true);
  expect(await codeOf(study.tree({ outcome: "country" }))).toBe("wrong-type");
  expect(await codeOf(study.tree({ outcome: "bought", holdout: 2 }))).toBe("bad-option");
  expect(await codeOf(study.tree({ outcome: "bought", signal: AbortSignal.abort() }))).toBe("AbortError");
  await segmenter.close();
});
