import type { Actions } from "../actions.ts";
import { bytes } from "../format.ts";
import { lead, state, type Theme } from "../state.ts";
import { Mark } from "./Icon.tsx";
import { Privacy } from "./Privacy.tsx";

export function TopBar({ actions }: { actions: Actions }) {
  const source = state.leaves.value[lead.value];
  return (
    <header class="top">
      <span class="brand">
        <Mark /> <span class="brand-name">marquetry</span>
      </span>
      {source && (
        <span class="file">
          <span class="file-name">{source.name}</span>
          <span class="quiet file-size">{bytes(source.size)}</span>
          {source.synthetic && <span class="tag">made-up data</span>}
        </span>
      )}
      <span class="grow" />
      <label class="theme">
        <span class="hidden">Colours</span>
        <select value={state.theme.value} onChange={(event) => actions.setTheme(event.currentTarget.value as Theme)}>
          <option value="auto">Auto</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </label>
      <Privacy actions={actions} />
    </header>
  );
}
