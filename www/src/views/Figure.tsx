/** The frame of every picture: a finding as title, what is measured, the picture or the same numbers as a table. */
import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { download } from "../download.ts";
import { count, percent } from "../format.ts";
import { csvOf, svgOf } from "../picture.ts";
import { Icon } from "./Icon.tsx";
import { Menu } from "./Menu.tsx";
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
  const chart = useRef<HTMLDivElement>(null);
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
  const entries = [
    {
      label: "Numbers as CSV",
      run: () => save(csvOf(numbers.head, numbers.rows), title, "csv"),
    },
    table
      ? undefined
      : {
          label: "Picture as SVG",
          run: () => {
            const picture = chart.current?.querySelector("svg");
            if (picture) save(svgOf(picture, title), title, "svg");
          },
        },
  ];
  return (
    <section class="figure panel" aria-labelledby={id}>
      <header>
        <div>
          <h2 id={id}>{title}</h2>
          <p class="quiet">{subtitle}</p>
        </div>
        <div class="figure-tools">
          <button type="button" class="small-button" aria-pressed={table} onClick={() => setTable(!table)}>
            Table
          </button>
          <Menu label={`Save “${title}”`} kind="quiet-button" entries={entries}>
            <Icon name="download" />
          </Menu>
        </div>
      </header>
      {table ? (
        <NumberTable numbers={numbers} caption={title} />
      ) : (
        <>
          <div class="chart" ref={chart} role="img" tabIndex={0} aria-label={summary} onKeyDown={step} onClick={click}>
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

/** The same table as a file. */
export function TakeTable({ numbers, title }: { numbers: Numbers | (() => Numbers); title: string }) {
  const take = (): void => {
    const { head, rows } = typeof numbers === "function" ? numbers() : numbers;
    save(csvOf(head, rows), title, "csv");
  };
  return (
    <div>
      <button type="button" class="small-button" onClick={take}>
        <Icon name="download" /> CSV
      </button>
    </div>
  );
}

const TYPES = { csv: "text/csv;charset=utf-8", svg: "image/svg+xml" };

const save = (text: string, title: string, ending: keyof typeof TYPES): void =>
  download(new Blob([text], { type: TYPES[ending] }), `${slug(title)}.${ending}`);

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40);

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
