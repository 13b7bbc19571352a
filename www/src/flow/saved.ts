/** What a saved file holds: a project of last month, with or without who was where, or a mere recipe. */
import type { Baseline, ColumnInfo, Recipe, Repair, RuleJson, RuleParameters } from "../engine.ts";
import type { Folding, RfmSetup } from "../rfm/shapes.ts";

/** Hashes of a million customers fit; larger files are tables. */
const MOST_BYTES = 64e6;

export interface Saved {
  recipe: Recipe;
  /** Sizes, shares, and who was where as hashes; none in a mere recipe. */
  baseline?: Baseline;
}

/** What the page asks of a recipe. */
interface Contents {
  columns: Pick<ColumnInfo, "name" | "role">[];
  segments: { name: string }[];
  groupings: {
    name: string;
    kind: string;
    tiers?: { name: string; rule: RuleJson }[];
    scheme?: RfmSetup["scheme"];
  }[];
  parameters?: RuleParameters;
  repairs: Repair[];
  /** How lines became customers, where not as usual. */
  fold?: {
    window?: { days?: number; from?: string; to?: string };
    counts?: Partial<Pick<Folding, "refunds" | "cancelled" | "zeroValue">> & { test?: RuleJson | false };
    keepCancelled?: boolean;
    exclude?: RuleJson;
    prospects?: boolean;
    id?: string;
    order?: string;
    date?: string;
    amount?: string;
    /** The columns that it was made of. */
    lines?: Pick<ColumnInfo, "name" | "type" | "role">[];
  };
}

export const contents = (recipe: Recipe | undefined): Contents =>
  (recipe ?? { columns: [], segments: [], groupings: [], repairs: [] }) as unknown as Contents;

/** Nothing for any other file. */
export async function savedIn(file: File): Promise<Saved | undefined> {
  if (!/\.json$/i.test(file.name) || file.size > MOST_BYTES) return undefined;
  try {
    const saved = JSON.parse(await file.text());
    if (isRecipe(saved)) return { recipe: saved };
    return saved?.kind === "baseline" && isRecipe(saved.recipe) ? { recipe: saved.recipe, baseline: saved } : undefined;
  } catch {
    return undefined;
  }
}

const isRecipe = (saved: Record<string, unknown>): saved is Recipe =>
  saved?.version === 1 && ["segments", "groupings", "columns", "repairs"].every((part) => Array.isArray(saved[part]));
