import type { Job } from "./host.js";

/** What value models are fitted, and how far they look ahead. */
export interface ValueOptions extends Job {
  /** "best", when left out, fits all three and takes the likeliest. */
  model?: "bg-nbd" | "mbg-nbd" | "pareto-nbd" | "best";
  spend?: "gamma-gamma" | "none";
  /** Days ahead that orders and value are expected for, 3,653 (ten years) at most; 365 when left out. */
  horizonDays?: number;
  /** What a year takes off later money; 0.1 (ten percent) when left out. Orders of a month count at its end. */
  discountYearly?: number;
  /** Unit of time of parameters and likelihood; "week" when left out. Orders of one customer on one day count once. */
  timeUnit?: "day" | "week";
  /**
   * ISO day: models are fitted on what happened up to and including it, and what came later is the check. Customers first
   * seen later get NaN. The reference date, without a check, when left out.
   */
  calibrationEnd?: string;
}

/** A fitted model of repeat purchases. Standard errors are NaN where the likelihood is flat. */
export interface FittedPurchases {
  model: "bg-nbd" | "mbg-nbd" | "pareto-nbd";
  /** r, alpha, a, b, or r, alpha, s, beta; alpha and beta are times in `timeUnit`, the others have no unit. */
  parameters: Record<string, number>;
  standardErrors: Record<string, number>;
  /** Natural logarithm. */
  logLikelihood: number;
  /** Lower is better. */
  bic: number;
  converged: boolean;
}

/**
 * What the customers of a study are worth: the likeliest model and its figures. Arrays have one entry a row of the study's table;
 * NaN for customers without orders. Rules may ask for the same as `p_alive`, `expected_orders`, `expected_spend`,
 * `lifetime_value` and `next_order`. What customers brought so far, net of refunds, is the column `monetary`.
 */
export interface ValueModel extends FittedPurchases {
  /** Every model that was fitted, this one first. */
  candidates: FittedPurchases[];
  /** Gamma-Gamma; missing where nobody spent money on repeat orders, or when not wanted. `gamma` is in units of money. */
  spend?: {
    model: "gamma-gamma";
    parameters: Record<string, number>;
    standardErrors: Record<string, number>;
    logLikelihood: number;
    /** Mean of the customers' mean money of a repeat purchase day, as it was. */
    observedMean: number;
    /** Pearson's correlation of repeat purchase days and their mean money. The model takes it for 0: beyond ±0.3 that is "doubtful". */
    correlation: number;
    assumption: "holds" | "doubtful";
  };
  /** What was expected after `calibrationEnd`, and what came: purchase days, and their mean absolute difference a customer. */
  holdout?: {
    actual: number;
    expected: number;
    mae: number;
    days: number;
    /** By repeat orders before: 0 to 6, and 7 or more. */
    byRepeats: { repeats: number; customers: number; actual: number; expected: number }[];
  };
  /** Chance to be still buying, 0 to 1. */
  pAlive: Float64Array;
  /** Purchase days expected within the horizon. */
  expectedOrders: Float64Array;
  /** Money expected a purchase day. */
  expectedSpend: Float64Array;
  /** Money expected within the horizon, discounted to `calibrationEnd`. */
  lifetimeValue: Float64Array;
  /** Days from `calibrationEnd` to the next order of one who still buys: one over the expected rate of buying. */
  daysToNext: Float64Array;
  /**
   * The day of the next order, in days since 1970-01-01: `calibrationEnd` and `daysToNext`. −2147483648 (no day) for customers
   * without figures, for those who more likely have left than not, and beyond a hundred years. For rules: `next_order`.
   */
  nextOrder: Int32Array;
  /**
   * The interval that `interval` (0.8) of outcomes lie in, as many missed below as above: what one customer may do under the fitted
   * model, by its closed form. Not in it: what the parameters may be off, little for one customer, and a future unlike the past.
   * Orders are whole, so that the interval of orders holds at least that share.
   */
  expectedOrdersLow: Float64Array;
  expectedOrdersHigh: Float64Array;
  /** The same of `lifetimeValue`; NaN also for customers whose repeat orders brought no money. */
  lifetimeValueLow: Float64Array;
  lifetimeValueHigh: Float64Array;
  interval: number;
  /**
   * All customers together. Single outcomes even out, and what the parameters may be off does not: these intervals hold both
   * (delta method). A future unlike the past is in none; `holdout` says how far off such an expectation was before.
   */
  total: {
    expectedOrders: number;
    expectedOrdersLow: number;
    expectedOrdersHigh: number;
    /** NaN without a model of spending. */
    lifetimeValue: number;
    low: number;
    high: number;
  };
  /**
   * Repeat purchase days, stretch by stretch from the first purchase day to the last day known: those that came, and those
   * expected of customers from the day they joined, over calibration and hold-out. `day` ends the stretch of `trackingDays`
   * (7, or 28 beyond two years); the last may be shorter. Only customers who joined by `calibrationEnd`.
   */
  tracking: { day: string; actual: number; expected: number; cumulativeActual: number; cumulativeExpected: number }[];
  trackingDays: number;
  /** What should make a reader careful. */
  warnings: string[];
  calibrationEnd: string;
  timeUnit: "day" | "week";
  horizonDays: number;
  discountYearly: number;
  /** Customers with a first order by `calibrationEnd`, and those of them who came again. */
  customers: number;
  repeaters: number;
}
