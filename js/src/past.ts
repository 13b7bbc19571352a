/** What was a study on a past day, and how did its sizes come about? Its recipe is made again over the tables of that day. */
import { fail, MarquetryError } from "./errors.js";
import { checked, failing, partsOf } from "./recipe.js";
import type { Grouping, Segment } from "./types/groupings.js";
import type { Closable, Job } from "./types/host.js";
import type { Recipe, Study } from "./types/study.js";
import type { Table } from "./types/table.js";
import type { PastStudy, Trend, TrendOptions } from "./types/time.js";

/** A past study, and what the parts of the recipe gave. */
export interface Remade {
  study: PastStudy;
  made: unknown[];
}

/** A study of a past day in which nothing was made yet, with what is to be closed after it. */
interface Fresh {
  study: Study;
  close: Closable[];
  day: string;
  notices: string[];
}

/** Opens a study of a past day's tables; with `folded`, customers bring their orders themselves. */
export function opened(
  { customers, orders }: { customers: Table; orders: Table },
  recipe: Recipe,
  folded: boolean,
): Pick<Fresh, "study" | "close"> {
  const { parameters, ordersKey, seed } = checked(recipe);
  const settings = { seed, ...(parameters && { parameters }), ...(ordersKey && { ordersKey }) };
  return { study: customers.study(folded ? settings : { ...settings, orders }), close: [customers, orders] };
}

/** Columns for which models of value must be fitted. */
const VALUE_COLUMNS = ["p_alive", "expected_orders", "expected_spend", "lifetime_value", "next_order"];

/** Makes the recipe again. With `sizesOnly`, models of value and outcomes are fitted only where a rule asks for their figures. */
export async function remade(fresh: Fresh, recipe: Recipe, sizesOnly: boolean): Promise<Remade> {
  const { study, close, day } = fresh;
  const { value, propensities = [], ...rest } = checked(recipe);
  const rules = JSON.stringify([rest.segments, rest.groupings, rest.exclude ?? null]);
  const isAsked = (name = "") => !sizesOnly || rules.includes(`"${name}"`);
  const made: unknown[] = [];
  const parts = partsOf(study, {
    ...rest,
    ...(value && VALUE_COLUMNS.some((name) => isAsked(name)) && { value }),
    propensities: propensities.filter(({ name }) => isAsked(name)),
  });
  const kept = parts.map((one) => ({ ...one, make: async () => made.push(await one.make()) }));
  const closeStudy = study.close.bind(study);
  const all = async () => {
    await closeStudy();
    for (const one of close) await one.close();
  };
  try {
    const skipped = (await failing(kept)).map(({ part, error }) => ({ part, reason: error.message }));
    const past = Object.assign(study, { date: day, notices: fresh.notices, skipped, close: all });
    return { study: past, made };
  } catch (error) {
    await all();
    throw error;
  }
}

/** Sizes on one day, by name; of groupings by label. */
interface Sizes {
  customers: number;
  segments: Map<string, { n: number; revenue?: number }>;
  groupings: Map<string, Map<string, number>>;
}

/** Looks at a study of this recipe on several days, one after the other. */
export async function trend(
  recipe: Recipe,
  options: TrendOptions,
  past: (day: string, job: Job) => Promise<Remade>,
): Promise<Trend> {
  requireEnds(options);
  const { signal, onProgress } = options;
  const wanted = options.dates ? [...new Set(options.dates)].sort() : ends(String(recipe.referenceDate), options);
  const seen: (Sizes & { day: string })[] = [];
  const notices: string[] = [];
  for (const [at, day] of wanted.entries()) {
    const report = (ratio: number) => onProgress?.({ phase: `looking at ${day}`, ratio: (at + ratio) / wanted.length });
    const job = { ...(signal && { signal }), onProgress: ({ ratio }: { ratio: number }) => report(ratio) };
    const then = await past(day, job).catch(whenNobody);
    if (then !== undefined) {
      seen.push({ day, ...sizesOf(then, recipe) });
      notices.push(...then.study.skipped.map(({ part, reason }) => `${day}: “${part}” is left out: ${reason}`));
      await then.study.close();
    } else if (options.dates) seen.push({ day, customers: 0, segments: new Map(), groupings: new Map() });
    report(1);
  }
  const gone = wanted.length - seen.length;
  if (gone > 0) {
    notices.unshift(`Nobody had ordered on the ${gone} earlier days; the trend begins on ${seen[0]?.day ?? "none"}.`);
  }
  const none = ({ customers }: Sizes): number => (customers === 0 ? 0 : Number.NaN);
  const segments = checked(recipe).segments.map(({ name }) => {
    const revenue = seen.map((one) => one.segments.get(name)?.revenue ?? none(one));
    const n = seen.map((one) => one.segments.get(name)?.n ?? none(one));
    return seen.some((one) => one.segments.get(name)?.revenue !== undefined) ? { name, n, revenue } : { name, n };
  });
  const groupings = [...new Set(seen.flatMap((one) => [...one.groupings.keys()]))].map((name) => {
    const labels = [...new Set(seen.flatMap((one) => [...(one.groupings.get(name)?.keys() ?? [])]))];
    // A label that was not there had nobody; a grouping that was not there says nothing.
    const size = (one: Sizes, label: string): number => {
      const sizes = one.groupings.get(name);
      return sizes ? (sizes.get(label) ?? 0) : none(one);
    };
    return { name, labels, sizes: labels.map((label) => seen.map((one) => size(one, label))) };
  });
  return {
    dates: seen.map(({ day }) => day),
    customers: seen.map((one) => one.customers),
    segments,
    groupings,
    notices,
  };
}

function requireEnds({ every = "month", last = 12 }: TrendOptions): void {
  if (!["week", "month", "quarter"].includes(every)) {
    throw fail("bad-option", `“every” is “week”, “month” or “quarter”, not “${String(every)}”.`);
  }
  if (!(Number.isInteger(last) && last >= 1 && last <= 1000)) {
    throw fail("bad-option", `“last” must be a whole number from 1 to 1,000, found ${String(last)}.`);
  }
}

/** Where nobody was there yet there is no study of that day. */
function whenNobody(error: unknown): undefined {
  if (error instanceof MarquetryError && error.code === "too-few-rows") return undefined;
  throw error;
}

function sizesOf({ study, made }: Remade, { exclude }: Recipe): Sizes {
  const [segments, groupings]: [Sizes["segments"], Sizes["groupings"]] = [new Map(), new Map()];
  for (const part of made) {
    if (isSegment(part)) {
      const { in: members, excluded = 0, revenue } = part.counts;
      // Revenue is that of all for whom the rule is true, also of who is excluded.
      const known = revenue !== undefined && exclude === undefined;
      segments.set(part.name, { n: members - excluded, ...(known && { revenue }) });
    } else if (isGrouping(part)) {
      groupings.set(part.name, new Map(part.labels.map((label, at) => [label, part.sizes[at] ?? 0])));
    }
  }
  return { customers: study.table.rowCount, segments, groupings };
}

const isSegment = (made: unknown): made is Segment => typeof made === "object" && made !== null && "counts" in made;
const isGrouping = (made: unknown): made is Grouping => typeof made === "object" && made !== null && "labels" in made;

/** The reference date, and the ends of the periods before its own. */
function ends(reference: string, { every = "month", last = 12 }: TrendOptions): string[] {
  const day = new Date(`${reference}T00:00:00Z`);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  const end = (back: number): Date => {
    if (back === 0) return day;
    if (every === "week") {
      const sinceMonday = (day.getUTCDay() + 6) % 7;
      return new Date(day.getTime() - (sinceMonday + 1 + 7 * (back - 1)) * 86_400_000);
    }
    const months = every === "quarter" ? (month % 3) + 3 * (back - 1) : back - 1;
    return new Date(Date.UTC(year, month - months, 0));
  };
  return Array.from({ length: last }, (_, back) =>
    end(last - 1 - back)
      .toISOString()
      .slice(0, 10),
  );
}
