/** Where customers stand in their life with the shop, by their own rhythm of buying or by fixed days. */
import type { Actions } from "../../actions.ts";
import { ShareBar } from "../../charts/Bars.tsx";
import { count, number, percent } from "../../format.ts";
import { state } from "../../state.ts";
import type { LifeStages, StageSetup } from "../../value/shapes.ts";
import { GroupTable } from "../GroupTable.tsx";
import { Scroller } from "../Scroller.tsx";

export function Stages({ actions }: { actions: Actions }) {
  const found = state.stages.value;
  return (
    <>
      <header>
        <h1 tabIndex={-1}>{found ? headline(found) : "Where do customers stand?"}</h1>
        <p class="quiet">
          {found
            ? `n = ${count(found.customers)}. Each customer is in one stage; the first rule that is true decides.`
            : "New, active, at risk, lapsed or back again: by each customer’s own rhythm of buying, or by fixed days."}
        </p>
      </header>
      <Setup actions={actions} />
      {found && <Table found={found} actions={actions} />}
    </>
  );
}

function headline({ stages }: LifeStages): string {
  const risk = stages.find(({ label }) => /risk/i.test(label));
  const active = stages.find(({ label }) => /^active/i.test(label));
  if (!risk || !active) return "Customers by stage of their life";
  const money = risk.revenueShare === undefined ? "" : ` with ${percent(risk.revenueShare)} of revenue`;
  return `${percent(active.share)} of customers are active; ${percent(risk.share)}${money} are at risk`;
}

function Setup({ actions }: { actions: Actions }) {
  const [setup, found] = [state.stageSetup.value, state.stages.value];
  const after = setup.by === "rhythm" ? "times their rhythm" : "days";
  const field = (key: "newDays" | "atRiskAfter" | "lapsedAfter", words: string) => (
    <label class="field">
      <span>{words}</span>
      <input
        type="number"
        class="short"
        min="0.1"
        max="3650"
        step="any"
        value={found ? Number(found[key].toPrecision(4)) : ""}
        onChange={(event) => {
          const value = event.currentTarget.valueAsNumber;
          if (value > 0 && value <= 3650) actions.showStages({ ...setup, [key]: value });
          else event.currentTarget.value = String(found?.[key] ?? "");
        }}
      />
    </label>
  );
  return (
    <section class="panel" aria-label="How stages are told apart">
      <div class="actions">
        <label class="field">
          <span>Told apart by</span>
          <select
            value={setup.by}
            onChange={(event) => actions.showStages({ by: event.currentTarget.value as StageSetup["by"] })}
          >
            <option value="rhythm">each customer’s own rhythm</option>
            <option value="days">the same days for everyone</option>
          </select>
        </label>
        {found ? (
          <>
            {field("newDays", "New for days")}
            {field("atRiskAfter", `At risk after (${after})`)}
            {field("lapsedAfter", `Lapsed after (${after})`)}
          </>
        ) : (
          <button type="button" class="primary end" onClick={() => actions.showStages(setup)}>
            Show stages
          </button>
        )}
      </div>
      {found && <p class="quiet">{found.definition}</p>}
    </section>
  );
}

/** What puts a customer into a stage. */
function meaning({ asked, newDays, atRiskAfter, lapsedAfter }: LifeStages, label: string): string {
  const long = (after: number): string =>
    asked.by === "rhythm" ? `${number(after)} times the own rhythm` : `${number(after)} days`;
  const words: Record<string, string> = {
    prospect: "No order yet",
    new: `First order at most ${number(newDays)} days ago`,
    active: "Everyone else who orders",
    "at risk": `Last order more than ${long(atRiskAfter)} ago`,
    lapsed: `Last order more than ${long(lapsedAfter)} ago`,
    reactivated: `Came back after a pause of more than ${long(lapsedAfter)}`,
  };
  return words[label] ?? "";
}

function Table({ found, actions }: { found: LifeStages; actions: Actions }) {
  return (
    <section class="panel" aria-labelledby="stages-title">
      <h2 id="stages-title">Who is in which stage</h2>
      <Scroller label="Stages">
        <GroupTable
          what="Stage"
          caption="Stages with size and revenue share"
          rows={found.stages.map(({ label, n, share, revenueShare, color }) => ({
            key: label,
            head: (
              <>
                {label}
                <ShareBar share={share} color={color} />
                <span class="quiet small-text meaning">{meaning(found, label)}</span>
              </>
            ),
            n,
            share,
            revenueShare,
            toSegment: () => actions.segmentFromStage(label),
          }))}
        />
      </Scroller>
      {found.notices.map((notice) => (
        <p key={notice} class="quiet">
          {notice}
        </p>
      ))}
    </section>
  );
}
