/** What every part of the builder is given. */
import type { Actions } from "../../actions.ts";
import type { ColumnInfo, RuleJson } from "../../model.ts";
import type { FactsOf } from "../../rule/counted.ts";
import type { Path } from "../../rule/tree.ts";

export interface Tools {
  root: RuleJson;
  columns: readonly ColumnInfo[];
  orders: readonly ColumnInfo[];
  segments: readonly string[];
  /** Everyone under study. */
  customers: number;
  facts: FactsOf;
  /** The counts are of an earlier rule. */
  old: boolean;
  actions: Actions;
  /** Takes the changed tree; the row at the path is focused then. */
  put(root: RuleJson, focus?: Path): void;
}

/** A path as an attribute. */
export const named = (path: Path): string => path.join(".");
