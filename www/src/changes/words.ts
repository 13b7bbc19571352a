/** What a comparison says, in words and in the order in which it is told. Pure functions. */
import { count, percent, plural } from "../format.ts";
import type { Changes, Flow, Migration, SegmentChange } from "./shapes.ts";

const MONTHS = "January February March April May June July August September October November December".split(" ");

/** “2026-04-30” → “30 April 2026”; what is no day stays as it is. */
export function dayInWords(day: string): string {
  const [, year, month, date] = day.match(/^(\d{4})-(\d\d)-(\d\d)/) ?? [];
  return year === undefined ? day : `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`;
}

/** +120, −35, ±0. */
export const signed = (n: number): string => (n === 0 ? "±0" : `${n > 0 ? "+" : "−"}${count(Math.abs(n))}`);

/** Points of share, such as +1.2 pp. */
export function points(difference: number): string {
  const text = (Math.abs(difference) * 100).toFixed(1);
  return text === "0.0" ? "±0 pp" : `${difference > 0 ? "+" : "−"}${text}\u00a0pp`;
}

const share = (n: number, all: number): number => (all > 0 ? n / all : 0);

/** The first thing to know. */
export function headline({ alerts, segments, migration, before }: Changes): string {
  const since = `since ${dayInWords(before.date)}`;
  if (alerts.length > 0) return `${plural(alerts.length, "alert")} ${since}`;
  const [first] = migration;
  if (first && first.moved > 0)
    return `${percent(share(first.moved, matched(first)))} changed their ${inTitle(first.grouping)} ${since}`;
  const [most] = byChange(segments);
  if (!most || most.before === most.after) return `Nothing stands out ${since}`;
  return `“${most.name}” ${grew(most)} ${since}`;
}

const inTitle = (grouping: string): string => (grouping === "Clusters" ? "cluster" : `${grouping} group`);

/** “grew by 120 (12 %)”. */
export function grew({ before, after }: SegmentChange): string {
  if (before === after) return "kept its size";
  const by = before > 0 ? ` (${percent(share(Math.abs(after - before), before))})` : "";
  return `${after > before ? "grew" : "shrank"} by ${count(Math.abs(after - before))}${by}`;
}

/** Segments whose size has changed most, relative to what it was, first; as they stand where that is equal. */
export const byChange = (segments: readonly SegmentChange[]): SegmentChange[] =>
  [...segments].sort((a, b) => size(b) - size(a));

const size = ({ before, after }: SegmentChange): number => Math.abs(after - before) / Math.max(1, before);

/** Customers of both days. */
export const matched = ({ stayed, moved }: Migration): number => stayed + moved;

/** Every flow that somebody took, the largest first. */
export function flowsOf({ matrix, gone, arrived }: Migration): Flow[] {
  const flows = [
    ...matrix.flatMap((row, from) => row.map((n, to): Flow => ({ from, to, n }))),
    ...gone.map((n, from): Flow => ({ from, to: -1, n })),
    ...arrived.map((n, to): Flow => ({ from: -1, to, n })),
  ];
  return flows.filter(({ n }) => n > 0).sort((a, b) => b.n - a.n);
}

/** The largest flow between two groups. */
export const largestMove = (migration: Migration): Flow | undefined =>
  flowsOf(migration).find(({ from, to }) => from !== to && from >= 0 && to >= 0);

/** A flow’s end in words. */
export const end = (labels: readonly string[], group: number, side: "from" | "to"): string =>
  group < 0 ? (side === "from" ? "New" : "Gone") : (labels[group] ?? "");

/** The day some months earlier: the last of the month where it has no such day. */
export function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, last));
  return first.toISOString().slice(0, 10);
}
