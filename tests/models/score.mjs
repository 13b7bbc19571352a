// What does a model's document mean? A second reading of docs/MODELS.md, in few lines: scores of a row for each cluster.

const squares = (values) => values.reduce((sum, value) => sum + value * value, 0);
const dot = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0);

/** Yeo and Johnson's power. */
function bent(value, lambda) {
  const power = value >= 0 ? lambda : 2 - lambda;
  const log = Math.log1p(Math.abs(value));
  return (value >= 0 ? 1 : -1) * (power === 0 ? log : Math.expm1(power * log) / power);
}

/** The straight line between the landmarks on either side. */
function along(marks, value) {
  const after = marks.findIndex(([from]) => from > value);
  if (after <= 0) return marks[after === 0 ? 0 : marks.length - 1][1];
  const [[from, to], [nextFrom, nextTo]] = [marks[after - 1], marks[after]];
  return to + (nextTo - to) * ((value - from) / (nextFrom - from));
}

/** A feature's scaled value; NaN where it is missing. `value` is a number, a text, true or false, or null. */
function scaled({ scale, fill, level }, value) {
  let number = value === null ? Number.NaN : Number(value);
  if (level === "missing") number = value === null ? 1 : 0;
  else if (level?.other) number = value === null ? Number.NaN : level.other.includes(String(value)) ? 0 : 1;
  else if (level) number = value === null ? Number.NaN : String(value) === level.text ? 1 : 0;
  if (Number.isNaN(number) && fill !== undefined) number = fill;
  if (Number.isNaN(number)) return number;
  if (scale.transform === "log") number = Math.log1p(Math.max(number, 0));
  if (scale.transform === "yeo-johnson") number = bent(number, scale.lambda);
  if (scale.transform === "quantile") number = along(scale.landmarks, number);
  return (number - scale.center) * (scale.weight / scale.spread);
}

/** Every rival for a row: its score and its cluster, −1 for none; nothing where a value is missing, or no answer is known. */
export function rivals({ features, model }, row) {
  const x = features.map((feature) => scaled(feature, row[feature.column]));
  if (x.some(Number.isNaN) || (model.kind === "classes" && x.every((value) => value === 0))) return [];
  const near = (point, cluster) => ({ score: -squares(x.map((value, at) => value - point[at])), cluster });
  switch (model.kind) {
    case "centers":
      return model.centers.map(near);
    case "prototypes":
      return model.points.map((point, at) => near(point, model.clusters[at]));
    case "classes":
      return model.shares.map((share, cluster) => ({
        score: Math.log(share) + dot(x, model.answers[cluster]),
        cluster,
      }));
    default:
      return model.shares.map((share, cluster) => {
        const away = x.map((value, at) => value - model.means[cluster][at]);
        const lines = x.map((_, at) => model.roots[cluster].slice(at * x.length, at * x.length + at + 1));
        const logs = lines.reduce((sum, line) => sum + Math.log(line.at(-1)), 0);
        return { score: Math.log(share) + logs - squares(lines.map((line) => dot(line, away))) / 2, cluster };
      });
  }
}

/** Whether the two best scores of different clusters lie so near to each other that rounding decides. */
export function isNearTie(document, row) {
  const [best, ...others] = rivals(document, row).sort((a, b) => b.score - a.score);
  const next = others.find(({ cluster }) => cluster !== best.cluster);
  return next !== undefined && Math.abs(best.score - next.score) <= 1e-9 * Math.max(1, Math.abs(best.score));
}
