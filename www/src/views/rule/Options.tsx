/** The list below the rule’s text; the field keeps the focus. */
import { useEffect, useRef } from "preact/hooks";
import type { Completion } from "../../rule/complete.ts";

interface Props {
  id: string;
  offer: Completion | undefined;
  at: number;
  take(index: number): void;
}

export function Options({ id, offer, at, take }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, offer]);
  return (
    <div ref={list} id={`${id}-list`} class="options" role="listbox" aria-label="What may come next" hidden={!offer}>
      {offer?.options.map(({ text, hint }, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys.
        <div
          key={text}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          tabIndex={-1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => take(index)}
        >
          <span class="mono">{text.trim()}</span>
          <span class="quiet small-text">{hint}</span>
        </div>
      ))}
    </div>
  );
}
