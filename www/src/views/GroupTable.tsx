/** Groups of customers with their size and their share of revenue: the segments, or the groups of a partition. */
import type { ComponentChildren } from "preact";
import { percent } from "../format.ts";
import { SizeCell } from "./Figure.tsx";
import { Icon } from "./Icon.tsx";

export interface GroupRow {
  key: string;
  head: ComponentChildren;
  n: number;
  share: number;
  revenueShare: number | undefined;
  /** Makes the group, which is called as the key says, a segment; not of those without customers. */
  toSegment?: () => void;
  /** What always stands below the others. */
  fixed?: boolean;
}

export function GroupTable({ what, caption, rows }: { what: string; caption: string; rows: readonly GroupRow[] }) {
  return (
    <table class="groups">
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{what}</th>
          <th scope="col" class="number">
            Customers
          </th>
          <th scope="col" class="number">
            Revenue
          </th>
          <th scope="col">
            <span class="hidden">Action</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, head, n, share, revenueShare, toSegment, fixed }) => (
          <tr key={key} class={fixed ? "fixed" : undefined}>
            <th scope="row">{head}</th>
            <td class="number">
              <SizeCell n={n} share={share} />
            </td>
            <td class="number">{revenueShare === undefined ? "–" : percent(revenueShare)}</td>
            <td class="number">
              {toSegment && n > 0 && (
                <button
                  type="button"
                  class="quiet-button"
                  title="Make it a segment"
                  aria-label={`Make ${key} a segment`}
                  onClick={toSegment}
                >
                  <Icon name="plus" />
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
