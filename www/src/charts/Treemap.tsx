/** Groups as tiles: the area is their customers, the colour the money of one of them. */
import { percent, short } from "../format.ts";
import { squarify } from "./squarify.ts";
import { heat, useWidth } from "./useWidth.ts";

/** A smaller tile has no room for its name; the table has it. */
const NAMED = 0.03;

export interface Patch {
  label: string;
  n: number;
  share: number;
  /** Money of one customer; missing where there is no money. */
  each: number | undefined;
}

export function Treemap({ patches }: { patches: readonly Patch[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(560);
  const height = Math.round(width < 460 ? width : width * 0.56);
  const tiles = squarify(
    patches.map(({ n }) => n),
    width,
    height,
  );
  const richest = Math.max(...patches.map(({ each }) => each ?? 0), 1e-9);
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        {patches.map(({ label, share, each }, at) => {
          const tile = tiles[at];
          if (!tile) return null;
          const step = heat(each ?? 0, richest);
          const room = Math.floor((tile.width - 12) / 7.2);
          const named = share >= NAMED && tile.height >= 22 && room >= 4;
          const lines = named ? wrapped(label, room) : [];
          return (
            <g key={label} data-mark={at}>
              <rect
                class={`heat-${step}`}
                x={tile.x + 1}
                y={tile.y + 1}
                width={Math.max(0, tile.width - 2)}
                height={Math.max(0, tile.height - 2)}
                rx="4"
              />
              {lines.map((line, row) => (
                <text key={row} class={`strong on-heat-${step}`} x={tile.x + 8} y={tile.y + 18 + row * 16}>
                  {line}
                </text>
              ))}
              {named && tile.height >= 24 + lines.length * 16 + 10 && (
                <text class={`small-text on-heat-${step}`} x={tile.x + 8} y={tile.y + 18 + lines.length * 16}>
                  {percent(share)}
                </text>
              )}
              {named && each !== undefined && tile.height >= 24 + lines.length * 16 + 26 && room >= 8 && (
                <text class={`small-text on-heat-${step}`} x={tile.x + 8} y={tile.y + 34 + lines.length * 16}>
                  {short(Math.round(each))} each
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** A name in at most two lines; what is too long ends in dots. */
function wrapped(name: string, room: number): string[] {
  if (name.length <= room) return [name];
  const cut = name.lastIndexOf(" ", room);
  const clip = (part: string): string => (part.length <= room ? part : `${part.slice(0, room - 1)}…`);
  return cut > 0 ? [name.slice(0, cut), clip(name.slice(cut + 1))] : [clip(name)];
}
