/** The first screen: what this is, one real result, and three ways in. Also drawn without JavaScript. */
import type { Actions } from "../actions.ts";
import { BandGrid } from "../charts/BandGrid.tsx";
import { Pareto } from "../charts/Pareto.tsx";
import { count, percent } from "../format.ts";
import type { Picture } from "../sample/picture.ts";
import { state } from "../state.ts";
import { Icon } from "./Icon.tsx";

export function Start({ actions, picture }: { actions: Actions; picture: Picture }) {
  const waiting = state.waiting.value;
  return (
    <div class="start">
      <section class="pitch">
        <h1 tabIndex={-1}>Cut your customer file into segments, on your own computer</h1>
        <p class="lead">
          Drop a file of customers or of orders. You get RFM groups, segments by your own rules with exact counts,
          clusters with a reason, and a file to act on.
        </p>
        <div class="actions">
          <button type="button" class="primary large" onClick={chooseFile}>
            <Icon name="open" /> Open a file
          </button>
          <button type="button" class="large" onClick={actions.openSample}>
            Try with sample data
          </button>
        </div>
        <p class="quiet">
          CSV, TSV, text or JSON, also gzipped or zipped; Excel (.xlsx) or .ods. Or drop it anywhere on this page,
          orders and customers together if you have both, with a project that you saved here if you like.
        </p>
        {waiting && (
          <p class="note" role="status">
            {waiting}
          </p>
        )}
        <p class="promise">
          <Icon name="lock" />{" "}
          <span>
            Your file stays on this computer. After loading, this page locks itself: your browser refuses every
            connection.
          </span>
        </p>
      </section>
      <section class="showcase" aria-labelledby="showcase-title">
        <header>
          <p class="overline">From the sample · made-up data</p>
          <h2 id="showcase-title">{finding(picture)}</h2>
          <p class="quiet">
            {picture.shop}: {count(picture.customers)} customers, {count(picture.lines)} order lines, November 2024 to
            April 2026. The stronger the colour, the more customers.
          </p>
        </header>
        <BandGrid picture={picture} />
        <Pareto shares={picture.pareto} customers={picture.customers} />
      </section>
    </div>
  );
}

/** Works before the engine is there: what is chosen waits for it. */
const chooseFile = (): void => document.getElementById("chooser")?.click();

function finding(picture: Picture): string {
  const best = picture.cells[0]?.[4];
  if (!best) return "";
  return `${percent(best.n / picture.customers)} of customers bring ${percent(best.revenue)} of revenue: many orders, the last one this month`;
}
