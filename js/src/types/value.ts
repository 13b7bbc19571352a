import type { Job } from "./host.js";

/** What value models are fitted, and how far they look ahead. */
export interface ValueOptions extends Job {
  /** "best", when left out, fits all three and takes the likeliest. */
  model?: "bg-nbd" | "mbg-nbd" | "pareto-nbd" | "best";
  spend?: "gamma-gamma" | "none";
  /** Days ahead that orders and value are expected for; 365 when left out. */
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
 * NaN for customers without orders. Rules may ask for the same as `p_alive`, `expected_orders`, `expected_spend` and
 * `lifetime_value`.
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
  /** Days from `calibrationEnd` to the next order of one who still buys. */
  daysToNext: Float64Array;
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
