/** Several values: each a chip that can be taken away, and a field for the next one. */
import { useId, useState } from "preact/hooks";
import { number } from "../../format.ts";
import { dayOf } from "../../rule/row.ts";
import { Icon } from "../Icon.tsx";
import { Suggestions, type ValueProps } from "./Inputs.tsx";

export function Many({ label, column, value, put, actions }: ValueProps) {
  const [text, setText] = useState("");
  const list = useId();
  const values = value as unknown[];
  const type = column?.type;
  const add = (): void => {
    const typed = text.trim();
    const figure = Number(typed.replace(",", "."));
    const next = type === "number" ? figure : type === "date" || type === "time" ? { date: typed } : typed;
    if (typed === "" || (type === "number" && !Number.isFinite(figure))) return;
    setText("");
    if (!values.some((one) => JSON.stringify(one) === JSON.stringify(next))) put([...values, next]);
  };
  const words = (one: unknown): string => dayOf(one) ?? (typeof one === "number" ? number(one) : String(one));
  return (
    <span class="many">
      {values.map((one, index) => (
        <button
          key={words(one)}
          type="button"
          class="chip"
          disabled={values.length === 1}
          aria-label={`Take ${words(one)} away`}
          onClick={() => put(values.toSpliced(index, 1))}
        >
          {words(one)} {values.length > 1 && <Icon name="cross" />}
        </button>
      ))}
      <input
        type={type === "date" || type === "time" ? "date" : "text"}
        class="value add"
        aria-label={`${label}, another value`}
        placeholder="add"
        autocomplete="off"
        list={list}
        value={text}
        onFocus={() => column && actions.suggest(column.name)}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          add();
        }}
        onBlur={add}
      />
      <Suggestions id={list} column={column} />
    </span>
  );
}
