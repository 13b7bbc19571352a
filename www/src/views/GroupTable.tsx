/** Groups of customers with their size and their share of revenue: the segments, or the groups of a partition. */
import type { ComponentChildren } from "preact";
import { percent } from "../format.ts";
import { SizeCell } from "./Figure.tsx";

export interface GroupRow {
  key: string;
  head: ComponentChildren;
  n: number;
  share: number;
  revenueShare: number | undefined;
  action?: ComponentChildren;
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
        {rows.map(({ key, head, n, share, revenueShare, action, fixed }) => (
          <tr key={key} class={fixed ? "fixed" : undefined}>
            <th scope="row">{head}</th>
            <td class="number">
              <SizeCell n={n} share={share} />
            </td>
            <td class="number">{revenueShare === undefined ? "–" : percent(revenueShare)}</td>
            <td class="number">{action}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
