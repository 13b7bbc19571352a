/** Fields for one value, typed as their column is. What is no value yet is marked and changes nothing. */
import { useId, useLayoutEffect, useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import type { ColumnInfo } from "../../model.ts";
import { dayOf } from "../../rule/row.ts";
import { plural } from "../../rule/vocabulary.ts";
import { state } from "../../state.ts";
import { isPersonal } from "../Columns.tsx";

export interface ValueProps {
  label: string;
  column: ColumnInfo | undefined;
  columns: readonly ColumnInfo[];
  value: unknown;
  put(value: unknown): void;
  actions: Actions;
}

/** One value. */
export function One({ label, column, value, put, actions, typeless }: ValueProps & { typeless?: boolean }) {
  const type = typeless ? "text" : column?.type;
  if (type === "boolean") {
    // Rules may also say it in the file’s own words.
    const said = String(value);
    const now = /^(true|yes|y|1)$/i.test(said) ? "true" : /^(false|no|n|0)$/i.test(said) ? "false" : said;
    return (
      <select aria-label={label} value={now} onChange={(event) => put(event.currentTarget.value === "true")}>
        <option value="true">yes</option>
        <option value="false">no</option>
        {now === said && now !== "true" && now !== "false" && <option value={now}>{now}</option>}
      </select>
    );
  }
  if (type === "date" || type === "time") {
    const day = dayOf(value) ?? String(value);
    return (
      <Typed
        label={label}
        kind="date"
        shown={day}
        read={(text) => (text === "" ? undefined : { date: text })}
        put={put}
      />
    );
  }
  if (type === "number" || typeof value === "number")
    return <NumberInput label={label} value={value as number} put={put} />;
  return <TextInput label={label} column={column} value={String(value)} put={put} actions={actions} />;
}

export function NumberInput({
  label,
  value,
  put,
  whole,
}: {
  label: string;
  value: number;
  put(value: number): void;
  whole?: boolean;
}) {
  const read = (text: string): number | undefined => {
    const found = Number(text.trim().replace(",", "."));
    if (text.trim() === "" || !Number.isFinite(found)) return undefined;
    return whole && !(Number.isInteger(found) && found >= 1) ? undefined : found;
  };
  return <Typed label={label} kind="number" shown={String(value)} read={read} put={put} />;
}

/** A text with the values of its column to choose from. */
function TextInput({
  label,
  column,
  value,
  put,
  actions,
}: Pick<ValueProps, "label" | "column" | "put" | "actions"> & { value: string }) {
  const list = useId();
  return (
    <>
      <Typed
        label={label}
        kind="text"
        shown={value}
        read={(text) => text}
        put={put}
        list={list}
        onFocus={() => column && actions.suggest(column.name)}
      />
      <Suggestions id={list} column={column} />
    </>
  );
}

/** Values of a column, never of a personal one. */
export function Suggestions({ id, column }: { id: string; column: ColumnInfo | undefined }) {
  const values = column && !isPersonal(column) ? (state.values.value.get(column.name) ?? column.sample) : [];
  return (
    <datalist id={id}>
      {values.map((value) => (
        <option key={value} value={value} />
      ))}
    </datalist>
  );
}

interface TypedProps<T> {
  label: string;
  kind: "text" | "number" | "date";
  shown: string;
  read(text: string): T | undefined;
  put(value: T): void;
  list?: string;
  onFocus?: () => void;
}

/** A field that keeps what is typed while it is no value yet. */
function Typed<T>({ label, kind, shown, read, put, list, onFocus }: TypedProps<T>) {
  const [text, setText] = useState(shown);
  // At once, or the next letter would come before it.
  useLayoutEffect(() => setText((now) => (sameValue(read(now), read(shown)) ? now : shown)), [shown]);
  const wrong = read(text) === undefined;
  return (
    <input
      type={kind === "date" ? "date" : "text"}
      class={`value ${kind}`}
      inputMode={kind === "number" ? "decimal" : undefined}
      aria-label={label}
      aria-invalid={wrong || undefined}
      autocomplete="off"
      spellcheck={false}
      value={text}
      list={list}
      onFocus={onFocus}
      onInput={(event) => {
        const now = event.currentTarget.value;
        setText(now);
        const value = read(now);
        if (value !== undefined) put(value);
      }}
      onBlur={() => wrong && setText(shown)}
    />
  );
}

const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** “times”, “days” behind a number. */
export const Counted = ({ word, n }: { word: string; n: unknown }) => <span class="word">{plural(word, n)}</span>;
