/** A control group: how large it is, whom it is drawn from, and which effect it could show. */
import { useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import type { ControlGroup } from "../../changes/shapes.ts";
import { count, percent, plural } from "../../format.ts";
import { choices, state } from "../../state.ts";
import { NumberTable } from "../Figure.tsx";

export function HoldoutDesigner({ actions }: { actions: Actions }) {
  const drawn = state.holdout.value;
  const options = choices.value.filter(({ key }) => key !== "holdout");
  const groupings = options.filter(({ kind }) => kind === "grouping");
  const [of, setOf] = useState(drawn?.asked.of ?? "");
  const [by, setBy] = useState(drawn?.asked.by ?? groupings[0]?.key ?? "");
  const [share, setShare] = useState(drawn?.asked.share ?? 0.1);
  const [rate, setRate] = useState(drawn?.asked.rate ?? 0.05);
  const [lift, setLift] = useState(drawn?.asked.lift ?? 0.2);
  return (
    <section class="panel" aria-labelledby="holdout-title">
      <h2 id="holdout-title">
        {drawn
          ? `${plural(drawn.control, "customer")} of ${count(drawn.control + drawn.treated)} are kept as a control group`
          : "Keep a control group"}
      </h2>
      <p class="quiet">
        Who is left out of a campaign shows what it did. The same customers every time, a share of each group.
      </p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          actions.drawHoldout({ of, by, share, rate, lift });
        }}
      >
        <div class="ways">
          <label class="field">
            <span>Campaign for</span>
            <select value={of} onChange={(event) => setOf(event.currentTarget.value)}>
              <option value="">Everyone</option>
              {options
                .filter(({ kind }) => kind === "segment")
                .map(({ key, name }) => (
                  <option key={key} value={key}>
                    {name}
                  </option>
                ))}
            </select>
          </label>
          <label class="field">
            <span>The same share of each of</span>
            <select value={by} onChange={(event) => setBy(event.currentTarget.value)}>
              <option value="">No groups: one draw</option>
              {groupings.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <Percent label="Share kept out, %" value={share} least={0.01} most={0.99} set={setShare} />
          <Percent label="Would buy without it, %" value={rate} least={0.001} most={0.99} set={setRate} />
          <Percent label="Hoped-for rise of that, %" value={lift} least={0.001} most={10} set={setLift} />
        </div>
        <div class="actions">
          <button type="submit" disabled={state.running.value !== null}>
            {drawn ? "Draw again" : "Draw"}
          </button>
        </div>
      </form>
      {drawn && <Drawn drawn={drawn} />}
    </section>
  );
}

function Drawn({ drawn }: { drawn: ControlGroup }) {
  const { sentence, needed, strata, notices, column } = drawn;
  return (
    <>
      <p class={needed && !needed.enough ? "note warning" : "note"}>{sentence}</p>
      {needed && (
        <p>
          To see a rise of {percent(drawn.asked.lift)} it takes {count(needed.control)} in the control group and{" "}
          {count(needed.treated)} in the campaign: {needed.enough ? "there are enough." : "there are too few."}
        </p>
      )}
      {notices.map((notice) => (
        <p key={notice} class="quiet small-text">
          {notice}
        </p>
      ))}
      <p class="quiet small-text">
        The column “{column}” says for each customer whether they are in it; rules can ask for it, and the export has it
        when “Control group” is ticked.
      </p>
      {strata.length > 1 && (
        <details>
          <summary>{plural(strata.length, "group")}</summary>
          <NumberTable
            caption="Control group by group"
            numbers={{
              head: ["Group", "Customers", "Control", "Share"],
              rows: strata.map(({ label, n, control }) => [
                label,
                count(n),
                count(control),
                percent(control / Math.max(1, n)),
              ]),
            }}
          />
        </details>
      )}
    </>
  );
}

interface PercentProps {
  label: string;
  value: number;
  least: number;
  most: number;
  set(value: number): void;
}

function Percent({ label, value, least, most, set }: PercentProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        required
        step="any"
        min={least * 100}
        max={most * 100}
        value={Number((value * 100).toPrecision(6))}
        onChange={(event) => {
          const next = event.currentTarget.valueAsNumber / 100;
          if (next >= least && next <= most) set(next);
        }}
      />
    </label>
  );
}
