import { describe, expect, it } from "vitest";
import type { Changes, Migration } from "./shapes.ts";
import {
  byChange,
  dayInWords,
  end,
  flowsOf,
  grew,
  headline,
  largestMove,
  monthsBefore,
  points,
  signed,
} from "./words.ts";

const migration: Migration = {
  grouping: "RFM",
  labels: ["Champions", "Loyal", "Lost"],
  matrix: [
    [10, 2, 1],
    [3, 20, 4],
    [0, 1, 30],
  ],
  gone: [1, 0, 5],
  arrived: [2, 6, 0],
  ordered: true,
  improved: 4,
  worsened: 7,
  stayed: 60,
  moved: 11,
  sizesBefore: [14, 27, 36],
  sizesAfter: [15, 29, 35],
  sentence: "",
};

const segment = (name: string, before: number, after: number) => {
  const stayed = Math.min(before, after);
  const [entered, left] = [after - stayed, before - stayed];
  const more = { isNew: 0, lost: 0, net: after - before, retention: stayed / before, drift: [] };
  return { name, before, after, stayed, entered, left, ...more };
};

const changes: Changes = {
  before: { date: "2026-03-31", customers: 77 },
  after: { date: "2026-04-30", customers: 79 },
  key: "customer_id",
  matched: 71,
  gone: 6,
  arrived: 8,
  segments: [segment("Big", 100, 110), segment("Small", 10, 5)],
  migration: [],
  drift: [],
  alerts: [],
  notices: [],
};

describe("what a comparison says", () => {
  it("begins with alerts, then with who moved, then with the segment that changed most", () => {
    expect(headline({ ...changes, alerts: [{ code: "size", message: "", value: 0.5, threshold: 0.25, n: 100 }] })).toBe(
      "1 alert since 31 March 2026",
    );
    expect(headline({ ...changes, migration: [migration] })).toBe(
      "15.5\u00a0% changed their RFM group since 31 March 2026",
    );
    expect(headline(changes)).toBe("“Small” shrank by 5 (50.0\u00a0%) since 31 March 2026");
    expect(headline({ ...changes, segments: [] })).toBe("Nothing stands out since 31 March 2026");
  });

  it("puts the segment first whose size changed most for its size", () => {
    expect(byChange(changes.segments).map(({ name }) => name)).toEqual(["Small", "Big"]);
    expect(grew(segment("New", 0, 7))).toBe("grew by 7");
    expect(grew(segment("Same", 7, 7))).toBe("kept its size");
  });

  it("sums a migration to the sizes of both days", () => {
    const flows = flowsOf(migration);
    const of = (side: "from" | "to", label: number) =>
      flows.filter((flow) => flow[side] === label).reduce((all, { n }) => all + n, 0);
    expect([0, 1, 2].map((label) => of("from", label))).toEqual(migration.sizesBefore);
    expect([0, 1, 2].map((label) => of("to", label))).toEqual(migration.sizesAfter);
    expect(flows.every(({ n }) => n > 0)).toBe(true);
    expect(largestMove(migration)).toEqual({ from: 1, to: 2, n: 4 });
    expect([
      end(migration.labels, -1, "from"),
      end(migration.labels, -1, "to"),
      end(migration.labels, 2, "to"),
    ]).toEqual(["New", "Gone", "Lost"]);
  });

  it("writes days and differences as people read them", () => {
    expect([dayInWords("2026-04-03"), dayInWords("week 3")]).toEqual(["3 April 2026", "week 3"]);
    expect([signed(1200), signed(-3), signed(0)]).toEqual(["+1,200", "−3", "±0"]);
    expect([points(0.0123), points(-0.02), points(0.0001)]).toEqual(["+1.2\u00a0pp", "−2.0\u00a0pp", "±0 pp"]);
  });

  it("finds the same day of an earlier month, or the month’s last", () => {
    expect(monthsBefore("2026-03-31", 1)).toBe("2026-02-28");
    expect(monthsBefore("2026-01-15", 3)).toBe("2025-10-15");
    expect(monthsBefore("2024-02-29", 12)).toBe("2023-02-28");
  });
});
