/** What customers are worth, and what becomes of them: lifetime value, churn, cohorts and life-cycle stages. */
import type { Actions } from "../actions.ts";
import type { Study } from "../model.ts";
import { state } from "../state.ts";
import { outcomesOf } from "../value/outcomes.ts";
import { PARTS, type Part } from "../value/shapes.ts";
import { Icon } from "./Icon.tsx";
import { Churn } from "./value/Churn.tsx";
import { Cohorts } from "./value/Cohorts.tsx";
import { Lifetime } from "./value/Lifetime.tsx";
import { Stages } from "./value/Stages.tsx";

const BODIES: Record<Part, (props: { actions: Actions }) => ReturnType<typeof Lifetime>> = {
  lifetime: Lifetime,
  churn: Churn,
  cohorts: Cohorts,
  stages: Stages,
};

export function Value({ actions }: { actions: Actions }) {
  const study = state.study.value;
  if (!study) return null;
  if (study.orders.length === 0) return <WithoutOrders study={study} actions={actions} />;
  const part = state.part.value;
  const Body = BODIES[part];
  return (
    <div class="screen">
      <nav class="parts" aria-label="Parts of this screen">
        {PARTS.map(({ part: each, title }) => (
          <button
            key={each}
            type="button"
            aria-current={each === part ? "true" : undefined}
            onClick={() => actions.showPart(each)}
          >
            {title}
          </button>
        ))}
      </nav>
      <Body actions={actions} />
    </div>
  );
}

/** Of customers without their orders a column can be foretold at most. */
function WithoutOrders({ study, actions }: { study: Study; actions: Actions }) {
  const orders =
    "is worked out from when and for how much they bought. This file has customers but not their orders: open a file of orders, one row an order or a line of one.";
  if (outcomesOf(study.columns).length > 0)
    return (
      <div class="screen">
        <Churn actions={actions} />
        <p class="note">What a customer will bring, who comes back and where customers stand in their life {orders}</p>
      </div>
    );
  return (
    <div class="screen">
      <header>
        <h1 tabIndex={-1}>Value needs orders</h1>
      </header>
      <p>What a customer will bring {orders}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={() => actions.go("segments")}>
          Go on to segments <Icon name="arrow" />
        </button>
      </div>
    </div>
  );
}
