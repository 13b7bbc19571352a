import { useState } from "preact/hooks";
import type { ColumnInfo } from "../model.ts";
import { isPersonal, masked } from "./Columns.tsx";
import { Scroller } from "./Scroller.tsx";

/** The first rows; personal columns stay masked until asked for. */
export function Preview({ columns, rows }: { columns: readonly ColumnInfo[]; rows: string[][] }) {
  const [shown, setShown] = useState(false);
  return (
    <section class="panel" aria-labelledby="preview-title">
      <div class="row">
        <h2 id="preview-title" class="grow">
          First rows
        </h2>
        {columns.some(isPersonal) && (
          <label class="check">
            <input type="checkbox" checked={shown} onChange={() => setShown(!shown)} /> Show personal columns
          </label>
        )}
      </div>
      <Scroller label="First rows, scrolls sideways">
        <table class="small cells">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col" class={column.type === "number" ? "number" : undefined}>
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {columns.map((column, at) => {
                  const value = row[at] ?? "";
                  return (
                    <td key={column.name} class={column.type === "number" ? "number" : undefined}>
                      {isPersonal(column) && !shown ? masked(value) : value}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </section>
  );
}
