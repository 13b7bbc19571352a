/** A nearer look at clusters: customers inside an area of the map, customers who stand for a cluster, and why one is in it. */
import { type Extent, inside, type Point, within } from "../clusters/geometry.ts";
import type { Nearness } from "../clusters/shapes.ts";
import { download } from "../download.ts";
import type { ClusterMap } from "../engine.ts";
import { number } from "../format.ts";
import { state } from "../state.ts";
import { type Desk, say } from "./desk.ts";

/** Customers of each kind that are shown. */
const FACES = 4;

/** All customers on the map, also those that are not drawn, by their clustering. */
const wholeMaps = new WeakMap<object, ClusterMap>();

export async function lasso(desk: Desk, area: readonly Point[], edges?: Extent): Promise<void> {
  const { study, clustering, customers } = desk;
  state.lassoed.value = null;
  if (!study || !clustering || !customers || area.length < 3) return;
  const found = await desk.run("Looking for a rule", async () => {
    const map = wholeMaps.get(clustering) ?? (await clustering.map({ maxPoints: customers.rowCount }));
    wholeMaps.set(clustering, map);
    const at = edges ? within(edges, map.x, map.y) : inside(area, map.x, map.y);
    const rows = Uint32Array.from(at, (point) => map.rows[point] as number);
    if (rows.length === 0) return { n: 0, text: "", precision: Number.NaN, recall: Number.NaN, taken: 0 };
    const { text, precision, recall } = await study.explainRows(rows, ownColumns());
    const { in: taken } = await study.count(text);
    return { n: rows.length, text, precision, recall, taken };
  });
  if (!found || desk.clustering !== clustering) return;
  state.lassoed.value = found;
}

/** The columns that the clusters were made by: a rule over them is one that the map can show. */
const ownColumns = (): string[] => [...(state.clusters.value?.columns ?? [])];

export async function showFaces(desk: Desk, label: string | undefined): Promise<void> {
  const cluster = state.clusters.value?.clusters.find((one) => one.label === label);
  const { customers } = desk;
  state.faces.value = null;
  if (!cluster || !customers) return;
  const id = customers.columns.find(({ role }) => role === "customer-id")?.name;
  const columns = ownColumns();
  const shown = id === undefined ? columns : [id, ...columns];
  const rows = [];
  for (const [list, typical] of [
    [cluster.typical, true],
    [cluster.borderline, false],
  ] as const) {
    for (const row of list.slice(0, FACES)) {
      const [cells = []] = await customers.rows({ offset: row, limit: 1, columns: shown });
      const words = cells.map((cell) => (typeof cell === "number" ? number(cell) : cell === null ? "–" : String(cell)));
      const name = id === undefined ? `Row ${row + 1}` : String(cells[0]);
      rows.push({ row, typical, cells: [name, ...words.slice(id === undefined ? 0 : 1)] });
    }
  }
  if (desk.customers !== customers) return;
  state.faces.value = { label: cluster.label, head: ["Customer", ...columns], rows };
  say(`${rows.length} customers of ${cluster.name}`);
}

export async function whyHere(desk: Desk, row: number): Promise<void> {
  const { clustering } = desk;
  if (!clustering) return;
  try {
    const why: Nearness = await clustering.why(row);
    const faces = state.faces.value;
    if (!faces || desk.clustering !== clustering) return;
    state.faces.value = { ...faces, rows: faces.rows.map((one) => (one.row === row ? { ...one, why } : one)) };
  } catch (error) {
    desk.fail(error);
  }
}

/** The model as a file: labels of next month's customers without a new search, here or elsewhere. */
export async function takeModel(desk: Desk, format: "json" | "onnx" | "pmml"): Promise<void> {
  const { clustering, file } = desk;
  if (!clustering || !file) return;
  const blob = await desk.run("Writing the model", async () => {
    if (format === "onnx")
      return new Blob([new Uint8Array(await clustering.toONNX())], { type: "application/octet-stream" });
    if (format === "pmml") return new Blob([await clustering.toPMML()], { type: "application/xml" });
    return new Blob([JSON.stringify(clustering)], { type: "application/json" });
  });
  if (!blob) return;
  const name = `${file.name.replace(/(\.(csv|tsv|txt|gz))+$/i, "")}-clusters.${format}`;
  download(blob, name);
  say(`${name} was handed to your browser’s downloads`);
}
