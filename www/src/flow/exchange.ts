/** Rules from elsewhere and for elsewhere: templates for this table, other systems' rules, SQL. */
import type { RuleSource, SqlOptions } from "../engine.ts";
import { active } from "../rule/tree.ts";
import { state } from "../state.ts";
import { type Desk, inWords, say } from "./desk.ts";
import { withSegment } from "./live.ts";

/** Loads the templates, each with the number of customers it takes. */
export async function loadTemplates(desk: Desk): Promise<void> {
  const { study } = desk;
  if (!study) return;
  const templates = await study.templates().catch(() => []);
  const counted = [];
  for (const template of templates) {
    const n = template.rule === undefined ? undefined : (await study.count(template.rule).catch(() => undefined))?.in;
    counted.push({ ...template, n });
  }
  if (desk.study === study) state.templates.value = counted;
}

/** Reads another system's rule; nothing of it is used before the person says so. */
export async function importRule(desk: Desk, format: RuleSource, text: string): Promise<void> {
  const { customers } = desk;
  if (!customers) return;
  const orders = state.study.value?.orders ?? [];
  try {
    const found = await desk.segmenter.importRule(format, text, { columns: customers.columns, orders });
    state.imported.value = { ...found, problem: undefined };
    say("The rule was read.");
  } catch (error) {
    state.imported.value = { rule: undefined, text: "", unsupported: [], notes: [], problem: inWords(error).message };
  }
}

/** The rule being written as SQL. */
export async function writeSql(desk: Desk, options: SqlOptions): Promise<void> {
  const { rule } = state.draft.value;
  try {
    const text = await withSegment(desk, active(rule), (segment) => segment.toSQL(options));
    if (text !== undefined) state.sql.value = { rule, text, problem: undefined };
  } catch (error) {
    state.sql.value = { rule, text: "", problem: inWords(error).message };
  }
}
