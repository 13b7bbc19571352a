import type { Job } from "./host.js";

/** What is to be told: exactly one of `outcome` and `churn`. */
export interface PropensityOptions extends Job {
  /**
   * A column of the study and the value that is the outcome. Without `positive`: true, 1 where there are only 0 and 1, and “yes”
   * (or “true”, “y”) where there are two texts.
   */
  outcome?: { column: string; positive?: string | number | boolean };
  /**
   * No order within so many days. Learned from customers who had ordered by the reference date − `days`: what their orders said up
   * to that day, and whether any came in the `days` after it. Scored as of the reference date.
   */
  churn?: { days: number };
  /**
   * Columns to tell it by. When left out: of `outcome` all that describe customers but those the law protects; of `churn` what the
   * orders say: recency_days, order_days, monetary, average_order, tenure_days, days_between_orders, recency_over_rhythm,
   * recent_order_days, recent_monetary (the last two in the last `days`). Of `churn` these and columns of the table may be named;
   * the latter are known as they are today.
   */
  features?: string[];
  /** "best", when left out: both, and the one with the smaller log-loss on the customers by whom it was calibrated. */
  method?: "logistic" | "forest" | "best";
  /** Share of the customers on whom is measured, 0.1 to 0.5; 0.25 when left out. Both outcomes are held back in equal share. */
  heldBack?: number;
  /**
   * Decides, with the order of the rows, on whom a model is fitted, calibrated and measured; the study's when left out. The same
   * customers in another order give slightly other figures.
   */
  seed?: number;
  /** Of the column of probabilities; "churn_risk" or "<outcome>_propensity" when left out. */
  name?: string;
}

/**
 * A model of an outcome, measured on customers held back. Numbers that are not known (all of a refused model) are NaN.
 *
 * Logistic regression has a ridge penalty of 1 over standardised measures and levels of categories (missing is a level; the median
 * stands in for a missing measure, which has a column of its own); the random forest has 40 trees of smartcore, whose figures agree
 * roughly, not to the bit, between browsers and native builds.
 */
export interface Propensity {
  name: string;
  /** What is told, in words. */
  definition: string;
  /** "recency": no model, see `refused`. */
  method: "logistic" | "forest" | "recency";
  /** What was asked for. */
  asked: "logistic" | "forest" | "best";
  /**
   * Why there is no model: fewer than 50 customers with the outcome, or without. `probability` is then a risk by a rule, the days
   * since the last order over `churn.days` (of other outcomes: 365), 1 at most; it orders customers and is no probability.
   */
  refused?: string;
  /** Customers of whom the outcome is known; of these, those with it; those held back. */
  n: number;
  positives: number;
  heldBack: number;
  /** Customers, neither fitted to nor measured on, who make probabilities of what the model says. */
  calibratedOn: number;
  /** Platt's: 1 / (1 + e^−(slope · ln odds + shift)). */
  calibrationMethod?: { name: "platt"; slope: number; shift: number };
  /** Area under the ROC curve, mean −ln of the probability of what happened, and mean squared difference, on those held back. */
  auc: number;
  logLoss: number;
  brier: number;
  /** The same for everyone given `rate`, the share of the outcome among those the model was fitted to. */
  baseline: { logLoss: number; brier: number; rate: number };
  /** The models that were fitted, the chosen one first, on those held back. */
  candidates: { method: "logistic" | "forest"; auc: number; logLoss: number; brier: number }[];
  /** Tenths of those held back by rising probability: the mean predicted, and the share observed. */
  calibration: { from: number; to: number; n: number; predicted: number; observed: number }[];
  /**
   * The same tenths, the highest probabilities first; `lift` over the share of all, `captured` of all with the outcome so far. Where
   * equal probabilities reach into several tenths, each has its share of their `positives`, which may be no whole number.
   */
  deciles: {
    decile: number;
    n: number;
    positives: number;
    rate: number;
    lift: number;
    cumulativeLift: number;
    captured: number;
  }[];
  /**
   * What counts, most first. `importance` is by how much the log-loss rises on (at most 600 of) those held back when the column's
   * values are dealt out by chance. `direction` is by the probabilities at the column's 10 %, 50 % and 90 % point, all else as it
   * is; categories are "mixed". Coefficients are logistic regression's: of a measure for one standard deviation (`oddsRatio` is
   * e^coefficient), of a category's levels against its most frequent one.
   */
  drivers: {
    feature: string;
    importance: number;
    direction: "raises" | "lowers" | "mixed";
    coefficient?: number;
    oddsRatio?: number;
    levels?: { level: string; coefficient: number; oddsRatio: number }[];
    sentence: string;
  }[];
  /** One a row of the study's table; NaN where not scored. */
  probability: Float64Array;
  /** By this name rules may ask for it. */
  column: string;
  /** Also columns that tell the outcome nearly alone, and are most often written down after it. */
  warnings: string[];
}
