/** What calls for attention, first and in words. */
import type { Changes } from "../../changes/shapes.ts";
import { plural } from "../../format.ts";
import { Icon } from "../Icon.tsx";

export function Alerts({ alerts }: Pick<Changes, "alerts">) {
  if (alerts.length === 0) {
    return (
      <p class="note">
        <Icon name="check" /> No alert: nothing is beyond the thresholds below.
      </p>
    );
  }
  return (
    <section class="panel alerts" aria-labelledby="alerts-title">
      <h2 id="alerts-title">{plural(alerts.length, "alert")}</h2>
      <ul class="bullets">
        {alerts.map(({ code, message }, at) => (
          <li key={`${code} ${at}`}>{message}</li>
        ))}
      </ul>
    </section>
  );
}
