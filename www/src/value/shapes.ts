/** What customers are worth, as the screen shows it: plain data. */
import type { ValueModel } from "../engine.ts";
import type { Group } from "../model.ts";

/** The parts of the screen. */
export type Part = "lifetime" | "churn" | "cohorts" | "stages";

export const PARTS: readonly { part: Part; title: string }[] = [
  { part: "lifetime", title: "Lifetime value" },
  { part: "churn", title: "Churn" },
  { part: "cohorts", title: "Cohorts" },
  { part: "stages", title: "Life cycle" },
];

export interface ValueSetup {
  model: "best" | ValueModel["model"];
  /** Days ahead. */
  horizonDays: number;
  /** What a year takes off later money, 0 to 1. */
  discountYearly: number;
  /** Days at the end that a check of the model is held back from it. */
  heldBack: number;
}

export const FIRST_VALUE: ValueSetup = { model: "best", horizonDays: 365, discountYearly: 0.1, heldBack: 90 };

export const MODELS: Record<ValueModel["model"], string> = {
  "bg-nbd": "BG/NBD",
  "mbg-nbd": "MBG/NBD",
  "pareto-nbd": "Pareto/NBD",
};

/** Customers by range of a value; the first range holds everything below its end. */
export interface Bins {
  edges: readonly number[];
  counts: readonly number[];
}

/** A tenth of the customers, most valuable first. */
export interface Decile {
  n: number;
  total: number;
  share: number;
  cumulative: number;
  least: number;
  most: number;
  /** Of one customer on average: what is expected, and what the interval of outcomes lies between. */
  mean: number;
  low: number;
  high: number;
}

export interface TopCustomer {
  name: string;
  value: number;
  low: number;
  high: number;
  alive: number;
  orders: number;
  spend: number;
  /** ISO day, where one is expected. */
  next: string | undefined;
}

export interface Estimate {
  asked: ValueSetup;
  model: ValueModel["model"];
  candidates: ValueModel["candidates"];
  /** Whether money an order was estimated too. */
  money: boolean;
  calibrationEnd: string;
  customers: number;
  repeaters: number;
  total: { value: number; low: number; high: number; orders: number };
  /** Share of outcomes that intervals hold. */
  interval: number;
  tracking: ValueModel["tracking"];
  /** Of the customers’ values. */
  median: number;
  deciles: Decile[];
  values: Bins;
  alive: Bins;
  top: TopCustomer[];
  warnings: string[];
}

/** What a model that did not see the last days expected of them. */
export type Check = NonNullable<ValueModel["holdout"]> &
  Pick<ValueModel, "model" | "tracking"> & {
    /** The last day that the model has seen. */
    from: string;
  };

/** Columns that rules can ask once value is estimated. */
export const VALUE_COLUMNS = ["lifetime_value", "p_alive", "expected_orders", "expected_spend", "next_order"] as const;

export const PERIODS = ["week", "month", "quarter", "year"] as const;
export type Period = (typeof PERIODS)[number];
export type CohortMeasure = "share" | "n" | "money";

/** Customers by the period of their first order. */
export interface CohortTable {
  by: Period;
  definition: string;
  periods: number;
  cohorts: readonly {
    label: string;
    customers: number;
    /** By periods since the first order, from 0. */
    active: readonly number[];
    revenue: readonly number[];
    repeated: number;
    repeatRate: number;
  }[];
  /** By cohort the period that is not over, or −1. */
  incomplete: readonly number[];
  /** Share of all cohorts that orders in a period, over cells that are complete. */
  average: readonly number[];
  notices: readonly string[];
}

export interface StageSetup {
  by: "rhythm" | "days";
  /** Days, or rhythms; what usually holds where they are left out. */
  newDays?: number;
  atRiskAfter?: number;
  lapsedAfter?: number;
}

export interface LifeStages {
  asked: StageSetup;
  customers: number;
  stages: readonly Group[];
  /** What was used. */
  newDays: number;
  atRiskAfter: number;
  lapsedAfter: number;
  definition: string;
  /** Columns that rules can ask since. */
  columns: readonly string[];
  notices: readonly string[];
}

/** What is foretold: that a customer does not buy for so many days, or what a column says. */
export interface ChurnSetup {
  of: "churn" | "outcome";
  days: number;
  column: string;
  positive: string;
  method: "best" | "logistic" | "forest";
}

export const FIRST_CHURN: ChurnSetup = { of: "churn", days: 90, column: "", positive: "", method: "best" };

export interface Risk {
  asked: ChurnSetup;
  definition: string;
  method: "logistic" | "forest" | "recency";
  /** Why there is no model; the risk is then read off recency alone. */
  refused: string | undefined;
  n: number;
  positives: number;
  heldBack: number;
  auc: number;
  logLoss: number;
  brier: number;
  baseline: { logLoss: number; brier: number; rate: number };
  candidates: readonly { method: string; auc: number; logLoss: number; brier: number }[];
  calibration: readonly { from: number; to: number; n: number; predicted: number; observed: number }[];
  deciles: readonly {
    decile: number;
    n: number;
    positives: number;
    rate: number;
    lift: number;
    cumulativeLift: number;
    captured: number;
  }[];
  drivers: readonly {
    feature: string;
    importance: number;
    direction: "raises" | "lowers" | "mixed";
    oddsRatio?: number | undefined;
    sentence: string;
  }[];
  /** Customers by their probability. */
  spread: Bins;
  /** Its column in rules. */
  column: string;
  warnings: readonly string[];
}
