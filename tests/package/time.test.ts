import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, createSegmenter, dataFile, type Segmenter, type Study, type Table } from "./support/marquetry.js";

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter();
});
afterAll(() => segmenter.close());

const DAY = 86_400_000;
const number = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY;
const iso = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

/** Order lines made up: 400 customers over 26 months, some refunds, one order of several lines now and then. */
function shop(): { text: string; lines: { customer: string; order: string; day: number; total: number }[] } {
  let state = 7;
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const lines: { customer: string; order: string; day: number; total: number }[] = [];
  const first = number("2024-01-03");
  for (let at = 0; at < 400; at++) {
    const pace = 5 + next(90);
    let day = first + next(700);
    for (let order = 0; day < first + 790 && order < 1 + next(12); order++) {
      const total = next(25) === 0 ? -next(40) - 1 : next(90) + 1;
      for (let line = 0; line <= next(2); line++)
        lines.push({ customer: `c${at}`, order: `${at}-${order}`, day, total });
      day += 1 + next(2 * pace);
    }
    // Some come back after a long while.
    if (at % 10 === 0) lines.push({ customer: `c${at}`, order: `${at}-late`, day: first + 785, total: 20 });
  }
  const cells = lines.map(({ customer, order, day, total }) => `${customer},${order},${iso(day)},${total},DE`);
  return { text: ["customer_id,order_id,order_date,amount,country", ...cells].join("\n"), lines };
}

interface Bought {
  day: number;
  total: number;
}

/** Orders by customer, each by day: lines of one order are added up, and lie on its first day. */
function orders(lines: { customer: string; order: string; day: number; total: number }[]): Map<string, Bought[]> {
  const known = new Map<string, Map<string, Bought>>();
  for (const { customer, order, day, total } of lines) {
    const own = known.get(customer) ?? new Map<string, Bought>();
    known.set(customer, own);
    const one = own.get(order) ?? { day, total: 0 };
    own.set(order, { day: Math.min(one.day, day), total: one.total + total });
  }
  return new Map([...known].map(([customer, own]) => [customer, [...own.values()].sort((a, b) => a.day - b.day)]));
}

/** The naive twin: every cell counted by looking at all customers. */
function counted(bought: Map<string, Bought[]>, periodOf: (day: number) => number, last: number) {
  const cohorts = new Map<
    number,
    { active: number[]; orders: number[]; revenue: number[]; customers: number; repeated: number }
  >();
  let refunded = 0;
  for (const own of bought.values()) {
    const sales = own.filter(({ total }) => total >= 0);
    if (sales[0] === undefined) continue;
    const start = periodOf(sales[0].day);
    const width = last - start + 1;
    const zeros = () => new Array<number>(width).fill(0);
    const cohort = cohorts.get(start) ?? {
      active: zeros(),
      orders: zeros(),
      revenue: zeros(),
      customers: 0,
      repeated: 0,
    };
    cohorts.set(start, cohort);
    cohort.customers++;
    if (new Set(sales.map(({ day }) => day)).size > 1) cohort.repeated++;
    for (let since = 0; since < width; since++) {
      const then = own.filter(({ day }) => periodOf(day) === start + since);
      const bought = then.filter(({ total }) => total >= 0);
      cohort.active[since] = (cohort.active[since] ?? 0) + (bought.length > 0 ? 1 : 0);
      cohort.orders[since] = (cohort.orders[since] ?? 0) + bought.length;
      cohort.revenue[since] = (cohort.revenue[since] ?? 0) + then.reduce((sum, { total }) => sum + total, 0);
      refunded += then.filter(({ total }) => total < 0).length;
    }
  }
  return { cohorts: new Map([...cohorts].sort(([a], [b]) => a - b)), refunded };
}

const month = (day: number): number => {
  const date = new Date(day * DAY);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};

const periods: Record<"week" | "month" | "quarter" | "year", (day: number) => number> = {
  week: (day) => Math.floor((day + 3) / 7),
  month,
  quarter: (day) => Math.floor(month(day) / 3),
  year: (day) => Math.floor(month(day) / 12),
};

describe("B38 cohorts", () => {
  test("have the cells that a naive count has, by every period", async () => {
    const { text, lines } = shop();
    const study = (await (await segmenter.load(text)).customers()).study();
    const bought = orders(lines);
    const end = Math.max(...lines.map(({ day }) => day));
    for (const by of ["week", "month", "quarter", "year"] as const) {
      const found = await study.cohorts({ by });
      const { cohorts, refunded } = counted(bought, periods[by], periods[by](end));
      expect(found.cohorts.map(({ start }) => periods[by](number(start)))).toEqual([...cohorts.keys()]);
      for (const [at, twin] of [...cohorts.values()].entries()) {
        expect(found.cohorts[at]).toMatchObject({ ...twin, repeatRate: twin.repeated / twin.customers });
        expect(found.cohorts[at]?.active[0]).toBe(twin.customers);
      }
      const customers = found.cohorts.reduce((sum, { customers }) => sum + customers, 0);
      expect(customers + found.withoutOrders).toBe(bought.size);
      expect(found.refunds.n).toBe(refunded);
      expect(found.periods).toBe(found.cohorts[0]?.active.length);
      // Averages: each customer once, in cohorts for which the period is over.
      const over = [...cohorts.values()].map(
        ({ active }) => active.length - (periods[by](end) === periods[by](end + 1) ? 1 : 0),
      );
      const share = found.average.map((_, since) => {
        const some = [...cohorts.values()].filter((_, at) => (over[at] ?? 0) > since);
        const sum = (of: (one: (typeof some)[0]) => number) => some.reduce((all, one) => all + of(one), 0);
        return sum(({ active }) => active[since] ?? 0) / sum(({ customers }) => customers);
      });
      found.average.forEach((value, since) => expect(value).toBeCloseTo(share[since] as number, 12));
      expect(found.average.length).toBe(Math.max(...over));
    }
  });

  test("say what they are, what is not over, and who is in none", async () => {
    const lines = [
      "customer_id,order_date,amount",
      "a,2026-01-05,10",
      "a,2026-02-10,20",
      "b,2026-01-31,5",
      "b,2026-02-01,-5",
      "c,2026-02-03,7",
      "d,2026-02-04,-9",
      "e,2026-02-10,1",
    ].join("\n");
    const study = (await (await segmenter.load(lines)).customers()).study();
    const found = await study.cohorts();
    expect(found.definition).toContain("first order was in the same month");
    expect(found.cohorts.map(({ label }) => label)).toEqual(["2026-01", "2026-02"]);
    expect(found.cohorts[0]).toMatchObject({
      start: "2026-01-01",
      customers: 2,
      firstRevenue: 15,
      active: [2, 1],
      orders: [2, 1],
      revenue: [15, 15],
      repeated: 1,
      repeatRate: 0.5,
    });
    expect(found.cohorts[1]).toMatchObject({ customers: 2, active: [2], revenue: [8] });
    expect(found.incomplete).toEqual([1, 0]);
    expect(found.average).toEqual([1]);
    expect(found.withoutOrders).toBe(1);
    expect(found.refunds).toEqual({ n: 1, revenue: -5 });
    expect(found.notices.join(" ")).toContain("2026-02 is not over on 2026-02-10");
    expect(found.notices.join(" ")).toContain("1 of 5 customers (20.0 %) have no order");
    // A customer table has no orders.
    expect(await codeOf((await segmenter.load("customer_id,age\na,1\n")).study().cohorts())).toBe("missing-role");
    expect(await codeOf(study.cohorts({ by: "decade" as "year" }))).toBe("bad-option");
  });

  const log = dataFile("CDNOW_sample.txt");
  if (log === undefined) console.log("skipped: 1 (../shared/data is absent)");
  else
    test("of CDNOW are those counted in the raw log", async () => {
      const text = readFileSync(log, "utf8");
      const options = {
        columns: {
          column_2: { type: "text", role: "customer-id" },
          column_3: { role: "date" },
          column_5: { role: "amount" },
        },
      } as const;
      const study = (await (await segmenter.load(text, options)).customers()).study();
      const lines = text
        .trim()
        .split(/\r?\n/)
        .map((line, at) => {
          const [, customer = "", day = "", , total = ""] = line.trim().split(/\s+/);
          return {
            customer,
            order: String(at),
            day: number(day.replace(/(....)(..)(..)/, "$1-$2-$3")),
            total: Number(total),
          };
        });
      const found = await study.cohorts();
      const { cohorts } = counted(orders(lines), month, month(number("1998-06-30")));
      expect(found.cohorts.map(({ customers }) => customers)).toEqual(
        [...cohorts.values()].map(({ customers }) => customers),
      );
      expect(found.cohorts.map(({ active }) => active)).toEqual([...cohorts.values()].map(({ active }) => active));
      expect(found.cohorts.map(({ orders }) => orders)).toEqual([...cohorts.values()].map(({ orders }) => orders));
      for (const [at, { revenue }] of [...cohorts.values()].entries())
        revenue.forEach((value, since) => expect(found.cohorts[at]?.revenue[since]).toBeCloseTo(value, 8));
      // Three months of newcomers, 2,357 customers; the last month ends on the reference date.
      expect(found.cohorts.map(({ label }) => label)).toEqual(["1997-01", "1997-02", "1997-03"]);
      expect(found.cohorts.reduce((sum, { customers }) => sum + customers, 0)).toBe(2357);
      expect(found.incomplete).toEqual([-1, -1, -1]);
    });
});

describe("B39 stages", () => {
  /** The definition, written once more. */
  function stage(days: number[], end: number, file: number): string {
    const median = (values: number[]): number => {
      const sorted = [...values].sort((a, b) => a - b);
      const middle = sorted.length / 2;
      return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
    };
    const pauses = days.slice(1).map((day, at) => day - (days[at] as number));
    const rhythm = (of: number[]): number =>
      of.length === 0 ? file : (of.length * median(of) + 2 * file) / (of.length + 2);
    if (days.length === 0) return "prospect";
    const since = end - (days.at(-1) as number);
    if (since > 4 * rhythm(pauses)) return "lapsed";
    if (since > 2 * rhythm(pauses)) return "at risk";
    if (end - (days[0] as number) <= Math.ceil(file)) return "new";
    return (pauses.at(-1) ?? 0) > 4 * rhythm(pauses.slice(0, -1)) ? "reactivated" : "active";
  }

  let table: Table;
  let study: Study;
  const { text, lines } = shop();
  beforeAll(async () => {
    table = await (await segmenter.load(text)).customers();
    study = table.study();
  });

  test("are those of each customer's own rhythm", async () => {
    const stages = await study.stages();
    const end = Math.max(...lines.map(({ day }) => day));
    const bought = orders(lines);
    const ids = (await table.column("customer_id")) as string[];
    const found = await stages.assignments();
    const expected = ids.map((id) => {
      const days = (bought.get(id) ?? []).filter(({ total }) => total >= 0).map(({ day }) => day);
      return stage([...new Set(days)], end, stages.rhythm);
    });
    expect([...found].map((at) => stages.labels[at])).toEqual(expected);
    expect(stages.labels).toEqual(["prospect", "new", "active", "at risk", "lapsed", "reactivated"]);
    expect(stages.sizes.reduce((sum, size) => sum + size, 0)).toBe(table.rowCount);
    expect(stages.sizes.every((size) => size > 0)).toBe(true);
    expect(stages.definition).toContain("rhythm");
    expect(stages.notices.join(" ")).toContain("one day only");
  });

  test("are a grouping: rules, profile, export, recipe and replay know them", async () => {
    const stages = await study.stages();
    for (const [at, label] of stages.labels.entries()) {
      expect((await study.count(stages.rule(label))).in).toBe(stages.sizes[at]);
    }
    // The columns that they rest on.
    expect((await study.count("days_since_order > 4 * days_between_orders")).in).toBe(stages.sizes[4]);
    expect((await study.count("rhythms_since_order > 4")).in).toBe(stages.sizes[4]);
    expect((await study.count("order_days = 0")).in).toBe(stages.sizes[0]);
    const profiles = await study.profile(stages);
    expect(profiles.map(({ label, n }) => [label, n])).toEqual(
      stages.labels.map((label, at) => [label, stages.sizes[at]]),
    );
    const csv = await (await study.export({ what: "rows", segments: [stages] })).text();
    expect(csv.split("reactivated").length - 1).toBe(stages.sizes[5]);
    const again = await segmenter.replay(JSON.parse(JSON.stringify(study.recipe)), text);
    expect(again.skipped).toEqual([]);
    expect(again.recipe.groupings).toEqual(study.recipe.groupings);
    expect((await again.count(stages.rule("lapsed"))).in).toBe(stages.sizes[4]);
    // A warehouse has no rhythm: said, not guessed.
    expect(await codeOf(stages.toSQL({ dialect: "duckdb", table: "c", key: "customer_id" }))).toBe("unsupported");
    await again.close();
  });

  test("by fixed days, with own thresholds", async () => {
    const stages = await study.stages({ by: "days", newDays: 20, atRiskAfter: 45, lapsedAfter: 120, name: "By days" });
    const since = "days_since_order";
    expect((await study.count(`${since} > 120`)).in).toBe(stages.sizes[4]);
    expect((await study.count(`${since} > 45 and ${since} <= 120`)).in).toBe(stages.sizes[3]);
    expect((await study.count(`"By days" = 'new'`)).in).toBe(stages.sizes[1]);
    for (const wrong of [
      { by: "moon" as "days" },
      { newDays: -1 },
      { atRiskAfter: 9, lapsedAfter: 9 },
      { rhythm: Number.NaN },
    ]) {
      expect(await codeOf(study.stages(wrong)), JSON.stringify(wrong)).toBe("bad-option");
    }
  });
});

describe("B35 any past day", () => {
  const { text, lines } = shop();
  const upTo = (day: string): string =>
    [
      text.split("\n")[0],
      ...text
        .split("\n")
        .slice(1)
        .filter((_, at) => (lines[at]?.day ?? 0) <= number(day)),
    ].join("\n");
  let study: Study;
  beforeAll(async () => {
    study = (await (await segmenter.load(text)).customers()).study({ seed: 5 });
    await study.rfm();
    await study.stages();
    await study.segment("Big", "monetary > 200");
    await study.segment("Recent", "last_order in last 60 days");
    await study.segment("Buying", "count(orders) >= 3");
    await study.segment("Champions of the country", "RFM = 'Champions' and country = 'DE'");
  });

  test("is what a file that ends on that day gives, by the same edges", async () => {
    const day = "2025-06-30";
    const past = await study.asOf(day);
    expect(past.skipped).toEqual([]);
    expect(past.date).toBe(day);
    expect(past.recipe.referenceDate).toBe(day);
    const twin = await segmenter.replay(JSON.parse(JSON.stringify(study.recipe)), upTo(day));
    // A file that ended on that day would be looked at on its last order's day.
    const cut = await segmenter.load(upTo(day));
    const folded = await cut.customers({ referenceDate: day });
    expect(past.table.rowCount).toBe(folded.rowCount);
    expect(past.table.columns.map(({ name }) => name)).toEqual(folded.columns.map(({ name }) => name));
    expect(await past.table.rows()).toEqual(await folded.rows());
    const other = folded.study({ seed: 5 });
    expect((await past.count("monetary > 200")).in).toBe((await other.count("monetary > 200")).in);
    expect((await past.count("last_order in last 60 days")).in).toBe(
      (await other.count("last_order in last 60 days")).in,
    );
    expect((await past.count("count(orders) >= 3")).in).toBe((await other.count("count(orders) >= 3")).in);
    expect((past.recipe.groupings as unknown[])[0]).toEqual((study.recipe.groupings as unknown[])[0]);
    expect(past.recipe.segments).toEqual(study.recipe.segments);
    expect(past.notices.join(" ")).toContain("had not ordered by 2025-06-30");
    expect(past.notices.join(" ")).toContain("as they are today");
    await twin.close();
    await past.close();
    expect(await codeOf(past.count("monetary > 200"))).toBe("closed");
  });

  test("on the reference date is the study itself", async () => {
    const now = await study.asOf(String(study.recipe.referenceDate));
    expect(await now.table.rows()).toEqual(await study.table.rows());
    expect(now.recipe).toEqual(study.recipe);
    await now.close();
  });

  test("cannot be in the future, no day, or before all orders", async () => {
    expect(await codeOf(study.asOf("2031-01-01"))).toBe("bad-date");
    expect(await codeOf(study.asOf("yesterday"))).toBe("bad-date");
    expect(await codeOf(study.asOf("1999-01-01"))).toBe("too-few-rows");
    expect(await codeOf((await segmenter.load("customer_id,age\na,1\n")).study().asOf("1999-01-01"))).toBe(
      "missing-role",
    );
  });

  test("keeps what the fold was asked for, and joined columns of today", async () => {
    const lines =
      "customer_id,order_date,net,gross\na,2026-01-01,1,10\na,2026-03-01,2,20\nb,2026-03-02,3,30\nc,2026-01-09,4,40";
    const people = await segmenter.load("customer_id,city\na,Bonn\nb,Trier\nc,Ulm\n");
    const orders = await segmenter.load(lines);
    const made = await orders.customers({ amount: "gross", exclude: "customer_id = 'c'", attributes: people });
    await people.close();
    const past = await made.study().asOf("2026-02-01");
    expect(await past.table.rows({ columns: ["customer_id", "monetary", "recency_days", "city"] })).toEqual([
      ["a", 10, 31, "Bonn"],
    ]);
    expect((await past.cohorts()).cohorts.map(({ revenue }) => revenue)).toEqual([[10, 0]]);
    // Customers of a file of their own, with orders beside them.
    const aside = (await segmenter.load("customer_id,city\na,Bonn\nb,Trier\nd,Ulm\n")).study({ orders });
    const then = await aside.asOf("2026-02-01");
    expect(await then.table.rows()).toEqual([
      ["a", "Bonn"],
      ["d", "Ulm"],
    ]);
    expect((await then.count("count(orders) = 1")).in).toBe(1);
    expect(then.notices.join(" ")).toContain("1 of 3 customers (33.3 %) have no orders at all");
  });

  test("B35 movement between two dates from one file: matrix, entered, left, stayed, revenue moved", async () => {
    const day = "2025-06-30";
    const past = await study.asOf(day);
    const found = await study.compare(past, { alerts: [] });
    expect([found.before.date, found.after.date]).toEqual([day, study.recipe.referenceDate]);
    expect(found.gone).toBe(0);
    expect(found.matched + found.arrived).toBe(study.table.rowCount);
    for (const one of found.segments) {
      expect(one.stayed + one.left).toBe(one.before);
      expect(one.stayed + one.entered).toBe(one.after);
    }
    // The matrix, counted here from the labels of both days.
    const rfm = found.migration.find(({ grouping }) => grouping === "RFM");
    const labelled = async (of: Study) => {
      const csv = await (
        await of.export({ what: "rows", segments: ["RFM"], columns: ["customer_id", "monetary"] })
      ).text();
      const rows = csv
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(","));
      // The scores stand between them.
      const one = ([id = "", money = "", ...rest]: string[]) =>
        [id, { label: rest.at(-1) ?? "", money: Number(money) }] as const;
      return new Map(rows.map(one));
    };
    const [then, now] = [await labelled(past), await labelled(study)];
    for (const [from, label] of rfm?.labels.entries() ?? []) {
      for (const [to, other] of rfm?.labels.entries() ?? []) {
        const name = (at: number, label: string) => (at === rfm?.none ? "" : label);
        const moved = [...then].filter(
          ([id, one]) => one.label === name(from, label) && now.get(id)?.label === name(to, other),
        );
        expect(rfm?.matrix[from]?.[to], `${label} to ${other}`).toBe(moved.length);
        const money = moved.reduce((sum, [id]) => sum + (now.get(id)?.money ?? 0), 0);
        expect(rfm?.money?.[from]?.[to] ?? 0).toBeCloseTo(money, 6);
      }
      const row = rfm?.matrix[from]?.reduce((sum, n) => sum + n, 0) ?? 0;
      expect(row + (rfm?.gone[from] ?? 0)).toBe(rfm?.sizesBefore[from]);
    }
    await past.close();
  });

  test("after another gives a trend that sums up, and can be stopped", async () => {
    const ratios: number[] = [];
    const found = await study.trend({ every: "quarter", last: 6, onProgress: ({ ratio }) => ratios.push(ratio) });
    expect(found.dates).toHaveLength(6);
    expect(found.dates.at(-1)).toBe(study.recipe.referenceDate);
    expect(found.dates.slice(0, 5).every((day) => /-(03-31|06-30|09-30|12-31)$/.test(day))).toBe(true);
    const rfm = found.groupings.find(({ name }) => name === "RFM");
    const stages = found.groupings.find(({ name }) => name === "Stages");
    for (const [at, day] of found.dates.entries()) {
      const past = await study.asOf(day);
      expect(found.customers[at]).toBe(past.table.rowCount);
      expect(found.segments[0]?.n[at]).toBe((await past.count("monetary > 200")).in);
      expect(stages?.sizes.reduce((sum, sizes) => sum + (sizes[at] ?? 0), 0)).toBe(past.table.rowCount);
      expect(rfm?.sizes.reduce((sum, sizes) => sum + (sizes[at] ?? 0), 0)).toBe(
        (await past.count("RFM is not missing")).in,
      );
      await past.close();
    }
    expect(found.segments[0]?.revenue?.at(-1)).toBe((await study.count("monetary > 200")).revenue);
    expect(ratios.at(-1)).toBe(1);
    expect(ratios.every((ratio, at) => at === 0 || ratio >= (ratios[at - 1] as number) - 1e-12)).toBe(true);
    const early = await study.trend({ dates: ["2026-01-31", "2020-01-01"] });
    expect(early.dates).toEqual(["2020-01-01", "2026-01-31"]);
    expect([early.customers[0], early.segments[0]?.n[0]]).toEqual([0, 0]);
    const stop = new AbortController();
    const stopped = study.trend({ signal: stop.signal, onProgress: ({ ratio }) => ratio > 0.2 && stop.abort() });
    expect(await codeOf(stopped)).toBe("AbortError");
    expect((await study.count("monetary > 200")).in).toBeGreaterThan(0);
  });
});

describe("a control group", () => {
  const { text } = shop();

  test("has its share of every group, and the same customers whatever the rows", async () => {
    const study = (await (await segmenter.load(text)).customers()).study({ seed: 5 });
    const rfm = await study.rfm();
    const held = await study.holdout({ share: 0.2, stratifyBy: rfm, rate: 0.05, lift: 0.2 });
    const labels = await rfm.assignments();
    const groups = await held.assignments();
    for (const { label, n, control } of held.strata) {
      const own = [...labels].map((at) => rfm.labels[at] ?? "(in no group)");
      expect(own.filter((one) => one === label).length).toBe(n);
      expect([...groups].filter((group, row) => group === 0 && own[row] === label).length).toBe(control);
      expect(control).toBe(Math.round(0.2 * n));
    }
    expect(held.strata.reduce((sum, { n }) => sum + n, 0)).toBe(study.table.rowCount);
    expect([held.control, held.treated]).toEqual(held.sizes);
    expect((await study.count("Holdout = 'control'")).in).toBe(held.control);
    // Another order of the lines draws the same people.
    const [header, ...lines] = text.split("\n");
    const turned = (await (await segmenter.load([header, ...lines.reverse()].join("\n"))).customers()).study({
      seed: 5,
    });
    const again = await turned.holdout({ share: 0.2, stratifyBy: await turned.rfm(), rate: 0.05, lift: 0.2 });
    const controls = async (of: Study, grouping: { rule(label: string): unknown }) => {
      const segment = await of.segment("Held", grouping.rule("control") as never);
      const ids = (await of.table.column("customer_id")) as string[];
      return [...(await segment.members())].map((row) => ids[row]).sort();
    };
    expect(await controls(turned, again)).toEqual(await controls(study, held));
    const other = await study.holdout({ share: 0.2, stratifyBy: rfm, name: "Autumn" });
    expect(await other.assignments()).not.toEqual(groups);
    // The recipe draws them again.
    const replayed = await segmenter.replay(JSON.parse(JSON.stringify(study.recipe)), text);
    expect(replayed.skipped).toEqual([]);
    expect(replayed.recipe.groupings).toEqual(study.recipe.groupings);
    expect((await replayed.count("Holdout = 'control'")).in).toBe(held.control);
    expect(await codeOf(held.toSQL({ dialect: "sqlite", table: "c", key: "customer_id" }))).toBe("unsupported");
  });

  test("says which rise it can show, by the textbook's formula", async () => {
    const rows = Array.from({ length: 62_468 }, (_, at) => `c${at},1`);
    const study = (await segmenter.load(["customer_id,x", ...rows].join("\n"))).study();
    const held = await study.holdout({ share: 0.5, rate: 0.05, lift: 0.1 });
    // Fleiss, Levin and Paik: 5 % against 5.5 %, two-sided 5 %, power 80 %: 31,234 in each group.
    expect(held.needed).toEqual({ control: 31_234, treated: 31_234, enough: true });
    expect(held.minimumDetectable.absolute).toBeCloseTo(0.005, 7);
    expect(held.minimumDetectable.relative).toBeCloseTo(0.1, 5);
    expect((await study.holdout({ share: 0.1, rate: 0.05, lift: 0.1 })).needed?.enough).toBe(false);
    const some = await study.segment("Some", "customer_id like 'c1%'");
    const within = await study.holdout({ of: some, share: 0.25, name: "Within" });
    expect(within.control + within.treated).toBe(some.counts.in);
    expect(within.sentence).toContain("get no campaign");
    await some.rename("Ones");
    expect(study.recipe.groupings).toContainEqual(expect.objectContaining({ name: "Within", of: "Ones" }));
    for (const wrong of [{ share: 1 }, { share: 0 }, { rate: 2 }, { lift: -1 }, { seed: -1 }, { power: Number.NaN }]) {
      expect(await codeOf(study.holdout(wrong)), JSON.stringify(wrong)).toBe("bad-option");
    }
    expect(await codeOf(study.holdout({ of: "nobody" }))).toBe("not-found");
    expect(await codeOf((await segmenter.load("age\n1\n2\n")).study().holdout())).toBe("missing-role");
  });
});

describe("B59 segments that one might do without", () => {
  /** 600 customers: age and spend follow the row's half, `luck` follows nothing. */
  const rows = Array.from({ length: 600 }, (_, at) => {
    const half = at % 2;
    return `c${at},${20 + 30 * half + (at % 7)},${100 + 400 * half + ((at * 37) % 50)},${(at * 7919) % 1009},${at}`;
  });
  let study: Study;
  beforeAll(async () => {
    const text = ["customer_id,age,spend,luck,number", ...rows].join("\n");
    study = (await segmenter.load(text, { only: ["customer_id", "age", "spend", "luck", "number"] })).study();
    await study.segment("Older", "age >= 45");
    await study.segment("Spenders", "spend >= 300");
    await study.segment("Few", "number < 12");
    await study.segment("Nobody", "age > 200");
    await study.tiers("By chance", [
      { name: "first", rule: "luck < 500" },
      { name: "second", rule: "luck >= 500" },
    ]);
    await study.tiers("By age", [
      { name: "young", rule: "age < 45" },
      { name: "old", rule: "age >= 45" },
      { name: "ancient", rule: "age > 300" },
    ]);
  });

  test("are found: too small, overlapping, unused, and told apart by nothing", async () => {
    const found = await study.review();
    const of = (code: string) => found.filter((hint) => hint.code === code).map(({ segments }) => segments);
    expect(of("too-small")).toEqual([["Few"]]);
    expect(of("unused")).toEqual([["Nobody"], ["By age: ancient"]]);
    expect(of("overlapping")).toEqual([["Older", "Spenders"]]);
    const overlapping = found.find(({ code }) => code === "overlapping");
    expect(overlapping).toMatchObject({ n: 300, share: 1 });
    expect(found.every(({ message }) => message.length > 20)).toBe(true);
    // Luck tells the groups by chance apart, since it made them: told by it alone they are two.
    expect(of("indistinguishable")).toEqual([]);
  });

  test("by chance are alike in all that is known of them", async () => {
    const text = ["customer_id,age,spend", ...rows.map((row) => row.split(",").slice(0, 3).join(","))].join("\n");
    const plain = (await segmenter.load(text)).study();
    await plain.segment("Left", "random(customer_id, 'a') < 50");
    await plain.segment("Right", "random(customer_id, 'a') >= 50");
    await plain.segment("Older", "age >= 45");
    const found = await plain.review();
    expect(found.map(({ code, segments }) => [code, ...[...segments].sort()])).toEqual([
      ["indistinguishable", "Left", "Right"],
    ]);
    expect(found[0]?.n).toBe(
      Math.min((await plain.count("in segment 'Left'")).in, (await plain.count("in segment 'Right'")).in),
    );
    const strict = await plain.review({ smallest: 400 });
    expect(strict.map(({ code }) => code)).toEqual(["too-small", "too-small", "too-small"]);
    const loose = await plain.review({ overlap: 0.4 });
    expect(loose.filter(({ code }) => code === "overlapping").length).toBe(2);
    expect(await codeOf(plain.review({ overlap: 3 }))).toBe("bad-option");
    expect(await codeOf(plain.review({ smallest: Number.NaN }))).toBe("bad-option");
  });

  test("who are too few for anything to be told apart are called so, with the number needed", async () => {
    const small = (
      await segmenter.load(["customer_id,age", ...Array.from({ length: 90 }, (_, at) => `c${at},${at % 7}`)].join("\n"))
    ).study();
    await small.segment("Everyone", "age >= 0");
    await small.tiers("Tiers", [
      { name: "three", rule: "customer_id in ('c1', 'c2', 'c3')" },
      { name: "rest", rule: "age >= 0" },
    ]);
    const found = await small.review({ smallest: 2 });
    expect(found.map(({ code, segments, n }) => [code, segments, n])).toEqual([
      ["too-few-to-tell", ["Tiers: three", "Tiers: rest"], 3],
    ]);
    expect(found[0]?.message).toContain("cannot be said: 3 customers are in one of them only; at least 30 are needed");
  });
});
