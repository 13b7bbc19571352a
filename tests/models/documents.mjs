// Models of every kind and the customers that they are asked about, generated: missing values, odd texts, levels that no model
// has met, numbers at the edges.
import { chance } from "../sql/chance.mjs";
import { ODD } from "../sql/tables.mjs";

export const COLUMNS = [
  { name: "id", type: "text" },
  { name: "whole", type: "number" },
  { name: 'it\'s "spent" <&>', type: "number" },
  { name: "label", type: "number" },
  { name: "born", type: "date" },
  { name: "vip", type: "boolean" },
  { name: "odd", type: "text" },
  { name: "answer", type: "text" },
  { name: "points", type: "number" },
];
const [, WHOLE, SPENT, PLAIN, BORN, VIP, ODDS, ANSWER, POINTS] = COLUMNS.map(({ name }) => name);
const EDGES = [0, -0, 1, -1, 1e15, -1e15, 123456789, 5e-7, 0.1, 0.2, 0.30000000000000004, -2.75];
// A character that XML has not is a value, but no level.
const TEXTS = ODD.filter((text) => !text.includes("\uffff"));

/** Rows of the columns above. */
export function customers(seed, count) {
  const { next, one, often, whole } = chance(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const maybe = (value, share) => (often(share) ? null : value);
  const day = () => new Date(86_400_000 * whole(-3_000, 20_000)).toISOString().slice(0, 10);
  return Array.from({ length: count }, (_, at) => [
    `c${at}`,
    maybe(whole(-4, 6), 0.03),
    maybe(often(0.02) ? one(EDGES) : Math.exp(normal() * 1.5 + 3), 0.08),
    maybe(often(0.02) ? one(EDGES) : 50 + normal() * 20, 0.03),
    maybe(day(), 0.03),
    maybe(often(0.4), 0.05),
    maybe(one(ODD), 0.1),
    maybe(one(["1", "2", "3", "4", "5", "refused"]), 0.15),
    maybe(one([1, 2, 2.5, 3, 99]), 0.1),
  ]);
}

/** A model document of each kind, by name. */
export function documents(seed) {
  const { next, whole, one, some } = chance(seed * 7919 + 1);
  const signed = () => next() * 4 - 2;
  const list = (length, make) => Array.from({ length }, (_, at) => make(at));
  const number = (column, transform, center, spread, fill) => ({
    column,
    scale: { transform, center, spread, weight: one([1, 1, 0.5, 2]) },
    ...(fill !== undefined && { fill }),
  });
  const whole1 = number(WHOLE, "none", 1, 1);
  whole1.scale.weight = 1;
  const spent = number(SPENT, "log", 3.01 + next() / 10, 1.4 + next() / 10, 20.5);
  const plain = number(PLAIN, "z", 50 + next(), 20 + next());
  const born = number(BORN, "z", 8_400 + next(), 6_000 + next(), 9_000);
  const vip = number(VIP, "z", 0.4 + next() / 10, 0.49);
  const bent = number(SPENT, "yeo-johnson", 2 + next(), 1.1 + next());
  bent.scale.lambda = one([0, 2, -0.3, 0.27, 1.4]);
  const quartiles = number(PLAIN, "robust", 50 + next(), 26 + next());
  const ranked = number(PLAIN, "quantile", 0, 1, 48.5);
  ranked.scale.landmarks = list(300, (at) => [at / 3 - 5 + next() / 4, at / 50 - 3 + next() / 100]);
  const levels = (column, texts, weight, fill, missing) => [
    ...texts.map((text) => ({
      column,
      scale: { transform: "none", center: 0, spread: 1, weight },
      ...(fill !== undefined && { fill }),
      level: { text },
    })),
    ...(missing
      ? [
          { column, scale: { transform: "none", center: 0, spread: 1, weight }, fill: 0, level: { other: texts } },
          { column, scale: { transform: "none", center: 0, spread: 1, weight }, level: "missing" },
        ]
      : []),
  ];
  const gamma = Math.sqrt((0.3 + next()) / 2);
  const odd = levels(ODDS, some(TEXTS, 12), gamma, 0, true);
  const answer = levels(ANSWER, ["1", "2", "3", "4"], gamma);
  const model = (method, features, labels, body) => ({
    version: 2,
    kind: "clustering",
    method,
    seed,
    labels,
    features,
    model: body,
    rows: 1_000,
  });
  const names = (k) => list(k, (at) => (at === 1 ? 'it\'s <b> "2" & \\n' : `Cluster ${at + 1}`));
  const points = (features, count) => list(count, () => features.map((one) => (one.level ? next() * gamma : signed())));
  const shares = (k) => {
    const parts = list(k, () => 0.2 + next());
    const sum = parts.reduce((a, b) => a + b);
    return parts.map((part) => part / sum);
  };
  const bells = (features, k, full) => {
    const width = features.length;
    const root = () =>
      list(width * width, (at) => {
        const [row, column] = [Math.floor(at / width), at % width];
        return row === column ? 0.5 + next() * 2 : full && column < row ? signed() / 3 : 0;
      });
    return { kind: "gaussian", shares: shares(k), means: points(features, k), roots: list(k, root) };
  };
  const numbers = [whole1, spent, plain, born, vip];
  const mixed = [plain, spent, ...odd, ...answer];
  const prototypes = (count) => ({
    kind: "prototypes",
    points: points([whole1, plain, spent], count),
    clusters: list(count, () => whole(-1, 3)),
  });
  // Halves on a grid: most rows lie exactly as near to two centres.
  const grid = list(5, () => [whole(-8, 8) / 2, whole(-8, 8) / 2]);
  const other = { ...whole1, column: POINTS };
  const survey = [
    ...levels(ANSWER, ["1", "2", "3", "4", "5"], 1, 0),
    ...levels(VIP, ["true", "false"], 1, 0),
    ...levels(POINTS, ["1", "2", "2.5", "3"], 1, 0),
    ...levels(ODDS, some(TEXTS, 8), 1, 0, true),
  ];
  const classes = list(4, () => survey.map(() => Math.log(0.02 + next() * 0.9)));
  return {
    centres: model("kmeans", numbers, names(5), { kind: "centers", centers: points(numbers, 5) }),
    "centres and ties": model("kmeans", [whole1, other], names(5), { kind: "centers", centers: grid }),
    "centres, 40 of them": model("kmeans", numbers, names(40), { kind: "centers", centers: points(numbers, 40) }),
    "centres, bent": model("kmeans", [bent, ranked, vip], names(5), {
      kind: "centers",
      centers: points([bent, ranked, vip], 5),
    }),
    "one centre": model("kmeans", [plain], ["all"], { kind: "centers", centers: [[0]] }),
    "mixed columns": model("kprototypes", mixed, names(4), { kind: "centers", centers: points(mixed, 4) }),
    "few points": model("ward", [whole1, plain, spent], names(4), prototypes(20)),
    "many points": model("hdbscan", [whole1, plain, spent], names(4), prototypes(150)),
    "bells, full": model("gaussian", numbers, names(4), bells(numbers, 4, true)),
    "bells, diagonal": model("gaussian", [quartiles, spent], names(6), bells([quartiles, spent], 6, false)),
    classes: model("latent-class", survey, names(4), { kind: "classes", shares: shares(4), answers: classes }),
  };
}
