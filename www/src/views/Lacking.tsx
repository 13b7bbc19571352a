/** A column that a file lacks: which one is it here, or are the parts that use it left out? */
import { useState } from "preact/hooks";
import { plural } from "../format.ts";

interface Props {
  column: string;
  parts: readonly string[];
  /** Columns of the file, those that may be meant first. */
  names: readonly string[];
  /** What expects the column. */
  expects: string;
  onMap(now: string): void;
  onSkip(): void;
}

export function Lack({ column, parts, names, expects, onMap, onSkip }: Props) {
  const [chosen, setChosen] = useState(names[0] ?? "");
  return (
    <div class="stack-tight">
      <p>
        {expects} the column “{column}”, which this file lacks. {parts.join(", ")} {parts.length === 1 ? "uses" : "use"}{" "}
        it.
      </p>
      <div class="actions">
        {names.length > 0 && (
          <>
            <label class="row">
              <span>Map it to</span>
              <select class="small-select" value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
                {names.map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <button type="button" class="small-button" onClick={() => onMap(chosen)}>
              Map “{column}”
            </button>
          </>
        )}
        <button type="button" class="small-button quiet-button" onClick={onSkip}>
          Skip {plural(parts.length, "part")}
        </button>
      </div>
    </div>
  );
}
