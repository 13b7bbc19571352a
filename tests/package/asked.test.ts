// What is no option, or no value of one, is refused before any work, with what there is instead.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, createSegmenter, type Segmenter, type Study, type Table } from "./support/marquetry.js";

let segmenter: Segmenter;
let orders: Table;
let study: Study;
beforeAll(async () => {
  segmenter = await createSegmenter();
  const day = (at: number): string => new Date(Date.UTC(2024, 0, 1) + at * 864e5).toISOString().slice(0, 10);
  const lines = Array.from(
    { length: 400 },
    (_, at) => `c${(at * 7) % 90},${day((at * 13) % 300)},${1 + ((at * 31) % 97)}`,
  );
  orders = await segmenter.load(["customer_id,order_date,amount", ...lines].join("\n"));
  study = (await orders.customers()).study();
});
afterAll(() => segmenter.close());

/** Something that no type allows, as JavaScript may hand it over. */
const any = <T>(value: unknown): T => value as T;
const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "nothing was refused",
    (error: Error) => error.message,
  );

describe("options", () => {
  test("that there are not are refused, with the nearest first", async () => {
    await expect(study.cluster(any({ restart: 5 }))).rejects.toMatchObject({
      code: "bad-option",
      message: expect.stringMatching(/^cluster\(\) has no option “restart”\. There are “restarts”, /),
    });
    const wrong = any<never>({ colour: "red" });
    const calls: (() => Promise<unknown>)[] = [
      () => study.rfm(wrong),
      () => study.value(wrong),
      () => study.propensity(wrong),
      () => study.stages(wrong),
      () => study.cohorts(wrong),
      () => study.holdout(wrong),
      () => study.review(wrong),
      () => study.trend(wrong),
      () => study.compare(study, wrong),
      () => study.concentration(wrong),
      () => study.preview(wrong),
      () => study.tree(wrong),
      () => study.export(wrong),
      () => study.asOf("2024-06-01", wrong),
      () => orders.customers(wrong),
      () => orders.repair([], wrong),
      () => segmenter.load("a\n1\n", wrong),
      () => segmenter.preview("a\n1\n", wrong),
      () => segmenter.replay(study.recipe, "a\n1\n", wrong),
      async () => orders.study(wrong),
    ];
    for (const call of calls) expect(await messageOf(call())).toContain("() has no option “colour”.");
    // What is left out by a value of undefined is not said.
    expect((await study.cohorts(any({ colour: undefined }))).by).toBe("month");
  });

  test("are an object", async () => {
    expect(await messageOf(study.cluster(any(null)))).toBe("cluster() takes its options as an object, not null.");
    expect(await messageOf(study.rfm(any("five")))).toBe("rfm() takes its options as an object, not a string.");
    expect(await messageOf(study.value(any([])))).toBe("value() takes its options as an object, not a list.");
    expect(await codeOf(segmenter.load("a\n1\n", any(null)))).toBe("bad-option");
    expect(await codeOf(study.export(any(null)))).toBe("bad-option");
  });

  test("of another kind are refused in words, with what there is", async () => {
    const said: [() => Promise<unknown>, string][] = [
      [() => study.rfm(any({ bands: "quantiles" })), "“bands” is “quantile”, “fixed” or “kmeans”, not “quantiles”."],
      [() => study.rfm(any({ nested: "yes" })), "“nested” is true or false, not “yes”."],
      [() => study.rfm(any({ edges: [1, 2] })), "“edges” is an object, not a list."],
      [() => study.cohorts(any({ by: "day" })), "“by” is “week”, “month”, “quarter” or “year”, not “day”."],
      [() => study.propensity(any({ churn: 90 })), "“churn” is an object, not 90."],
      [() => study.propensity(any({ churn: { days: 9 }, features: "c" })), "“features” is a list, not “c”."],
      [() => study.trend(any({ dates: "2024-01-01" })), "“dates” is a list, not “2024-01-01”."],
      [() => study.cluster(any({ features: "monetary" })), "“features” is a list, not “monetary”."],
      [
        () => study.cluster(any({ features: [{ column: "monetary", kind: "x" }] })),
        "“features[0].kind” is “number” or “category”, not “x”.",
      ],
      [() => study.compare(any(3)), "compare() takes another study or a baseline, not 3."],
      [() => study.compare(study, any({ mapping: ["a"] })), "“mapping” is an object, not a list."],
      [() => study.profile(any(undefined)), "A segment or a grouping is to be given, or its name; found undefined."],
      [() => study.overlap(any("A")), "overlap() takes a list of segments, not A."],
      [() => orders.customers(any({ counts: "all" })), "“counts” is an object, not “all”."],
      [() => segmenter.load("a\n1\n", any({ only: "a" })), "“only” is a list, not “a”."],
      [() => segmenter.load("a\n1\n", any({ dateOrder: "d" })), "“dateOrder” is “dmy”, “mdy” or “ymd”, not “d”."],
      [() => segmenter.load("a\n1\n", any({ columns: ["a"] })), "“columns” is an object, not a list."],
    ];
    for (const [call, message] of said) {
      expect(await messageOf(call())).toBe(message);
    }
  });

  test("that are names have a character, which is said before the work", async () => {
    const seen: string[] = [];
    const onProgress = ({ phase }: { phase: string }) => seen.push(phase);
    for (const name of ["", "  "]) {
      expect(await messageOf(study.cluster({ name, k: 2, onProgress }))).toBe("“name” needs at least one character.");
      expect(await codeOf(study.stages({ name, onProgress }))).toBe("bad-option");
      expect(await codeOf(study.propensity({ name, churn: { days: 30 }, onProgress }))).toBe("bad-option");
    }
    expect(seen).toEqual([]);
  });

  test("that are numbers are numbers", async () => {
    expect(await messageOf(study.rfm({ scale: Number.NaN }))).toBe("“scale” must be a number, found NaN.");
    expect(await messageOf(study.rfm({ scale: 300 }))).toBe("RFM can have 2 to 10 bands an axis, not 300.");
    expect(await codeOf(study.value({ horizonDays: Number.POSITIVE_INFINITY }))).toBe("bad-option");
    expect(await messageOf(study.value({ horizonDays: 36_500 }))).toContain("within ten years (3,653 days)");
    expect((await study.value({ model: "bg-nbd", horizonDays: 3_653 })).horizonDays).toBe(3_653);
  });
});

describe("options within options", () => {
  const refused = (call: () => Promise<unknown>) => messageOf(call());

  test("that there are not are refused by their path, with the nearest first", async () => {
    const window = any<object>({ dayss: 30 });
    const message = await refused(() => orders.customers({ window: any(window) }));
    expect(message).toBe("customers() has no option “window.dayss”. There are “days”, “from”, “to”.");
    const alert = { measure: "size", segmant: "Big", above: 0.1 };
    const wrong: [string, string, () => Promise<unknown>][] = [
      ["counts.refund", "refunds", () => orders.customers({ counts: any({ refund: "ignore" }) })],
      ["edges.recencey", "recency", () => study.rfm({ edges: any({ recencey: [1, 2, 3, 4] }) })],
      ["nestedEdges.money", "monetary", () => study.rfm({ nestedEdges: any({ money: [] }) })],
      ["churn.day", "days", () => study.propensity({ churn: any({ day: 30 }) })],
      ["outcome.colum", "column", () => study.propensity({ outcome: any({ colum: "monetary" }) })],
      ["alerts[0].segmant", "segment", () => study.compare(study, { alerts: [any(alert)] })],
      ["alerts[0].belwo", "below", () => study.compare(study, { alerts: [any({ measure: "size", belwo: 1 })] })],
      ["alerts[0].colum", "column", () => study.compare(study, { alerts: [any({ measure: "psi", colum: "a" })] })],
      ["features[1].wieght", "weight", () => study.cluster({ features: ["monetary", any({ wieght: 2 })] })],
      ["k.mni", "min", () => study.cluster({ k: any({ mni: 2, max: 4 }) })],
      ["columns.a.tpye", "type", () => segmenter.load("a\n1\n", { columns: { a: any({ tpye: "text" }) } })],
      ["limits.row", "rows", () => segmenter.load("a\n1\n", { limits: any({ row: 5 }) })],
    ];
    for (const [path, nearest, call] of wrong) {
      expect(await codeOf(call())).toBe("bad-option");
      expect(await messageOf(call())).toContain(`() has no option “${path}”. There are “${nearest}”`);
    }
    // By whichever names columns have.
    const columns = { constructor: { type: "text" as const } };
    expect((await segmenter.load("constructor,a\n1,2\n", { columns })).columns[0]?.type).toBe("text");
  });

  test("that are numbers are numbers", async () => {
    const nan = Number.NaN;
    const wrong: [string, () => Promise<unknown>][] = [
      ["window.days", () => orders.customers({ window: { days: nan } })],
      ["churn.days", () => study.propensity({ churn: { days: nan } })],
      ["edges.frequency[1]", () => study.rfm({ edges: { frequency: [1, nan, 3, 4] } })],
      ["nestedEdges.monetary[0][0][0]", () => study.rfm({ nestedEdges: { frequency: [], monetary: [[[nan]]] } })],
      [
        "alerts[1].above",
        () => study.compare(study, { alerts: [{ measure: "psi" }, { measure: "size", above: nan }] }),
      ],
      ["k", () => study.cluster({ k: nan })],
      ["k.max", () => study.cluster({ k: { min: 2, max: nan } })],
      ["initial[1][0]", () => study.cluster({ k: 2, features: ["monetary"], initial: [[1], [nan]] })],
      ["features[0].weight", () => study.cluster({ features: [{ column: "monetary", weight: nan }] })],
    ];
    for (const [path, call] of wrong) expect(await refused(call)).toBe(`“${path}” must be a number, found NaN.`);
  });
});

test("counts are whole numbers, said in words", async () => {
  const clusters = await study.cluster({ k: 2, features: ["monetary"] });
  const calls: [string, (n: number) => Promise<unknown>][] = [
    ["scale", (scale) => study.rfm({ scale })],
    ["restarts", (restarts) => study.cluster({ restarts })],
    ["maxIterations", (maxIterations) => study.cluster({ maxIterations })],
    ["minClusterSize", (minClusterSize) => study.cluster({ method: "hdbscan", minClusterSize })],
    ["leaves", (leaves) => study.tree({ outcome: "monetary > 100", leaves })],
    ["leaves", (leaves) => clusters.tree({ leaves })],
    ["skipLines", (skipLines) => segmenter.load("a\n1\n", { skipLines })],
    ["skipFooter", (skipFooter) => segmenter.load("a\n1\n", { skipFooter })],
  ];
  for (const [name, call] of calls) {
    expect(await codeOf(call(2.5))).toBe("bad-option");
    expect(await messageOf(call(2.5))).toBe(`“${name}” is a whole number, not 2.5.`);
    expect(await messageOf(call(-1))).toBe(`“${name}” is a whole number from 0 to 4,294,967,295, not -1.`);
  }
  expect(await messageOf(clusters.tree(any({ leafs: 3 })))).toContain("clusters.tree() has no option “leafs”.");
});

test("own edges may be equal, as those of quantiles, and never fall", async () => {
  const edges = { recency: [10, 20, 20, 90], frequency: [1, 1, 2, 3], monetary: [5, 6, 7, 8] };
  const made = await study.rfm({ edges });
  expect(made.edges).toEqual(edges);
  expect([...made.scores.recency].includes(3)).toBe(false);
  const falling = { ...edges, monetary: [5, 6, 7, 6] };
  expect(await messageOf(study.rfm({ edges: falling }))).toContain(
    "“edges.monetary” must be 4 numbers for 5 bands, none below the one before",
  );
  const nested = await study.rfm({ nested: true, scale: 2 });
  const given = { frequency: [[2], []], monetary: [[[5], [6]], [[9, 3]]] };
  const fixed = { nested: true, bands: "fixed" as const, scale: 2, edges: { recency: nested.edges.recency } };
  expect(await messageOf(study.rfm({ ...fixed, nestedEdges: given }))).toContain("“nestedEdges” must be 1 numbers");
});

test("a grouping is replaced by one of its kind only", async () => {
  await study.rfm();
  expect(await messageOf(study.stages({ name: "RFM" }))).toBe(
    "“RFM” is already the name of a grouping of another kind. Choose another name.",
  );
  await study.stages();
  await study.stages({ newDays: 10 });
  expect(await codeOf(study.tiers("Stages", [{ name: "a", rule: "frequency > 1" }]))).toBe("bad-option");
  const kinds = (study.recipe.groupings as { kind: string; name: string }[]).map(({ kind, name }) => [kind, name]);
  expect(kinds).toEqual(
    expect.arrayContaining([
      ["rfm", "RFM"],
      ["stages", "Stages"],
    ]),
  );
});

test("which value of a column is the outcome is asked with the values there are", async () => {
  const rows = Array.from(
    { length: 300 },
    (_, at) => `c${at},${at % 3 ? "yes" : "no"},${at % 4 ? "stays" : "goes"},${at}`,
  );
  const table = await segmenter.load(["customer_id,opened,end,spend", ...rows].join("\n"));
  const asked = (column: string) => messageOf(table.study().propensity({ outcome: { column, positive: "maybe" } }));
  expect(await asked("opened")).toBe(
    "Which value of “opened” is the outcome? Say it as “positive”; there are “yes” and “no”.",
  );
  expect(await asked("end")).toBe(
    "Which value of “end” is the outcome? Say it as “positive”; there are “goes”, “stays”.",
  );
});
