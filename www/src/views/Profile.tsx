/** Who they are, against everyone: 100 is the average. */
import type { Actions } from "../actions.ts";
import { count, percent } from "../format.ts";
import type { Profiled } from "../model.ts";
import { choices, state } from "../state.ts";
import { FEW, IndexMap } from "./IndexMap.tsx";

export function Profile({ actions }: { actions: Actions }) {
  const profiled = state.profiled.value;
  const options = choices.value;
  return (
    <div class="screen">
      <header>
        <h1 tabIndex={-1}>{profiled ? `${profiled.name}, against everyone` : "A group against everyone"}</h1>
        {options.length === 0 && (
          <p class="quiet">There is nothing to profile yet: make a segment or look for clusters first.</p>
        )}
      </header>
      {options.length > 0 && (
        <label class="field narrow">
          <span>Who</span>
          <select value={profiled?.key ?? ""} onChange={(event) => actions.profile(event.currentTarget.value)}>
            {!profiled && <option value="">Choose …</option>}
            {options.map((option) => (
              <option key={option.key} value={option.key}>
                {option.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {profiled &&
        (profiled.kind === "segment" ? (
          <>
            <Sentences profiled={profiled} />
            <IndexMap profiled={profiled} />
          </>
        ) : (
          <>
            <IndexMap profiled={profiled} />
            <Sentences profiled={profiled} />
          </>
        ))}
    </div>
  );
}

function Sentences({ profiled }: { profiled: Profiled }) {
  return (
    <ul class="sentences">
      {profiled.profiles
        .filter(({ n }) => n > 0)
        .map((profile) => (
          <li key={profile.label} class="panel">
            <h2>{profile.label}</h2>
            <p>
              <strong>{count(profile.n)}</strong> customers, {percent(profile.share)}
              {profile.revenueShare !== undefined && (
                <>
                  , <strong>{percent(profile.revenueShare)}</strong> of revenue
                </>
              )}
            </p>
            {profile.n < FEW ? (
              <p class="quiet">Fewer than {FEW} customers: differences may be chance.</p>
            ) : profile.differences.length === 0 ? (
              <p class="quiet">Nothing stands out against everyone.</p>
            ) : (
              <ul class="plain-text">
                {profile.differences.slice(0, 3).map((sentence) => (
                  <li key={sentence}>
                    {sentence.replace(/^[^:]*: /, "").replace(/^./, (letter) => letter.toUpperCase())}
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
    </ul>
  );
}
