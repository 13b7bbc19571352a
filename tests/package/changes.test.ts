// What has changed: two files, two studies, a baseline; alerts, drift, and a recipe made again on the file it was made of.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Baseline,
  type Changes,
  codeOf,
  createSegmenter,
  nodeWorker,
  type Recipe,
  type ReplayOptions,
  type Segmenter,
  type Study,
} from "./support/marquetry.js";

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter();
});
afterAll(() => segmenter.close());

/** Numbers by chance, the same for the same seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** Customers made up: from `first` on, `shift` days less recent than they were. */
function customers({ first = 0, count = 600, shift = 0, country = "DE" } = {}): string {
  const lines = ["customer_id,recency_days,frequency,monetary,age,country,q1,q2"];
  for (let id = first; id < first + count; id++) {
    const next = chance(id * 7919 + 11);
    for (let warm = 0; warm < 3; warm++) next(10);
    const [recency, frequency, money] = [next(300) + shift, 1 + next(12), next(90_000) / 100];
    const from = ["AT", "CH", "FR", country][next(4)];
    lines.push(`c${id},${recency},${frequency},${money},${18 + next(60)},${from},${1 + next(5)},${1 + next(5)}`);
  }
  return lines.join("\n");
}

/** A study with something of every kind in it. */
async function analysed(text: string): Promise<Study> {
  const table = await segmenter.load(text, {
    columns: { customer_id: { role: "customer-id" }, monetary: { role: "amount" } },
  });
  const study = table.study({ parameters: { least: 400 } });
  await study.scales([{ name: "Mood", items: ["q1", "q2"], reverse: ["q2"], range: [1, 5] }]);
  await study.rfm();
  await study.cluster({ features: ["age", "monetary"], k: 3 });
  await study.tiers(
    "Tiers",
    [
      { name: "gold", rule: "monetary > 600" },
      { name: "silver", rule: "monetary > 200" },
    ],
    { everyoneElse: "others" },
  );
  await study.segment("Big", "monetary >= :least");
  await study.segment("Happy Germans", "country = 'DE' and Mood > 3");
  await study.segment("Best", "in segment 'Big' and RFM = 'Champions' or recency_score = 5 and Clusters = 'Cluster 1'");
  await study.exclude("age < 20");
  return study;
}

const saved = (study: Study): Recipe => JSON.parse(JSON.stringify(study.recipe));
const kept = async (study: Study, salt?: string): Promise<Baseline> =>
  JSON.parse(await (await study.export({ what: "baseline", ...(salt !== undefined && { salt }) })).text());

/** Without what only the clock or chance decides. */
const facts = ({ segments, migration, matched, gone, arrived }: Changes) => ({
  segments,
  migration,
  matched,
  gone,
  arrived,
});

describe("the same recipe on the same file", () => {
  test("B60 changes nothing, bit for bit", async () => {
    const text = customers();
    const first = await analysed(text);
    const again = await segmenter.replay(saved(first), text);
    expect(again.skipped).toEqual([]);
    expect(JSON.stringify(again.recipe)).toBe(JSON.stringify(first.recipe));
    for (const name of ["RFM", "Clusters", "Tiers"]) {
      const rows = (study: Study) => study.export({ what: "rows", segments: [name] }).then((blob) => blob.text());
      expect(await rows(again)).toBe(await rows(first));
    }
    for (const rule of ["recency_score = 3", "Mood >= 3.5", "in segment 'Best'"])
      expect(await again.count(rule)).toEqual(await first.count(rule));
    const changes = await again.compare(first);
    expect([changes.matched, changes.gone, changes.arrived]).toEqual([600, 0, 0]);
    for (const one of changes.segments) expect([one.stayed, one.entered, one.left]).toEqual([one.before, 0, 0]);
    for (const one of changes.migration) expect(one.moved).toBe(0);
    for (const one of changes.drift) expect([one.psi, one.level]).toEqual([0, "stable"]);
    expect([changes.alerts, changes.notices]).toEqual([[], []]);
  });

  test("B60 a baseline holds the recipe and is reopened by it, also in another engine", async () => {
    const text = customers();
    const baseline = await kept(await analysed(text));
    expect(JSON.stringify(baseline)).not.toMatch(/c17\b/);
    const other = await createSegmenter({ worker: () => nodeWorker() });
    const again = await other.replay(baseline.recipe, text);
    const changes = await again.compare(baseline);
    expect([changes.matched, changes.gone, changes.arrived, changes.alerts]).toEqual([600, 0, 0, []]);
    // A study of another engine is compared by way of its baseline.
    expect(facts(await again.compare(await analysed(text)))).toEqual(facts(changes));
    await other.close();
  });
});

describe("two files", () => {
  const [then, now] = [customers(), customers({ first: 100, count: 700, shift: 30, country: "Germany" })];

  test("B57 size, entered, left, net, retention and drift of every segment, whatever the earlier side is", async () => {
    const before = await analysed(then);
    const after = await segmenter.replay(saved(before), now);
    const changes = await after.compare(before);
    expect([changes.matched, changes.gone, changes.arrived, changes.key]).toEqual([500, 100, 200, "customer_id"]);
    expect(changes.segments.map(({ name }) => name)).toEqual(["Big", "Happy Germans", "Best"]);
    for (const one of changes.segments) {
      expect([one.stayed + one.left, one.stayed + one.entered]).toEqual([one.before, one.after]);
      expect(one.net).toBe(one.after - one.before);
      expect(one.isNew).toBeLessThanOrEqual(one.entered);
      expect(one.lost).toBeLessThanOrEqual(one.left);
    }
    const [big] = changes.segments;
    expect(big?.retention).toBeCloseTo((big?.stayed ?? 0) / (big?.before ?? 1), 12);
    expect(big?.drift.map(({ column }) => column)).toContain("country");
    for (const { matrix, gone, arrived, sizesBefore, sizesAfter, labels } of changes.migration) {
      expect(matrix.map((row, at) => row.reduce((sum, n) => sum + n, gone[at] ?? 0))).toEqual(sizesBefore);
      const column = (at: number) => matrix.reduce((sum, row) => sum + (row[at] ?? 0), arrived[at] ?? 0);
      expect(labels.map((_, at) => column(at))).toEqual(sizesAfter);
    }
    const tiers = changes.migration.find(({ grouping }) => grouping === "Tiers");
    expect(tiers).toMatchObject({ ordered: true, improved: 0, worsened: 0 });
    const country = changes.drift.find(({ column }) => column === "country");
    expect(country).toMatchObject({ kind: "category", level: "strong", statistic: { name: "chi-square" } });
    const recency = changes.drift.find(({ column }) => column === "recency_days");
    expect(recency).toMatchObject({ kind: "number", statistic: { name: "ks", from: "values" } });
    expect(recency?.sentence).toContain("its median went from");
    // The same from a baseline, except for what only rows tell.
    const withBaseline = await after.compare(await kept(before));
    const counts = ({ segments }: Changes) => segments.map(({ revenueLeft: _, ...one }) => one);
    expect(counts(withBaseline)).toEqual(counts(changes));
    expect(withBaseline.migration.map(({ matrix }) => matrix)).toEqual(changes.migration.map(({ matrix }) => matrix));
    expect(withBaseline.drift.map(({ psi }) => psi)).toEqual(changes.drift.map(({ psi }) => psi));
    expect(withBaseline.drift.find(({ column }) => column === "recency_days")?.statistic?.from).toBe("bins");
  });

  test("B58 alerts with thresholds in shares and counts, smallest sizes, and a rule that matches nothing any more", async () => {
    const before = await analysed(then);
    const after = await segmenter.replay(saved(before), now);
    const { alerts } = await after.compare(before);
    const gone = alerts.find(({ code }) => code === "no-match");
    expect(gone).toMatchObject({ segment: "Happy Germans", column: "country" });
    expect(gone?.message).toMatch(/asks for “DE”, which \d+ customers had in “country” and nobody has now/);
    expect(gone?.values).toContain("Germany");
    const small = (list: typeof alerts) =>
      list.find(({ code, segment }) => code === "size" && segment === "Happy Germans");
    expect(small(alerts)).toBeUndefined();
    expect(small((await after.compare(before, { smallest: 10 })).alerts)).toMatchObject({ value: -1 });
    expect(alerts.find(({ code, column }) => code === "psi" && column === "country")).toMatchObject({
      threshold: 0.25,
    });
    const asked = async (rule: object) => (await after.compare(before, { alerts: [rule as never] })).alerts;
    const [big] = (await after.compare(before, { alerts: [] })).segments;
    const left = big?.left ?? 0;
    expect(await asked({ measure: "left", segment: "Big", above: left - 1, unit: "count" })).toMatchObject([
      { value: left },
    ]);
    expect(await asked({ measure: "left", segment: "Big", above: left, unit: "count" })).toEqual([]);
    expect(await asked({ measure: "retention", segment: "Big", below: 0.99 })).toHaveLength(1);
    expect(await asked({ measure: "retention", segment: "Big", below: 0.99, smallest: 100_000 })).toEqual([]);
    expect(JSON.parse(JSON.stringify(alerts))).toEqual(alerts);
    expect(await codeOf(asked({ measure: "mood", above: 1 }))).toBe("bad-option");
  });

  test("groups found anew stand beside the frozen ones", async () => {
    const before = await analysed(then);
    // The same customers, all of them thirty days less recent.
    const after = await segmenter.replay(saved(before), customers({ shift: 30 }));
    const recipe = JSON.stringify(after.recipe);
    const { refit, migration } = await after.compare(before, { refit: true });
    expect(JSON.stringify(after.recipe)).toBe(recipe);
    expect(refit?.map(({ grouping }) => grouping)).toEqual(["RFM", "Clusters"]);
    const [rfm, clusters] = refit ?? [];
    expect(migration.find(({ grouping }) => grouping === "RFM")?.moved).toBeGreaterThan(50);
    expect([rfm?.movedShare, clusters?.movedShare, clusters?.agreement]).toEqual([0, 0, 1]);
    expect(rfm?.agreement).toBeLessThan(1);
    for (const { frozen, refitted } of refit ?? [])
      expect(refitted.reduce((sum, n) => sum + n, 0)).toBe(frozen.reduce((sum, n) => sum + n, 0));
  });

  test("what has no customer id is found by e-mail address, and what has neither is refused", async () => {
    const open = async (text: string) => (await segmenter.load(text)).study();
    const mails = (names: string[]) => ["email,age", ...names.map((name, at) => `${name},${at}`)].join("\n");
    const [a, b] = [
      await open(mails(["a@x.de", "b@x.de", "c@x.de"])),
      await open(mails(["C@x.de", " b@x.de", "d@x.de"])),
    ];
    const changes = await b.compare(a);
    expect(changes).toMatchObject({ key: "email", matched: 2, gone: 1, arrived: 1 });
    const plain = await open("size,colour\n1,red\n2,blue\n3,red\n");
    expect(await codeOf(plain.compare(a))).toBe("missing-role");
    expect(await codeOf(plain.export({ what: "baseline" }))).toBe("missing-role");
    expect(await codeOf(b.compare({ kind: "baseline", version: 1 } as Baseline))).toBe("bad-option");
    expect(await codeOf(b.compare(null as unknown as Baseline))).toBe("bad-option");
    await a.close();
    expect(await codeOf(b.compare(a))).toBe("closed");
  });

  test("the same salt gives the same file, and none gives another each time", async () => {
    const study = await analysed(then);
    expect(await kept(study, "pepper")).toEqual(await kept(study, "pepper"));
    const [one, other] = [await kept(study), await kept(study)];
    expect(one.salt).not.toBe(other.salt);
    expect(one.members).not.toEqual(other.members);
  });
});

describe("a baseline", () => {
  test("of k-means is the same text after a replay: equal numbers are written alike", async () => {
    const text = customers();
    const made = (await segmenter.load(text)).study();
    await made.cluster({ k: 3, seed: 5 });
    const again = await segmenter.replay(made.recipe, text);
    const texts = [made, again].map(async (study) => (await study.export({ what: "baseline", salt: "s" })).text());
    const [one, other] = await Promise.all(texts);
    expect(one).toBe(other);
    expect(one).not.toMatch(/\d\.0[,\]}]/);
  });

  test("that lacks a column or what is watched is refused with what is missing", async () => {
    const study = (await segmenter.load(customers())).study();
    await study.segment("All", "customer_id is not missing");
    const baseline = JSON.parse(await (await study.export({ what: "baseline" })).text()) as Baseline;
    const refused = (damage: object) => study.compare({ ...baseline, ...damage } as Baseline);
    const { followed } = baseline as unknown as { followed: string[] };
    await expect(refused({ columns: [] })).rejects.toMatchObject({
      code: "bad-option",
      message: `The baseline is damaged: the column “${followed[0]}” is missing, or not as it was written. Export it again.`,
    });
    await expect(refused({ watched: [] })).rejects.toThrow("in “watched”, the segment “All” is missing");
    await expect(refused({ members: undefined })).rejects.toThrow("its part “members” is missing");
  });
});

describe("a recipe on a file that lacks a column", () => {
  const without = (column: string) =>
    customers()
      .split("\n")
      .map((line) => line.split(","))
      .map((cells, row, all) => {
        const at = all[0]?.indexOf(column);
        return cells.map((cell, place) => (place === at && row === 0 ? `${cell}_old` : cell)).join(",");
      })
      .join("\n");

  test("names the file's column, not the clusters that need it, and who asks for them", async () => {
    const recipe = saved(await analysed(customers()));
    const error = await segmenter.replay(recipe, without("age")).catch((reason) => reason);
    expect(error.code).toBe("unknown-column");
    const { lacking } = error.details;
    expect(lacking.map(({ column }: { column: string }) => column)).toEqual(["age"]);
    expect(lacking[0].parts).toEqual(["Clusters", "Best", "exclusion"]);
    const mapped = await segmenter.replay(recipe, without("age"), { mapping: { age: "age_old" } });
    expect(mapped.skipped).toEqual([]);
  });

  test("scales are made again under new names, or left out with what needs them", async () => {
    const first = await analysed(customers());
    const mapped = await segmenter.replay(saved(first), without("q1"), { mapping: { q1: "q1_old" } });
    expect((await mapped.count("Mood > 3")).in).toBe((await first.count("Mood > 3")).in);
    const error = await segmenter.replay(saved(first), without("q1")).catch((reason) => reason);
    expect(error.details.lacking[0]).toMatchObject({ column: "q1", parts: ["Mood", "Happy Germans"] });
    const part = await segmenter.replay(saved(first), without("q1"), { skip: ["Mood"] });
    expect(part.skipped).toEqual([
      { part: "Mood", reason: "left out as asked" },
      { part: "Happy Germans", reason: "it needs “Mood”, which was left out as asked" },
    ]);
  });
});

describe("order lines and the day to which times are measured", () => {
  const lines = (last: string) =>
    ["customer_id,order_id,order_date,amount", "a,1,2024-01-05,10", "b,2,2024-01-20,20", `a,3,${last},30`].join("\n");
  const scored = async (options: object) => {
    const study = (await (await segmenter.load(lines("2024-01-31"))).customers(options)).study();
    await study.segment("Lately", "recency_days < 10");
    return study;
  };

  test("is the file's last one, or the one that is said for this file", async () => {
    const first = await scored({ referenceDate: "2024-02-05" });
    const same = await segmenter.replay(saved(first), lines("2024-01-31"), { referenceDate: "2024-02-05" });
    expect([same.skipped, same.recipe]).toEqual([[], first.recipe]);
    const later = await segmenter.replay(saved(first), lines("2024-02-28"));
    expect(later.recipe.referenceDate).toBe("2024-02-28");
    const changes = await later.compare(first);
    expect([changes.before.date, changes.after.date]).toEqual(["2024-02-05", "2024-02-28"]);
    expect(changes.segments).toMatchObject([{ name: "Lately", before: 1, after: 1, stayed: 1 }]);
  });
});

describe("B60 the columns by which order lines are folded", () => {
  const file = (head: string, row: (id: number) => unknown[]): string =>
    [head, ...Array.from({ length: 60 }, (_, id) => row(id).join(","))].join("\n");
  const day = (id: number): string => `2024-0${(id % 6) + 1}-1${id % 9}`;
  const both = (id: number): unknown[] => [`c${id % 20}`, `o${id}`, day(id), id + 0.5, 1000 - id];
  const first = file("customer,order,date,amount", (id) => both(id).slice(0, 4));
  const folded = async (): Promise<Study> => {
    const study = (await (await segmenter.load(first)).customers()).study();
    await study.rfm({ scale: 3 });
    return study;
  };
  const money = async (study: Study) => [...((await study.table.column("monetary")) as Float64Array)];

  test("stand in the recipe and are used again, bit for bit", async () => {
    const study = await folded();
    expect(study.recipe.fold).toMatchObject({
      lines: [
        { name: "customer", role: "customer-id" },
        { name: "order", role: "order-id" },
        { name: "date", role: "date" },
        { name: "amount", type: "number", role: "amount" },
      ],
    });
    const again = await segmenter.replay(saved(study), first);
    expect([again.skipped, JSON.stringify(again.recipe)]).toEqual([[], JSON.stringify(study.recipe)]);
    expect(await money(again)).toEqual(await money(study));
  });

  test("are mapped, also where a column of the old name is still there", async () => {
    const study = await folded();
    const swapped = file("customer,order,date,foo,bar", (id) => both(id).toSpliced(3, 2, 1000 - id, id + 0.5));
    const mapped = await segmenter.replay(saved(study), swapped, { mapping: { amount: "bar" } });
    expect([mapped.skipped, await money(mapped)]).toEqual([[], await money(study)]);
    const priced = file("customer,order,date,amount,price", (id) => both(id).toSpliced(3, 2, 1000 - id, id + 0.5));
    const other = await segmenter.replay(saved(study), priced, { mapping: { amount: "price" } });
    expect([other.skipped, await money(other)]).toEqual([[], await money(study)]);
  });

  test("are asked for where they are not there, or left out as asked, which is said", async () => {
    const recipe = saved(await folded());
    const without = file("customer,order,date,foo", both).replaceAll(/,\d+$/gm, "");
    const hint = expect.stringContaining("“mapping”");
    await expect(segmenter.replay(recipe, without)).rejects.toMatchObject({
      code: "unknown-column",
      details: { column: "amount", hint, lacking: [{ column: "amount", parts: ["customers"] }] },
    });
    // Nor is a file without ids or days taken for one of customers.
    for (const column of ["customer", "date"])
      await expect(segmenter.replay(recipe, first.replace(column, "zzz"))).rejects.toMatchObject({
        code: "unknown-column",
        details: { column },
      });
    const part = await segmenter.replay(recipe, without, { skip: ["amount"] });
    expect(part.skipped[0]).toEqual({
      part: "amount",
      reason: "“amount” is not in this file: the money of every customer is 0",
    });
    // Recipes of earlier versions do not say by which columns.
    const old = { ...recipe, fold: undefined };
    expect((await segmenter.replay(old, first)).skipped).toEqual([]);
  });

  test("are left out as asked also where they are there, but those that tell customers apart", async () => {
    const recipe = saved(await folded());
    const free = await segmenter.replay(recipe, first, { skip: ["amount"] });
    expect(free.skipped[0]).toEqual({
      part: "amount",
      reason: "“amount” was left out as asked: the money of every customer is 0",
    });
    expect([...new Set(await money(free))]).toEqual([0]);
    const apart = await segmenter.replay(recipe, first, { skip: ["order"] });
    expect(apart.skipped[0]?.reason).toBe("“order” was left out as asked: every row counts as an order of its own");
    await expect(segmenter.replay(recipe, first, { skip: ["customer"] })).rejects.toMatchObject({
      code: "bad-option",
      message: expect.stringContaining("“customer”, which tells the customers apart"),
    });
  });

  test("and those of their rules are asked for like the others", async () => {
    const plain = await segmenter.load(
      file("customer,order,date,amount,source", (id) => [...both(id).slice(0, 4), id % 5 ? "web" : "test"]),
    );
    const rules = { exclude: "source = 'phone'", counts: { test: "source = 'test'" } };
    const study = (await plain.customers(rules)).study();
    await study.rfm({ scale: 3 });
    const recipe = saved(study);
    await expect(segmenter.replay(recipe, first)).rejects.toMatchObject({
      code: "unknown-column",
      details: { column: "source", lacking: [{ column: "source", parts: ["customers"] }] },
    });
    const renamed = file("customer,order,date,amount,channel", (id) => [
      ...both(id).slice(0, 4),
      id % 5 ? "web" : "test",
    ]);
    const mapped = await segmenter.replay(recipe, renamed, { mapping: { source: "channel" } });
    expect([mapped.skipped, await money(mapped)]).toEqual([[], await money(study)]);
    const without = await segmenter.replay(recipe, first, { skip: ["source"] });
    expect(without.skipped).toEqual([
      { part: "source", reason: "“source” is not in this file: no lines are excluded by its rule" },
    ]);
    expect(await money(without)).toEqual(await money(await folded()));
  });

  test("are refused where they are numbers or days no more, with what stands there", async () => {
    const recipe = saved(await folded());
    const cells = (cell: (id: number) => unknown, at = 3) =>
      file("customer,order,date,amount", (id) => both(id).slice(0, 4).toSpliced(at, 1, cell(id)));
    const taxed = cells((id) => `${id + 70}.33 inkl. MwSt`);
    await expect(segmenter.replay(recipe, taxed)).rejects.toMatchObject({
      code: "wrong-type",
      message:
        "The recipe folds lines by “amount”, which held numbers; in the new file 60 of its values (100.0 %) are none, " +
        "e.g. “70.33 inkl. MwSt” in row 1. Mend the column, say with “mapping” which other one it is now, or leave " +
        "“amount” out with “skip”: then the money of every customer is 0.",
      details: { column: "amount", row: 1 },
    });
    const refusals: [string, string][] = [
      [cells(() => "***"), "60 of its values (100.0 %) are none, e.g. “***” in row 1"],
      [cells((id) => (id % 3 ? "***" : id)), "40 of its values (66.7 %) are none, e.g. “***” in row 2"],
      [cells(() => ""), "in the new file it is empty in every row"],
      [cells((id) => `week ${id}`, 2), "“date”, which held days; in the new file 60 of its values (100.0 %) are none"],
    ];
    for (const [text, message] of refusals)
      await expect(segmenter.replay(recipe, text)).rejects.toMatchObject({
        code: "wrong-type",
        message: expect.stringContaining(message),
      });
    // A currency does not take from a column what it was.
    const columns = { amount: { currency: "EUR" } };
    await expect(segmenter.replay(recipe, taxed, { columns })).rejects.toMatchObject({ code: "wrong-type" });
    // What is left out, or said, is as it was asked for; some that do not fit are told.
    const free = await segmenter.replay(recipe, taxed, { skip: ["amount"] });
    expect(free.skipped[0]?.reason).toContain("the money of every customer is 0");
    const said = await segmenter.replay(recipe, taxed, { columns: { amount: { type: "number" } } });
    const codes = ({ table }: Study) => table.findings.map(({ code, column, rows }) => [code, column, rows]);
    expect(codes(said)).toContainEqual(["type-misfit", "amount", 60]);
    const some = await segmenter.replay(
      recipe,
      cells((id) => (id % 3 ? id : "***")),
    );
    expect(codes(some)).toContainEqual(["type-misfit", "amount", 20]);
    // One currency of several that was kept, also that of the fewest, is kept again.
    const mixed = await segmenter.load(cells((id) => `${id % 4 ? "$" : "€"}${id}.50`));
    const { table: euros } = await mixed.repair([{ code: "use-currency", column: "amount", choice: "EUR" }]);
    const kept = (await euros.customers()).study();
    const same = await segmenter.replay(
      saved(kept),
      cells((id) => `${id % 4 ? "$" : "€"}${id}.50`),
    );
    expect(await money(same)).toEqual(await money(kept));
    const priced = file("customer,order,date,price,quantity", (id) => [...both(id).slice(0, 3), id + 0.5, 2]);
    const product = (await (await segmenter.load(priced)).customers()).study();
    await expect(segmenter.replay(saved(product), priced.replaceAll(/2$/gm, "two"))).rejects.toMatchObject({
      code: "wrong-type",
      details: { column: "quantity" },
    });
  });

  test("bring what was found when they were read, before what the fold found, each once", async () => {
    // Two currencies, and days that could be months.
    const doubtful = file("customer,order,date,amount", (id) => [
      id % 10 ? `c${id % 20}` : "",
      `o${id}`,
      `0${(id % 9) + 1}/0${(id % 7) + 1}/2024`,
      `${id % 2 ? "€" : "$"}${id}.50`,
    ]);
    const lines = await segmenter.load(doubtful);
    const customers = await lines.customers();
    const again = await segmenter.replay(saved(customers.study()), doubtful);
    expect(lines.findings.map(({ code }) => code)).toContain("mixed-currencies");
    expect(lines.questions.map(({ code }) => code)).toContain("date-order");
    expect(customers.findings.length).toBeGreaterThan(0);
    expect(again.table.findings).toEqual([...lines.findings, ...customers.findings]);
    expect(again.table.questions).toEqual([...lines.questions, ...customers.questions]);
    // A file of customers is told once.
    const list = (
      await segmenter.load("customer_id,spend\n1,2\n2,***\n3,4", { columns: { spend: { type: "number" } } })
    ).study();
    const { table } = await segmenter.replay(saved(list), "customer_id,spend\n1,2\n2,***\n3,4");
    expect(table.findings).toEqual(list.table.findings);
  });

  test("and what is mapped or left out must be there", async () => {
    const recipe = saved(await folded());
    const unknown: ReplayOptions[] = [
      { mapping: { customer: "nope" } },
      { mapping: { amuont: "amount" } },
      { skip: ["RMF"] },
    ];
    for (const options of unknown)
      await expect(segmenter.replay(recipe, first, options)).rejects.toMatchObject({ code: "bad-option" });
  });
});
