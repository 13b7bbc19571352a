/** A part of the rule as a line of text: for everything that has no widgets, and for whoever would rather type. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { RuleJson } from "../../model.ts";
import type { Path } from "../../rule/tree.ts";
import { state } from "../../state.ts";
import { named, type Tools } from "./tools.ts";

interface Props {
  node: RuleJson;
  text: string | undefined;
  path: Path;
  tools: Tools;
  done(): void;
}

export function TextRow({ node, text, path, tools, done }: Props) {
  const [typed, setTyped] = useState(text ?? "");
  const sent = useRef<string | undefined>(undefined);
  useEffect(() => {
    setTyped(text ?? "");
    sent.current = undefined;
  }, [text]);
  const slip = state.slip.value?.node === node ? state.slip.value : undefined;
  const id = `slip-${named(path)}`;
  const take = (): void => {
    if (typed.trim() === "" || typed === text) return done();
    // Enter takes it, and so does leaving the field afterwards.
    if (sent.current === typed) return;
    sent.current = typed;
    tools.actions.rewrite(node, typed);
  };
  return (
    <span class="text-row">
      <input
        type="text"
        class="value mono"
        aria-label="Part of the rule as text"
        aria-invalid={slip !== undefined || undefined}
        aria-describedby={slip ? id : undefined}
        spellcheck={false}
        autocomplete="off"
        value={typed}
        title={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            take();
          }
          if (event.key === "Escape") {
            setTyped(text ?? "");
            done();
          }
        }}
      />
      {slip && (
        <span id={id} class="bad small-text" role="status">
          {slip.message}
        </span>
      )}
    </span>
  );
}
