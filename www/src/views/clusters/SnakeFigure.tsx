/** In which features the clusters differ. */
import { SnakePlot } from "../../charts/SnakePlot.tsx";
import type { Clusters } from "../../clusters/shapes.ts";
import { count } from "../../format.ts";
import { Figure } from "../Figure.tsx";

const signed = (value: number): string =>
  Number.isFinite(value) ? `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}` : "–";

export function SnakeFigure({ found }: { found: Clusters }) {
  const { snake, clusters } = found;
  const first = snake.features[0];
  const logs =
    snake.logs === 0
      ? ""
      : snake.logs === snake.features.length
        ? " of the logarithms"
        : ` (logarithms for ${snake.logs})`;
  return (
    <Figure
      title={first ? `${first.name} tells the clusters apart most` : "How the clusters differ"}
      subtitle={`Means${logs} in standard deviations of everyone, with their 95 % band; 0 is the mean of n = ${count(found.customers - found.notClustered)}. The features that part most (η²) come first${snake.others > 0 ? `; ${snake.others} that part less are left out` : ""}.`}
      summary={`Standardised means by cluster. ${clusters.map((_, at) => `${at + 1}: ${snake.features.map(({ name }, feature) => `${name} ${signed(snake.lines[at]?.means[feature] ?? Number.NaN)}`).join(", ")}`).join("; ")}.`}
      numbers={{
        head: ["Cluster", "n", ...snake.features.map(({ name }) => name)],
        rows: clusters.map((cluster, at) => [
          cluster.name,
          count(cluster.n),
          ...snake.features.map((_, feature) => {
            const { means, margins } = snake.lines[at] ?? { means: [], margins: [] };
            return `${signed(means[feature] ?? Number.NaN)} ± ${(margins[feature] ?? Number.NaN).toFixed(2)}`;
          }),
        ]),
      }}
    >
      <SnakePlot snake={snake} colors={clusters.map(({ color }) => color)} />
    </Figure>
  );
}
