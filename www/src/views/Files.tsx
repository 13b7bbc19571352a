/** Which of two files is looked at. */
import type { Actions } from "../actions.ts";
import { plural } from "../format.ts";
import { state } from "../state.ts";

export function Files({ actions }: { actions: Actions }) {
  const leaves = state.leaves.value;
  if (leaves.length < 2) return null;
  return (
    <fieldset class="files plain">
      <legend class="hidden">File that is shown below</legend>
      {leaves.map(({ name, sheet }, at) => (
        <button
          key={name}
          type="button"
          class="file-tab"
          aria-pressed={at === state.turned.value}
          onClick={() => actions.turn(at)}
        >
          <strong>{name}</strong>{" "}
          <span class="quiet">{plural(sheet.rows, sheet.kind === "orders" ? "order line" : "customer")}</span>
        </button>
      ))}
    </fieldset>
  );
}
