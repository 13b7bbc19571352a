/** Who moved from which group to which: two columns of groups, as tall as they are large, and bands between them. */
import type { Flow } from "../changes/shapes.ts";
import { short, shortened } from "../format.ts";
import { spread } from "./labels.ts";
import { useWidth } from "./useWidth.ts";

interface Props {
  labels: readonly string[];
  colors: readonly number[];
  /** In the order of the rows that are read out. */
  flows: readonly Flow[];
  /** What is marked as a flow that can be taken. */
  can(flow: number): boolean;
}

const GAP = 8;
const BAR = 14;

export function Alluvial({ labels, colors, flows, can }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const height = Math.max(280, labels.length * 40);
  const margin = Math.min(170, width * 0.3);
  // Where there is little room, the numbers stand in the table only.
  const narrow = width < 460;
  const letters = Math.floor((margin - (narrow ? 24 : 66)) / 6.6);
  const [left, right] = [margin, width - margin];
  // Everyone who came stands below the groups on the left, everyone who went below those on the right.
  const order = [...labels.keys(), -1];
  const sizes = (side: "from" | "to"): number[] =>
    order.map((group) => flows.reduce((sum, flow) => sum + (flow[side] === group ? flow.n : 0), 0));
  const [before, after] = [sizes("from"), sizes("to")];
  const all = Math.max(1, ...[before, after].map((side) => side.reduce((sum, n) => sum + n, 0)));
  const unit = (height - GAP * labels.length) / all;
  const tops = (side: readonly number[]): number[] => {
    let top = 0;
    return side.map((n) => {
      const own = top;
      top += n * unit + (n > 0 ? GAP : 0);
      return own;
    });
  };
  const [leftTops, rightTops] = [tops(before), tops(after)];
  const bands = placed(flows, order, leftTops, rightTops, unit);
  const column = (side: readonly number[], at: readonly number[], first: boolean) => {
    const there = order.map((group, place) => ({ group, place })).filter(({ place }) => (side[place] ?? 0) > 0);
    const heights = spread(
      there.map(({ place }) => (at[place] ?? 0) + ((side[place] ?? 0) * unit) / 2),
      16,
    );
    return there.map(({ group, place }, index) => (
      <g key={group}>
        <rect
          class={group < 0 ? "other-side" : `fill-${colors[group] ?? 0}`}
          x={first ? left - BAR : right}
          y={at[place]}
          width={BAR}
          height={Math.max(1, (side[place] ?? 0) * unit)}
        />
        <text
          x={first ? left - BAR - 8 : right + BAR + 8}
          y={(heights[index] ?? 0) + 4}
          text-anchor={first ? "end" : "start"}
        >
          {shortened(group < 0 ? (first ? "New" : "Gone") : (labels[group] ?? ""), letters)}
          {!narrow && <tspan class="quiet-fill"> {short(side[place] ?? 0)}</tspan>}
        </text>
      </g>
    ));
  };
  const middle = (left + right) / 2;
  return (
    <div ref={ref}>
      <svg viewBox={`0 -12 ${width} ${height + 40}`} width={width} height={height + 40} aria-hidden="true">
        {bands.map(({ flow, from, to, thick }, index) => (
          <path
            key={`${flow.from} ${flow.to}`}
            class={`flow ${flow.from < 0 ? "other-side" : `fill-${colors[flow.from] ?? 0}`}${can(index) ? " takes" : ""}`}
            data-mark={index}
            d={`M${left} ${from}C${middle} ${from} ${middle} ${to} ${right} ${to}V${to + thick}C${middle} ${to + thick} ${middle} ${from + thick} ${left} ${from + thick}Z`}
          />
        ))}
        {column(before, leftTops, true)}
        {column(after, rightTops, false)}
      </svg>
    </div>
  );
}

/** Where each flow begins and ends: within a group in the order of those it goes to, or comes from. */
function placed(
  flows: readonly Flow[],
  order: readonly number[],
  left: readonly number[],
  right: readonly number[],
  unit: number,
) {
  const rank = (group: number): number => order.indexOf(group);
  const bands = flows.map((flow) => ({ flow, from: 0, to: 0, thick: Math.max(0.5, flow.n * unit) }));
  const lay = (side: "from" | "to", tops: readonly number[], by: "from" | "to"): void => {
    const next = [...tops];
    for (const band of [...bands].sort((a, b) => rank(a.flow[by]) - rank(b.flow[by]))) {
      const place = rank(band.flow[side]);
      band[side] = next[place] ?? 0;
      next[place] = (next[place] ?? 0) + band.flow.n * unit;
    }
  };
  lay("from", left, "to");
  lay("to", right, "from");
  return bands;
}
