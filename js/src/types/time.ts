import type { Grouping, Segment } from "./groupings.js";
import type { Job } from "./host.js";
import type { ReplayedStudy } from "./study.js";

/** A study as it was on a past day. Closing it closes its tables, too. */
export interface PastStudy extends ReplayedStudy {
  /** The day, as ISO text: its reference date. */
  readonly date: string;
  /** What differs from what was known then: columns that are as they are today, customers who were not there yet. */
  readonly notices: readonly string[];
}

/** On which days a study is looked at. */
export interface TrendOptions extends Job {
  /** ISO days, none after the reference date. */
  dates?: string[];
  /** The ends of so many periods, the last at the reference date; "month" and 12 when left out. Days before the first order have none. */
  every?: "week" | "month" | "quarter";
  last?: number;
}

/** Segments and groupings on several days. Lists have one entry a day. */
export interface Trend {
  /** ISO days, rising. */
  dates: string[];
  /** Customers of whom the orders had a line by then, also those who only had refunds. */
  customers: number[];
  /** `n` are the members without who is excluded; NaN on days on which the segment cannot be asked for, which a notice tells. */
  segments: { name: string; n: number[]; revenue?: number[] }[];
  /** `sizes[label][day]`. */
  groupings: { name: string; labels: string[]; sizes: number[][] }[];
  notices: string[];
}

/** How customers are put into cohorts. */
export interface CohortsOptions extends Job {
  /** "month" when left out. Weeks run from Monday, as in ISO 8601. */
  by?: "week" | "month" | "quarter" | "year";
}

/** Customers by the period of their first order, and what they did in each period since. */
export interface Cohorts {
  by: "week" | "month" | "quarter" | "year";
  /** What a cohort, active, revenue and repeated mean, in words. */
  definition: string;
  /** Periods of the oldest cohort, its first among them. */
  periods: number;
  cohorts: {
    /** The first day of the period. */
    start: string;
    /** 2026-07, 2026-W27, 2026-Q3 or 2026. */
    label: string;
    customers: number;
    /** Money of the day of the first order. */
    firstRevenue: number;
    /** By periods since the first order's, that one first: customers with an order, orders, and revenue net of refunds. */
    active: number[];
    orders: number[];
    revenue: number[];
    /** Customers who ordered again on a later day, and their share of the cohort. */
    repeated: number;
    repeatRate: number;
  }[];
  /** By cohort: the position of the period that is not over at the reference date; −1 where all are. */
  incomplete: number[];
  /** Share of customers active by periods since the first, each customer weighing the same; of periods that are over only. */
  average: number[];
  /** Customers without an order, who are in no cohort. */
  withoutOrders: number;
  /** Refunds that are in the revenue, and their money (below zero). */
  refunds: { n: number; revenue: number };
  notices: string[];
}

/** What makes a customer new, at risk or lapsed. */
export interface StagesOptions extends Job {
  /** "rhythm" when left out: by the days that usually lie between a customer's own orders. "days": the same for everyone. */
  by?: "rhythm" | "days";
  /** New is whose first order is at most so many days ago; the file's rhythm when left out, or 30. */
  newDays?: number;
  /** Rhythms (2 when left out) or days (90) since the last order. */
  atRiskAfter?: number;
  /** Rhythms (4 when left out) or days (180) since the last order; reactivated is who came back after such a pause. */
  lapsedAfter?: number;
  /** Days that usually lie between two orders; found in the file when left out. */
  rhythm?: number;
  /** "Stages" when left out. */
  name?: string;
}

/**
 * Stages of a customer's life: prospect, new, active, at risk, lapsed, reactivated. Rules may also ask for `order_days`,
 * `days_since_order`, `days_between_orders` (the customer's rhythm), `rhythms_since_order` and `pause_before_order`.
 */
export interface StagesGrouping extends Grouping {
  readonly by: "rhythm" | "days";
  /** What was asked for, or stood in for it. */
  readonly newDays: number;
  readonly atRiskAfter: number;
  readonly lapsedAfter: number;
  /** Days between two orders in the file: the median of the customers' own medians. */
  readonly rhythm: number;
  /** All stages in words. */
  readonly definition: string;
  /** The columns that were added. */
  readonly columns: readonly string[];
  readonly notices: readonly string[];
}

/** A campaign that is to be measured. */
export interface HoldoutOptions extends Job {
  /** Who might get it; everyone when left out. */
  of?: Segment | string;
  /** Share that gets nothing; 0.1 when left out. */
  share?: number;
  /** Each group gives its share to the control group; without it there is one. Who changes groups, as of RFM, may move. */
  stratifyBy?: Grouping | string;
  /** The study's when left out. */
  seed?: number;
  /** "Holdout" when left out. */
  name?: string;
  /** Share of customers who would do what is hoped for without the campaign; 0.05 when left out. */
  rate?: number;
  /** By how much the campaign is hoped to raise it: 0.1 is from 5 % to 5.5 %. With it `needed` is worked out. */
  lift?: number;
  /** Chance to find a difference that is there; 0.8 when left out. */
  power?: number;
  /** Chance to find one that is not; 0.05 when left out, two-sided. */
  alpha?: number;
}

/**
 * Who gets a campaign ("treated") and who does not ("control"). Rules may ask for its name as a column. Of each stratum those whose
 * hash of seed, name and id is lowest are held back, to its share: drawn again on a later file most are the same, but not all. While a
 * test runs, the list that was exported for it is the one that counts.
 */
export interface Holdout extends Grouping {
  /** The column that rules and exports call it by. */
  readonly column: string;
  readonly control: number;
  readonly treated: number;
  readonly strata: readonly { label: string; n: number; control: number }[];
  readonly share: number;
  readonly seed: number;
  readonly rate: number;
  readonly power: number;
  readonly alpha: number;
  /** The smallest rise that is found with this power: in points of the share (0.01 is one percentage point), and relative to it; null where none can be found, as with fewer than 30 in a group. */
  readonly minimumDetectable: { absolute: number | null; relative: number | null };
  /** Customers needed to find the `lift`, at the same share. */
  readonly needed?: { control: number; treated: number; enough: boolean };
  readonly sentence: string;
  readonly notices: readonly string[];
}

/** What is too small or too much alike. */
export interface ReviewOptions extends Job {
  /** Segments and labels with fewer customers are too small; 30 when left out. */
  smallest?: number;
  /** Two segments overlap when more than this share of the smaller one is in the other; 0.8 when left out. */
  overlap?: number;
}

/** A segment, or a label of a grouping, that one might do without. */
export interface Hint {
  /**
   * "too-small" · "overlapping": a share of the smaller one is in the larger · "indistinguishable": no column tells the two apart
   * (Holm's adjusted p at least 0.05, or an effect below 0.1) · "too-few-to-tell": the same, but of fewer than 30 customers who are
   * in one of the two only · "unused": it has nobody.
   */
  code: "too-small" | "overlapping" | "indistinguishable" | "too-few-to-tell" | "unused";
  /** Names of segments, or “Grouping: label”; of two the one that one might do without first. */
  segments: string[];
  /** Customers in it; of two, those in both or in the smaller one. */
  n: number;
  /** Of everyone, or of the smaller one where two overlap. */
  share?: number;
  message: string;
}
