/** RFM as a person sets it: scale, bands, groups, and edges that move to values there are. */
import type { NestedEdges, RfmGrouping, RfmOptions, Study } from "../engine.ts";
import { rfmCells } from "../figures.ts";
import { number } from "../format.ts";
import type { Problem, Rfm } from "../model.ts";
import { moved, nearest, neighbour, settled, strip } from "../rfm/edges.ts";
import {
  AXES,
  type AxisName,
  type Bands,
  type EdgeTo,
  type Inside,
  type RfmSetup,
  type SchemeName,
  type Strips,
} from "../rfm/shapes.ts";
import { slices } from "../slices.ts";
import { isProblem, state } from "../state.ts";
import { type Desk, inWords, say } from "./desk.ts";
import { groupsOf } from "./groups.ts";
import { contents } from "./saved.ts";

/** How scores and groups are asked for now. */
export function rfmOptions(): RfmOptions {
  const { scale, bands, nested, edges, nestedEdges, scheme } = state.rfmSetup.value;
  const own = Object.entries(edges).map(([axis, list]) => [axis, [...list]]);
  return {
    scale,
    bands,
    nested,
    ...(nestedEdges && { nestedEdges }),
    scheme: typeof scheme === "string" ? scheme : [...scheme],
    ...(own.length > 0 && { edges: Object.fromEntries(own) }),
  };
}

/** Scores anew. Where that cannot be, all stays as it was. */
export async function setUpRfm(desk: Desk, change: Partial<RfmSetup>): Promise<void> {
  const { study } = desk;
  if (!study) return;
  const before = state.rfmSetup.value;
  const scale = change.scale ?? before.scale;
  // Edges are for so many bands, and found by other means with other bands.
  const keeps = scale === before.scale && (change.bands ?? before.bands) === before.bands;
  const { nestedEdges: frozen, ...rest } = before;
  // Nested edges of a project are of the bands around them.
  const stays = keeps && frozen && !change.edges && (change.nested ?? before.nested);
  const edges = change.edges ?? (keeps ? before.edges : {});
  state.rfmSetup.value = { ...rest, ...change, edges, ...(stays && { nestedEdges: frozen }) };
  const asked = state.rfmSetup.value;
  const rfm = await scored(desk, study);
  if (desk.study !== study || state.rfmSetup.value !== asked) return;
  if (isProblem(rfm)) {
    state.rfmSetup.value = before;
    state.problem.value = rfm;
    return;
  }
  state.problem.value = null;
  state.rfm.value = rfm;
  await refreshInside(desk);
  if (state.agreement.value) void layBeside(desk, state.agreement.value.beside);
  if (state.profiled.value?.key === "rfm") state.profiled.value = null;
  say(`Customers are scored from 1 to ${scale}, in ${rfm.groups.length} groups.`);
}

/** Moves one edge; the others of its axis stay where they are. Of nested bands it is one inside those that are looked at. */
export async function moveEdge(desk: Desk, axis: AxisName, index: number, to: EdgeTo): Promise<void> {
  const rfm = state.rfm.value;
  if (!desk.axes || !rfm || isProblem(rfm)) return;
  const inside = axis !== "recency" && rfm.nested ? state.inside.value : null;
  const values = inside ? (await insideOf(desk, axis, inside)).values : desk.axes[axis];
  const own = inside ? undefined : state.rfmSetup.value.edges[axis];
  const found = inside && axis !== "recency" ? inside.edges[axis] : rfm.edges[axis];
  const edges = own ?? found.map((edge) => settled(values, edge));
  const edge = edges[index];
  if (edge === undefined) return;
  const place =
    typeof to === "number"
      ? to
      : typeof to === "object"
        ? nearest(values, to.near)
        : neighbour(values, edge, to === "up");
  const next = place === undefined ? undefined : moved(edges, index, place);
  if (!next) {
    say(`The edge stays at ${number(edge)}: it cannot pass its neighbours or leave the values there are.`);
    return;
  }
  await setUpRfm(
    desk,
    inside
      ? { edges: { recency: rfm.edges.recency }, nestedEdges: withEdges(rfm.nestedEdges, inside, axis, next) }
      : { edges: { ...state.rfmSetup.value.edges, [axis]: next } },
  );
  say(`Edge at ${number(place)}`);
}

/** Nested edges with one list replaced. Where those of orders move, those of money inside them are found anew. */
function withEdges(all: NestedEdges | undefined, at: Inside, axis: AxisName, next: readonly number[]): NestedEdges {
  const { frequency = [], monetary = [] } = all ?? {};
  const [r, f] = [at.recency - 1, at.frequency - 1];
  const put = <T>(list: readonly T[], place: number, one: T): T[] =>
    list.map((old, here) => (here === place ? one : old));
  return axis === "frequency"
    ? { frequency: put(frequency, r, [...next]), monetary: put(monetary, r, []) }
    : { frequency, monetary: put(monetary, r, put(monetary[r] ?? [], f, [...next])) };
}

/** What the `n` customers of a recency score have, of money those who have the frequency score, too; NaN of all others. */
async function insideOf(desk: Desk, axis: AxisName, { recency, frequency }: Bands) {
  const { axes, rfm } = desk;
  const all = axes?.[axis] ?? new Float64Array(0);
  const values = new Float64Array(all.length).fill(Number.NaN);
  let n = 0;
  await slices(all.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const fits = axis === "frequency" || rfm?.scores.frequency[row] === frequency;
      const value = all[row] as number;
      if (!fits || rfm?.scores.recency[row] !== recency || Number.isNaN(value)) continue;
      values[row] = value;
      n += 1;
    }
  });
  return { values, n };
}

/** Shows the bands of orders inside a recency score, and those of money inside a frequency score of it. */
export async function lookInside(desk: Desk, bands: Bands): Promise<void> {
  desk.bands = bands;
  const rfm = state.rfm.value;
  const nested = rfm && !isProblem(rfm) ? rfm.nestedEdges : undefined;
  if (!nested || !desk.axes) {
    state.inside.value = null;
    return;
  }
  const of = async (axis: "frequency" | "monetary") => {
    const { values, n } = await insideOf(desk, axis, bands);
    return { strip: await strip(axis, values), n };
  };
  const [orders, money] = [await of("frequency"), await of("monetary")];
  // Other bands may have been asked for since, or scores made anew.
  if (desk.bands !== bands || state.rfm.value !== rfm) return;
  const { recency, frequency } = bands;
  state.inside.value = {
    recency,
    frequency,
    edges: {
      frequency: nested.frequency[recency - 1] ?? [],
      monetary: nested.monetary[recency - 1]?.[frequency - 1] ?? [],
    },
    strips: { frequency: orders.strip, monetary: money.strip },
    n: { frequency: orders.n, monetary: money.n },
  };
}

/** The same bands after scores were made anew; the most recent customers, and those who order most, at first. */
async function refreshInside(desk: Desk): Promise<void> {
  const rfm = state.rfm.value;
  if (!rfm || isProblem(rfm)) return;
  const { recency = rfm.scale, frequency = rfm.scale } = state.inside.value ?? {};
  await lookInside(desk, { recency: Math.min(recency, rfm.scale), frequency: Math.min(frequency, rfm.scale) });
}

/** Lays another list of groups beside the one in use, or puts it away. */
export async function layBeside(desk: Desk, scheme: SchemeName | undefined): Promise<void> {
  const { study, rfm } = desk;
  if (!study || !rfm || scheme === undefined) {
    state.agreement.value = null;
    return;
  }
  try {
    const { labels, pairs } = await study.agreement([rfm, scheme]);
    const pair = pairs[0];
    if (desk.rfm !== rfm || !pair) return;
    const { adjustedRand, cells, n } = pair;
    state.agreement.value = { beside: scheme, adjustedRand, a: labels[0] ?? [], b: labels[1] ?? [], cells, n };
  } catch (error) {
    desk.fail(error);
  }
}

/** What the screen shows beside the scores: how money is shared out, and the built-in lists to edit. */
async function drawRest(desk: Desk): Promise<void> {
  const { study } = desk;
  if (!study) return;
  const concentration = state.study.value?.revenue
    ? await study.concentration({ column: state.study.value.revenue }).catch(() => null)
    : null;
  const schemes = await study.schemes().catch(() => []);
  if (desk.study !== study) return;
  state.concentration.value = concentration;
  state.schemes.value = schemes;
}

export async function scored(desk: Desk, study: Study): Promise<Rfm | Problem> {
  try {
    const { scale, nested } = state.rfmSetup.value;
    return await shown(desk, await study.rfm(rfmOptions()), scale, nested);
  } catch (error) {
    return inWords(error);
  }
}

async function shown(desk: Desk, grouping: RfmGrouping, scale: number, nested: boolean): Promise<Rfm> {
  desk.rfm = grouping;
  const { recency, frequency } = grouping.scores;
  const cells = await rfmCells(recency, frequency, desk.revenue, scale);
  const scored = cells.map((row) => row.reduce((n, cell) => n + cell.n, 0));
  return {
    scale,
    nested,
    possible: grouping.possible,
    cells,
    edges: grouping.edges,
    nestedEdges: grouping.nestedEdges,
    groups: await groupsOf(desk, grouping),
    notes: grouping.findings.map(({ message }) => message),
    levels: scored.filter((n) => n > 0).length,
    unscored: recency.length - scored.reduce((sum, n) => sum + n, 0),
  };
}

/** Shows scores that a project has made by its own edges; they stay until a person moves them. */
export async function takeFrozen(desk: Desk, grouping: RfmGrouping): Promise<void> {
  const { edges, nestedEdges } = grouping;
  const scale = edges.recency.length + 1;
  const scheme = contents(desk.study?.recipe).groupings.find(({ kind }) => kind === "rfm")?.scheme ?? "segments-11";
  state.rfmSetup.value = {
    scale,
    bands: "quantile",
    nested: nestedEdges !== undefined,
    edges: nestedEdges ? { recency: edges.recency } : edges,
    ...(nestedEdges && { nestedEdges }),
    scheme,
  };
  state.rfm.value = await shown(desk, grouping, scale, nestedEdges !== undefined);
}

/** The values behind the edges, and how they lie. */
export async function drawStrips(desk: Desk): Promise<void> {
  const { study, customers } = desk;
  if (!customers || !state.rfm.value || isProblem(state.rfm.value)) return;
  const values = {} as Record<AxisName, Float64Array>;
  const strips = {} as Record<AxisName, Strips[AxisName]>;
  const orders = await customers.column("frequency");
  for (const { axis, column } of AXES) {
    const all = await customers.column(column);
    if (!(all instanceof Float64Array)) return;
    const own = new Float64Array(all.length);
    await slices(all.length, (from, to) => {
      // Whoever has no order has no scores.
      for (let row = from; row < to; row++) own[row] = (orders[row] as number) > 0 ? (all[row] as number) : Number.NaN;
    });
    values[axis] = own;
    strips[axis] = await strip(axis, own);
  }
  if (desk.study !== study) return;
  desk.axes = values;
  state.strips.value = strips;
  await refreshInside(desk);
  await drawRest(desk);
}
