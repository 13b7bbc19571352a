import { describe, expect, it } from "vitest";
import type { ColumnInfo } from "../model.ts";
import { box, density, extent, inside, type Point, thinned, within } from "./geometry.ts";
import { indicator, snakeOf, standardised } from "./moments.ts";
import { answers, leafRules, question } from "./questions.ts";
import { METHODS, methodOf, obstacle, optionsOf, possibleFeatures, sensibleFeatures, setupFor } from "./setup.ts";
import type { Candidate, TreeNode } from "./shapes.ts";
import {
  apart,
  axis,
  bestStable,
  favoured,
  middle,
  middleIn,
  nameOf,
  runnerUp,
  stabilityInWords,
  whyNot,
} from "./words.ts";

const column = (name: string, more: Partial<ColumnInfo> = {}): ColumnInfo => ({
  name,
  type: "number",
  role: "other",
  roleConfidence: 1,
  fit: 1,
  missing: 0,
  distinct: 100,
  sample: [],
  ...more,
});

const candidate = (k: number, silhouette: number, stability: number, smallestShare = 0.1): Candidate => ({
  k,
  silhouette,
  stability,
  smallestShare,
  inertia: 100 / k,
  calinskiHarabasz: 50,
  daviesBouldin: 1,
});

describe("an area of the map", () => {
  const [xs, ys] = [
    [0, 1, 2, 3, 1.5],
    [0, 1, 0, 3, 0.5],
  ];

  it("holds the points inside a line, whichever way and however often it bends", () => {
    const triangle: Point[] = [
      [0.2, -0.5],
      [2.5, -0.5],
      [1.5, 2],
    ];
    expect(inside(triangle, xs, ys)).toEqual([1, 2, 4]);
    expect(inside([...triangle].reverse(), xs, ys)).toEqual([1, 2, 4]);
    // A U around the point in its opening, which is outside.
    const bent: Point[] = [
      [-1, -1],
      [4, -1],
      [4, 4],
      [2.5, 4],
      [2.5, -0.5],
      [0.5, -0.5],
      [0.5, 4],
      [-1, 4],
    ];
    expect(inside(bent, xs, ys)).toEqual([0, 3]);
    expect(inside([[0, 0]], xs, ys)).toEqual([]);
  });

  it("is the same between typed values as inside the field they span, edges included", () => {
    const edges = { x: [0.5, 2.5] as [number, number], y: [-0.5, 1.5] as [number, number] };
    expect(within(edges, xs, ys)).toEqual(inside(box(edges), xs, ys));
    expect(within({ x: [1, 2], y: [0, 1] }, xs, ys)).toEqual([1, 2, 4]);
  });

  it("agrees with a plain test on a circle of many corners", () => {
    const circle = Array.from({ length: 400 }, (_, at): Point => {
      const turn = (at / 400) * 2 * Math.PI;
      return [Math.cos(turn), Math.sin(turn)];
    });
    const grid = Array.from({ length: 441 }, (_, at): Point => [((at % 21) - 10) / 8, (Math.floor(at / 21) - 10) / 8]);
    const expected = grid.flatMap(([x, y], at) => (Math.hypot(x, y) < 0.995 ? [at] : []));
    const found = inside(
      circle,
      grid.map(([x]) => x),
      grid.map(([, y]) => y),
    );
    expect(found.filter((at) => Math.hypot(...(grid[at] as [number, number])) < 0.995)).toEqual(expected);
    expect(found.every((at) => Math.hypot(...(grid[at] as [number, number])) <= 1)).toBe(true);
  });

  it("counts every point of a grid once, the highest too", () => {
    const counts = density(xs, ys, { x: extent(xs), y: extent(ys) }, 3, 3);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(xs.length);
    expect(counts[8]).toBe(1);
    expect(extent([])).toEqual([0, 1]);
    expect(extent([2, 2])).toEqual([1, 3]);
  });

  it("keeps of a drawn line only what lies apart", () => {
    const line = Array.from({ length: 100 }, (_, at): Point => [at / 10, 0]);
    const kept = thinned(line, 1);
    expect(kept.length).toBeLessThan(12);
    expect(kept[0]).toEqual([0, 0]);
  });
});

describe("standardised means", () => {
  it("are 0 for everyone together and have the margin of the mean", async () => {
    const values = [1, 2, 3, 11, 12, 13];
    const groups = [0, 0, 0, 1, 1, 1];
    const { points, etaSquared } = await standardised(values, groups, 2, false);
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - 7) ** 2, 0) / 6);
    expect(points[0]?.[0]).toBeCloseTo(-5 / spread, 12);
    expect(points[1]?.[0]).toBeCloseTo(5 / spread, 12);
    expect(etaSquared).toBeCloseTo(1 - 4 / 154, 12);
    expect(points[0]?.[1]).toBeCloseTo((1.96 * Math.sqrt(1 / 3)) / spread, 12);
  });

  it("leave out who is in no cluster or has no value, and take logarithms where the clusters did", async () => {
    const { points } = await standardised([0, Math.E - 1, Number.NaN, 1e9], [0, 1, 0, -1], 2, true);
    expect(points.map(([mean]) => mean)).toEqual([-1, 1]);
    expect((await standardised([5, 5], [0, 1], 2, false)).points).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it("take a level of a category as 1 and 0, and put the strongest feature first", async () => {
    expect([...(await indicator(["DE", null, "AT"], "DE"))]).toEqual([1, 0, 0]);
    const snake = snakeOf(
      [
        { name: "weak", etaSquared: 0.1, log: true, points: [[1, 0.1]] },
        { name: "strong", etaSquared: 0.9, log: false, points: [[2, 0.2]] },
      ],
      1,
    );
    expect(snake).toEqual({
      features: [
        { name: "strong", etaSquared: 0.9 },
        { name: "weak", etaSquared: 0.1 },
      ],
      lines: [{ means: [2, 1], margins: [0.2, 0.1] }],
      logs: 1,
      others: 0,
    });
  });
});

describe("the number of clusters in words", () => {
  const all = [candidate(2, 0.3, 0.9), candidate(3, 0.5, 0.8), candidate(4, 0.6, 0.5), candidate(5, 0.45, 0.95, 0.004)];

  it("names the runner-up among the stable ones first", () => {
    expect(bestStable(all)?.k).toBe(3);
    expect(runnerUp(all, 3)?.k).toBe(5);
    expect(runnerUp([candidate(2, 0.3, 0.1), candidate(3, 0.2, 0.1)], 2)?.k).toBe(3);
    expect(runnerUp([candidate(2, 0.3, 0.9)], 2)).toBeUndefined();
    expect(bestStable([])).toBeUndefined();
  });

  it("says why not each of the others", () => {
    const chosen = all[1] as Candidate;
    const [two, , four, five] = all as [Candidate, Candidate, Candidate, Candidate];
    expect(whyNot(two, chosen)).toBe("it parts them less (silhouette 0.300 against 0.500)");
    expect(whyNot(four, chosen)).toMatch(/^a cluster of it is not found again in other draws \(overlap 0.50 of 1\)$/);
    expect(whyNot(five, chosen)).toMatch(/its smallest cluster has only 0\.4/);
    expect(whyNot({ ...two, silhouette: 0.50001 }, chosen)).toMatch(/as well/);
  });

  it("tells what other measures favour, and nothing where they favour none", () => {
    expect(favoured({ knee: 4, predictionStrength: 3 })).toBe(
      "Other measures, which do not decide: the bend of the inertia lies at 4, prediction strength favours 3.",
    );
    expect(favoured({})).toBe("");
  });

  it("has words for stability that fall with it", () => {
    expect([0.95, 0.8, 0.65, 0.2].map(stabilityInWords)).toEqual([
      "nearly always found again",
      "mostly found again",
      "often found otherwise",
      "seldom found again",
    ]);
  });
});

describe("names", () => {
  it("come from the three strongest differences of the features alone", () => {
    const columns = [
      { name: "frequency", effect: 2 },
      { name: "monetary", effect: -3 },
      { name: "recency_days", effect: -0.1 },
      { name: "age", effect: 9 },
      { name: "country = DE", effect: 0.8 },
    ];
    const features = ["frequency", "monetary", "recency_days", "country = DE"];
    expect(nameOf(columns, features)).toBe("Low spend, many orders, more country = DE");
    expect(nameOf(columns, ["recency_days"])).toBeUndefined();
    expect(apart(["A", "B", "A"])).toEqual(["A", "B", "A (2)"]);
  });

  it("of axes are their strongest loadings with direction", () => {
    const loadings = [
      { name: "frequency", x: 0.7, y: 0.1 },
      { name: "recency_days", x: -0.6, y: 0.2 },
      { name: "age", x: 0.1, y: 0.9 },
    ];
    expect(axis(loadings, "x")).toBe("many orders, recent");
    expect(axis(loadings, "y")).toBe("high age, long ago");
  });

  it("of middles are means, shares of a level, or the level that most have", () => {
    const means = [
      { name: "age", value: 41.5 },
      { name: "country = DE", value: 0.2 },
      { name: "country = AT", value: 0.7 },
    ];
    expect(means.map(middle)).toEqual(["41.5", "20.0\u00a0%", "70.0\u00a0%"]);
    expect(["age", "country", "city"].map((column) => middleIn(means, column))).toEqual([
      "41.5",
      "AT 70.0\u00a0%",
      "–",
    ]);
  });
});

describe("a tree in words", () => {
  const node = (more: Partial<TreeNode>): TreeNode => ({ text: "", n: 1, share: 0.1, ...more });
  const [low, high] = [node({ text: "x <= 3 or x is missing" }), node({ text: "x > 3" })];

  it("asks for cuts, values and gaps, and says where gaps go", () => {
    expect(question(node({ feature: "monetary", cut: 1200 }), 30)).toBe("monetary ≤ 1,200?");
    expect(question(node({ feature: "last_order", cut: "2026-01-31" }), 30)).toBe("last_order ≤ 2026-01-31?");
    expect(question(node({ feature: "country", values: ["DE", "AT", "CH"] }), 30)).toBe("country: DE, AT +1?");
    expect(question(node({ feature: "age" }), 30)).toBe("age missing?");
    expect(question(node({ feature: "a_very_long_column_name", cut: 5 }), 16)).toBe("a_very_lon… ≤ 5?");
    expect(answers(node({ feature: "x", cut: 3 }), low, high)).toEqual(["≤ 3 or missing", "> 3"]);
    expect(answers(node({ feature: "x", values: ["a"] }), high, low)).toEqual(["yes", "no or missing"]);
    expect(answers(node({ feature: "x" }), low, high)).toEqual(["yes", "no"]);
  });

  it("gives each leaf its own rule, wherever the leaf stands among the places", () => {
    const nodes = [node({ low: 3, high: 1 }), node({ low: 4, high: 2 }), node({}), node({}), node({})];
    const leaves = ["first", "second", "third"].map((text) => ({ text, label: "", n: 1 }));
    expect(leafRules({ fidelity: 1, costRatio: 1, nodes, leaves })).toEqual(
      new Map([
        [3, "first"],
        [4, "second"],
        [2, "third"],
      ]),
    );
    expect(leafRules({ fidelity: 1, costRatio: 1, nodes: [], leaves: [] }).size).toBe(0);
  });
});

describe("features for clusters", () => {
  const plain = [
    column("id", { role: "customer-id" }),
    column("age"),
    column("flag", { distinct: 2 }),
    column("same", { distinct: 1 }),
    column("plan", { type: "text", distinct: 3 }),
    column("notes", { type: "text", distinct: 5000 }),
    column("email", { type: "text", role: "email", distinct: 5 }),
    column("agreed", { type: "boolean", distinct: 2 }),
  ];

  it("are recency, frequency and money where orders were folded, else numbers that are no identifiers", () => {
    const folded = ["recency_days", "frequency", "monetary", "average_order"].map((name) => column(name));
    expect(sensibleFeatures(folded)).toEqual(["recency_days", "frequency", "monetary"]);
    expect(possibleFeatures(plain).map(({ name }) => name)).toEqual(["age", "flag", "plan", "agreed"]);
    expect(sensibleFeatures(plain)).toEqual(["age"]);
  });

  it("are numbers or categories, and codes may be either", () => {
    const { features } = setupFor(plain);
    expect(features.map(({ column, on, kind, both }) => [column, on, kind, both])).toEqual([
      ["age", true, "number", false],
      ["flag", false, "number", true],
      ["plan", false, "category", false],
      ["agreed", false, "category", true],
    ]);
  });

  it("turn k-means into k-prototypes where a category is among them, and stop where there are none", () => {
    const setup = setupFor(plain);
    expect(methodOf(setup)).toBe("kmeans");
    const mixed = { ...setup, features: setup.features.map((one) => ({ ...one, on: true })) };
    expect(methodOf(mixed)).toBe("kprototypes");
    expect(methodOf({ ...mixed, method: "latent-class" })).toBe("latent-class");
    expect(obstacle(setup)).toBeUndefined();
    expect(obstacle({ ...setup, features: [] })).toMatch(/Tick/);
    expect(METHODS[0]?.method).toBe("kmeans");
    expect(obstacle({ ...mixed, method: "ward" })).toMatch(/^Ward.*“plan” is a category/);
  });

  it("become the options of a call that the method takes", () => {
    const all = setupFor(plain);
    const setup = { ...all, features: all.features.map((one) => ({ ...one, on: one.column !== "flag", weight: 2 })) };
    const call = optionsOf(setup, "Clusters", 1);
    expect(call).toEqual({
      name: "Clusters",
      method: "kprototypes",
      seed: 1,
      k: { min: 2, max: 10 },
      features: [
        { column: "age", kind: "number", transform: "auto", weight: 2 },
        { column: "plan", kind: "category", weight: 2 },
        { column: "agreed", kind: "category", weight: 2 },
      ],
    });
    const classes = optionsOf({ ...setup, method: "latent-class", k: 3, missing: "likelihood" }, "Clusters", 1);
    expect(classes.features[0]).toEqual({ column: "age", kind: "category" });
    expect([classes.k, classes.missing]).toEqual([3, "likelihood"]);
    // What only latent classes do with gaps is not asked of others.
    expect(optionsOf({ ...setup, missing: "likelihood" }, "Clusters", 1).missing).toBeUndefined();
    expect(optionsOf({ ...setup, method: "hdbscan" }, "Clusters", 1).k).toBeUndefined();
  });
});
