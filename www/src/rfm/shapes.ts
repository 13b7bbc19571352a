/** How RFM scores are made, and what the pictures of them need: plain data. */
import type { ColumnType, NestedEdges, RuleJson } from "../engine.ts";

export type SchemeName = "segments-11" | "segments-10" | "groups-6" | "cells";
export type AxisName = "recency" | "frequency" | "monetary";

/** A group of an own scheme: the first rule that is true names the customer. */
export interface NamedRule {
  name: string;
  rule: string | RuleJson;
}

/** What a person has set. */
export interface RfmSetup {
  /** Scores go from 1 to this. */
  scale: number;
  bands: "quantile" | "kmeans";
  nested: boolean;
  /** Edges that a person has moved; the others are found. */
  edges: Partial<Record<AxisName, readonly number[]>>;
  /** The edges of nested bands that a project has brought, or that a person has moved. */
  nestedEdges?: NestedEdges;
  scheme: SchemeName | readonly NamedRule[];
}

/** Which orders count, and how. */
export interface Folding {
  /** Only those of so many last days; all where it is left out. */
  days?: number | undefined;
  refunds: "subtract" | "ignore";
  cancelled: boolean;
  zeroValue: boolean;
  /** A rule over order lines that says which are tests; empty for none. */
  test: string;
  /** What else a project knows. */
  also?: FoldingOfProject | undefined;
}

/** How a project folds order lines besides what can be set on the page. */
export interface FoldingOfProject {
  /** ISO days. */
  window?: { from?: string; to?: string };
  /** Lines that are left out, and the same in words. */
  exclude?: { rule: RuleJson; text: string };
  /** Whether listed customers without orders are rows. */
  prospects?: boolean;
  /** The columns that it reads, with their types where it says them. */
  columns: { option: "id" | "order" | "date" | "amount"; name: string; type: ColumnType | undefined }[];
}

export const FIRST_FOLDING: Folding = { refunds: "subtract", cancelled: false, zeroValue: true, test: "" };

export const FIRST_SETUP: RfmSetup = { scale: 5, bands: "quantile", nested: false, edges: {}, scheme: "segments-11" };

export const SCHEMES: readonly { scheme: SchemeName; title: string }[] = [
  { scheme: "segments-11", title: "11 groups, from champions to lost" },
  { scheme: "segments-10", title: "10 groups, the first that fits" },
  { scheme: "groups-6", title: "6 groups" },
  { scheme: "cells", title: "every cell by itself" },
];

/** One of the three measures, in its own units. */
export const AXES: readonly { axis: AxisName; column: string; letter: string; title: string; unit: string }[] = [
  { axis: "recency", column: "recency_days", letter: "R", title: "Recency", unit: "days since the last order" },
  { axis: "frequency", column: "frequency", letter: "F", title: "Frequency", unit: "orders" },
  { axis: "monetary", column: "monetary", letter: "M", title: "Money", unit: "spent in all" },
];

/** How the customers lie along an axis: bars from `from` to `to`, evenly wide on its scale. */
export interface Strip {
  from: number;
  to: number;
  bars: readonly number[];
}

export type Strips = Readonly<Record<AxisName, Strip>>;

/** Some of nested bands: those of orders inside a recency score, and of money inside that and a frequency score. */
export interface Bands {
  recency: number;
  frequency: number;
}

/** Those that are looked at. */
export interface Inside extends Bands {
  edges: Record<"frequency" | "monetary", readonly number[]>;
  strips: Record<"frequency" | "monetary", Strip>;
  /** Customers with these scores. */
  n: Record<"frequency" | "monetary", number>;
}

/** Where an edge goes: to a value, to the customer's value nearest to a place, or to the next one there is. */
export type EdgeTo = number | { near: number } | "up" | "down";
/** A built-in list of groups with its rules, to read and to edit. */
export interface Scheme {
  name: string;
  title: string;
  groups: readonly { name: string; rule: string }[];
}

/** Another list of groups laid beside the one in use. */
export interface Agreement {
  beside: SchemeName;
  /** −1 to 1; 1 where both part customers in the same way. */
  adjustedRand: number;
  /** Groups of the one in use, and of the other. */
  a: readonly string[];
  b: readonly string[];
  /** Customers by group of the one and of the other. */
  cells: readonly (readonly number[])[];
  /** Customers in them. */
  n: number;
}
