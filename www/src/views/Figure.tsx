/** The frame of every picture: a finding as title, what is measured, the picture or the same numbers as a table. */
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { count, percent } from "../format.ts";
import { Scroller } from "./Scroller.tsx";

export interface Numbers {
  head: string[];
  rows: (string | number)[][];
}

interface Props {
  title: string;
  subtitle: string;
  /** What a screen reader says in place of the picture. */
  summary: string;
  /** The picture's own numbers; also read one by one with the arrow keys. */
  numbers: Numbers;
  /** What can be done with a mark: by a click on what carries its row’s number as data-mark, or by keyboard once it is read. */
  pick?: { label: string; can(row: number): boolean; run(row: number): void };
  /** What belongs to the picture and is there in either form. */
  foot?: ComponentChildren;
  children: ComponentChildren;
}

export function Figure({ title, subtitle, summary, numbers, pick, foot, children }: Props) {
  const [table, setTable] = useState(false);
  const [at, setAt] = useState(-1);
  const id = useId();
  const row = numbers.rows[at];
  const step = (event: KeyboardEvent): void => {
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    setAt((now) => Math.min(numbers.rows.length - 1, Math.max(0, now + move)));
  };
  const click = (event: MouseEvent): void => {
    const mark = (event.target as Element).closest<SVGElement>("[data-mark]")?.dataset.mark;
    if (pick && mark !== undefined && pick.can(Number(mark))) pick.run(Number(mark));
  };
  return (
    <section class="figure panel" aria-labelledby={id}>
      <header>
        <div>
          <h2 id={id}>{title}</h2>
          <p class="quiet">{subtitle}</p>
        </div>
        <button type="button" class="small-button" aria-pressed={table} onClick={() => setTable(!table)}>
          Table
        </button>
      </header>
      {table ? (
        <NumberTable numbers={numbers} caption={title} />
      ) : (
        <>
          <div class="chart" role="img" tabIndex={0} aria-label={summary} onKeyDown={step} onClick={click}>
            {children}
          </div>
          <div class="row">
            <p class="readout" role="status">
              {row ? row.map((cell, index) => `${numbers.head[index]}: ${cell}`).join(" · ") : ""}
            </p>
            {row && pick?.can(at) && (
              <button type="button" class="small-button" onClick={() => pick.run(at)}>
                {pick.label}
              </button>
            )}
          </div>
        </>
      )}
      {foot}
    </section>
  );
}

export function NumberTable({ numbers, caption }: { numbers: Numbers; caption: string }) {
  return (
    <Scroller label={`${caption}, as a table`}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {numbers.head.map((name, index) => (
              <th key={name} scope="col" class={index > 0 ? "number" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {numbers.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) =>
                at === 0 ? (
                  <th key={at} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={at} class="number">
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

/** A number of customers with its share of all below. */
export function SizeCell({ n, share }: { n: number; share: number }) {
  return (
    <>
      {count(n)}
      <br />
      <span class="quiet small-text">{percent(share)}</span>
    </>
  );
}
