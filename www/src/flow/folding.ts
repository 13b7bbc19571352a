/** How do order lines become customers? As a person has set it, and by what else a project knows of it. */
import type { CustomersOptions, Segmenter, Table } from "../engine.ts";
import type { Project } from "../model.ts";
import { FOUND_BY, fitting } from "../rfm/fold.ts";
import { FIRST_FOLDING, type Folding, type FoldingOfProject } from "../rfm/shapes.ts";
import { state } from "../state.ts";
import { contents } from "./saved.ts";

/** The options for a table of order lines, as far as it has the columns they name. */
export function counted({ columns }: Table, folding: Folding = state.folding.value): CustomersOptions {
  const { days, refunds, cancelled, zeroValue, test, also } = folding;
  return {
    ...(also && fitting(also, columns).options),
    ...(days !== undefined && { window: { days } }),
    counts: { refunds, cancelled, zeroValue, ...(test !== "" && { test }) },
  };
}

/** Which orders count by a project. */
export async function foldingOf(segmenter: Segmenter, project: Project): Promise<Folding> {
  const fold = contents(project.recipe).fold ?? {};
  const { window, counts, keepCancelled, exclude, prospects, lines = [] } = fold;
  const { test, ...others } = counts ?? {};
  const columns: FoldingOfProject["columns"] = [];
  for (const option of ["id", "order", "date", "amount"] as const) {
    const is = (line: { name: string; role: string }): boolean =>
      fold[option] === undefined ? FOUND_BY[option].includes(line.role) : line.name === fold[option];
    const line = lines.find(is);
    const name = fold[option] ?? line?.name;
    if (name !== undefined) columns.push({ option, name, type: line?.type });
  }
  return {
    ...FIRST_FOLDING,
    ...(window?.days !== undefined && { days: window.days }),
    ...(keepCancelled !== undefined && { cancelled: keepCancelled }),
    ...others,
    ...(test && { test: await segmenter.formatRule(test) }),
    also: {
      ...(window && window.days === undefined && { window }),
      ...(exclude && { exclude: { rule: exclude, text: await segmenter.formatRule(exclude) } }),
      ...(prospects !== undefined && { prospects }),
      columns,
    },
  };
}
