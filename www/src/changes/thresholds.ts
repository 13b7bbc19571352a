/** From which change on is a person told? */

export interface Threshold {
  measure: "size" | "entered" | "left" | "psi" | "no-match";
  on: boolean;
  /** A share of the segment; for columns an index. */
  above: number;
}

/** How each is asked for, in percent or as it is. */
export const MEASURES: Readonly<Record<Threshold["measure"], { words: string; unit: "%" | "PSI" | "" }>> = {
  size: { words: "A segment’s size differs by more than", unit: "%" },
  entered: { words: "Of a segment now, newly in it are more than", unit: "%" },
  left: { words: "Of a segment then, gone from it are more than", unit: "%" },
  psi: { words: "A column’s index is above", unit: "PSI" },
  "no-match": { words: "A part of a rule takes nobody any more", unit: "" },
};

export const FIRST_THRESHOLDS: readonly Threshold[] = [
  { measure: "size", on: true, above: 0.25 },
  { measure: "entered", on: false, above: 0.3 },
  { measure: "left", on: false, above: 0.3 },
  { measure: "psi", on: true, above: 0.25 },
  { measure: "no-match", on: true, above: 0 },
];

/** Segments smaller than this call nobody. */
export const SMALLEST = 100;
