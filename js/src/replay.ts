/**
 * How is a recipe made again on another file? Its mapping, repairs, edges and rules are used as they are saved. A column that
 * the new file lacks is never guessed: it is mapped, or the parts that use it are left out by name.
 */
import { asked, requireKnown } from "./asked.js";
import { fail, MarquetryError } from "./errors.js";
import {
  consequence,
  linesIn,
  type Misfit,
  meantLines,
  misfitting,
  missingLines,
  namesIn,
  type SavedFold,
  withoutLines,
} from "./lines.js";
import { checked, failing, giverOf, mapRule, partsOf, renamed, type Saved } from "./recipe.js";
import type { ColumnInfo, ColumnOptions, LoadOptions, Preview, Source } from "./types/read.js";
import type { RuleJson } from "./types/rules.js";
import type { Lacking, Recipe, RecipePart, RemakeOptions, ReplayOptions, Skipped, Study } from "./types/study.js";
import type { CustomersOptions, Line, Repair, Table } from "./types/table.js";

/** What a replay needs of a segmenter. */
interface Reader {
  load(source: Source, options: LoadOptions): Promise<Table>;
  preview(source: Source, options: LoadOptions): Promise<Preview>;
}

/** The study that the recipe makes of the new file. */
export async function replay(
  reader: Reader,
  recipe: Recipe,
  source: Source,
  options: ReplayOptions,
): Promise<{ study: Study; skipped: Skipped[] }> {
  const saved = checked(recipe);
  const { settings, job } = asked("replay", options);
  const { mapping = {}, skip = [], orders, referenceDate, ...loading } = settings;
  const reading = { ...loading, ...job };
  const now = (name: string): string => renamed(name, mapping);
  requireUsed(saved, mapping, skip);
  const { columns: found } = await reader.preview(source, reading);
  const there = [...found, ...(orders?.columns ?? [])].map(({ name }) => name);
  requireKnown(
    Object.values(mapping),
    there,
    (name) => `“mapping” names “${name}”, which is no column of the new file.`,
  );
  const { fold = {} } = saved;
  const wanted = linesIn(fold);
  const unwanted = wanted.filter(({ name }) => skip.includes(name) && there.includes(now(name)));
  requireOthers(unwanted, fold);
  const asLines = meantLines(fold.lines ?? [], now, found);
  const asNothing = unwanted.map(({ name }): [string, ColumnOptions] => [now(name), { role: "other" }]);
  const known: Record<string, ColumnOptions> = {
    ...meant(saved, now, found),
    ...asLines,
    ...Object.fromEntries(asNothing),
  };
  // What is said of a column comes on top of what it was.
  const said = Object.entries(reading.columns ?? {}).map(([name, own]) => [name, { ...known[name], ...own }]);
  const columns = { ...known, ...Object.fromEntries(said) };
  const read = await reader.load(source, { ...reading, columns });
  const lines = await repaired(read, saved, mapping, skip);
  // Lines without an id or a day do not look like orders; whoever gives customers with what the fold found needs none.
  const already =
    orders !== undefined || ["recency_days", "frequency", "monetary"].some((name) => there.includes(now(name)));
  const folds = saved.kind === "customers" && (lines.kind === "orders" || (fold.lines !== undefined && !already));
  const missing = folds ? missingLines(wanted, now, found, reading.columns) : [];
  const needed = missing.filter(({ name, role }) => !skip.includes(name) || role === "customer-id" || fold.id === name);
  if (needed.length > 0) {
    for (const one of new Set([read, lines])) await one.close();
    throw refused(needed.map(lackingLine(found)), 1);
  }
  const used = { ...fold, lines: fold.lines?.filter(({ name }) => !unwanted.some((one) => one.name === name)) };
  const misfit = folds ? misfitting(used, now, lines, reading.columns) : undefined;
  if (misfit !== undefined) {
    for (const one of new Set([read, lines])) await one.close();
    throw unfit(misfit, fold, now(misfit.line.name), found);
  }
  const skipped = folds ? withoutLines(missing, unwanted, fold) : [];
  const dated = referenceDate !== undefined && { referenceDate };
  const gone = [...missing, ...unwanted].map(({ name }) => name);
  const folding = { ...refold(fold, mapping, gone), ...dated, ...job };
  const table = folds ? withFound(lines, await lines.customers(folding)) : lines;
  const study = table.study({
    seed: saved.seed,
    ...(!folds && dated),
    ...(saved.parameters && { parameters: saved.parameters }),
    ...(orders && { orders, ...(saved.ordersKey && { ordersKey: now(saved.ordersKey) }) }),
  });
  // The study has the lines that the customers were folded from.
  for (const before of new Set([read, lines])) if (before !== table) await before.close();
  const remade = await remake(study, recipe, { mapping, skip });
  if (remade.lacking.length > 0) {
    await study.close();
    await table.close();
    throw refused(remade.lacking, remade.parts);
  }
  return { study, skipped: [...skipped, ...remade.skipped] };
}

/**
 * Makes the parts of a recipe on a study that is there. Who needs what a part gives makes it by `make`. Parts that are `done` are
 * passed over; what could not be made is told, with the columns for lack of which.
 *
 * @throws MarquetryError `bad-option` for what is no recipe.
 */
export async function remake(
  study: Study,
  recipe: Recipe,
  { mapping = {}, skip = [], done = [] }: RemakeOptions = {},
  make: (part: RecipePart) => Promise<unknown> = (part) => part.make(),
): Promise<{ skipped: Skipped[]; lacking: Lacking[]; parts: number }> {
  const saved = checked(recipe);
  const parts = partsOf(study, saved, mapping);
  const wanted = parts.filter(({ part }) => !done.includes(part));
  const skipped: Skipped[] = [];
  const lacking = new Map<string, Lacking>();
  for (const { part } of wanted) if (skip.includes(part)) skipped.push({ part, reason: "left out as asked" });
  const made = wanted.filter(({ part }) => !skip.includes(part)).map((one) => ({ ...one, make: () => make(one) }));
  const failed = await failing(made);
  for (const { part, error } of failed) {
    const column = lackOf(part, saved, parts, failed, mapping);
    const needed = giverOf(lackingColumn(error, mapping), saved, parts);
    if (needed !== undefined && skip.includes(needed))
      skipped.push({ part, reason: `it needs “${needed}”, which was left out as asked` });
    else if (column === undefined) skipped.push({ part, reason: error.message });
    else if (skip.includes(column)) skipped.push({ part, reason: `“${column}” is not in this file` });
    else {
      const known = lacking.get(column) ?? { column, suggestions: alike(saved, column, study.table, error), parts: [] };
      lacking.set(column, { ...known, parts: [...known.parts, part] });
    }
  }
  return { skipped, lacking: [...lacking.values()], parts: parts.length };
}

/** What is mapped or left out must be something of the recipe: a name that was mistyped would change nothing, silently. */
function requireUsed(saved: Saved, mapping: Readonly<Record<string, string>>, skip: readonly string[]): void {
  const { snapshots = [], scales = [], value, propensities = [], groupings, segments, exclude: whom } = saved;
  const used = namesIn(saved);
  requireKnown(Object.keys(mapping), used, (name) => `“mapping” maps “${name}”, which no part of the recipe uses.`);
  const parts = [
    ...[...snapshots, ...scales, ...groupings, ...segments].map(({ name }) => name),
    ...propensities.map(({ name }) => name ?? "propensity"),
    ...(value ? ["value"] : []),
    ...(whom ? ["exclusion"] : []),
  ];
  requireKnown(skip, [...parts, ...used], (name) => `“skip” names “${name}”, no part or column of the recipe.`);
}

/** Refuses to leave out what tells the customers apart: without it there are none. */
function requireOthers(unwanted: readonly Line[], fold: SavedFold): void {
  const id = unwanted.find(({ name, role }) => role === "customer-id" || fold.id === name);
  if (id === undefined) return;
  throw fail("bad-option", `“skip” names “${id.name}”, which tells the customers apart and cannot be left out.`);
}

/** What is said of a column of the lines that is not there. */
const lackingLine =
  (found: readonly ColumnInfo[]) =>
  ({ name, role }: Saved["columns"][number]): Lacking => {
    const same = found.filter((one) => role !== "other" && one.role === role);
    return { column: name, suggestions: same.map((one) => one.name), parts: ["customers"] };
  };

/** The customers with what reading their lines found: nobody but the replay has seen the lines. */
function withFound(lines: Table, customers: Table): Table {
  const once = <T>(all: readonly T[]): T[] => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  return Object.assign(customers, {
    findings: once([...lines.findings, ...customers.findings]),
    questions: once([...lines.questions, ...customers.questions]),
  });
}

/** Types and meanings of the columns that are there, under their names of now. */
function meant(saved: Saved, now: (name: string) => string, found: readonly ColumnInfo[]) {
  const there = new Set(found.map(({ name }) => name));
  const known = saved.columns.filter(({ name }) => there.has(now(name)));
  const entry = ({ name, type, role }: Saved["columns"][number]): [string, ColumnOptions] => [
    now(name),
    { type, ...(role !== "other" && { role }) },
  ];
  return Object.fromEntries(known.map(entry));
}

async function repaired(table: Table, saved: Saved, mapping: Record<string, string>, skip: string[]): Promise<Table> {
  const wanted = saved.repairs.map((one) =>
    one.column === undefined ? one : { ...one, column: renamed(one.column, mapping) },
  );
  const there = new Set(table.columns.map(({ name }) => name));
  const lacks = ({ column }: Repair): boolean => column !== undefined && !there.has(column);
  const missing = wanted.filter((one) => lacks(one) && !skip.includes(one.column as string));
  if (missing.length > 0) {
    await table.close();
    const parts = missing.map(({ code, column }) => ({ column: column as string, suggestions: [], parts: [code] }));
    throw refused(parts, wanted.length);
  }
  const repairs = wanted.filter((one) => !lacks(one));
  if (repairs.length === 0) return table;
  const { table: mended } = await table.repair(repairs);
  return mended;
}

/** The same way to fold lines over columns that are called otherwise. What a customer list had joined to them is not there. */
function refold(fold: SavedFold, mapping: Record<string, string>, gone: readonly string[]): CustomersOptions {
  const { attributesKey: _, lines: __, exclude, counts, ...all } = fold;
  const lacks = (rule: unknown): boolean => namesIn(rule).some((name) => gone.includes(name));
  const { test, ...kinds } = counts ?? {};
  const tests = test === undefined || lacks(test) ? {} : { test: test && mapRule(test as RuleJson, mapping) };
  const named = (["id", "order", "date", "amount"] as const).filter((name) => all[name] !== undefined);
  const without = named.filter((name) => gone.includes(all[name] as string));
  const columns = named.filter((name) => !without.includes(name));
  const rest = Object.fromEntries(Object.entries(all).filter(([name]) => !without.some((one) => one === name)));
  return {
    ...rest,
    ...Object.fromEntries(columns.map((name) => [name, renamed(all[name] as string, mapping)])),
    ...(exclude && !lacks(exclude) && { exclude: mapRule(exclude, mapping) }),
    ...(counts && { counts: { ...kinds, ...tests } }),
  };
}

/** The column of the file for lack of which a part failed: one of its own, or of the part that gives what it asks for. */
function lackOf(
  part: string,
  saved: Saved,
  parts: RecipePart[],
  failed: { part: string; error: MarquetryError }[],
  mapping: Record<string, string>,
): string | undefined {
  const column = lackingColumn(failed.find((one) => one.part === part)?.error, mapping);
  const giver = giverOf(column, saved, parts);
  // What failed is looked for among the others only, so that nothing goes round.
  const others = failed.filter((one) => one.part !== part);
  return giver === undefined ? column : lackOf(giver, saved, parts, others, mapping);
}

/** The column that the file lacks, by its name in the recipe. */
function lackingColumn(error: unknown, mapping: Readonly<Record<string, string>>): string | undefined {
  if (!(error instanceof MarquetryError) || error.code !== "unknown-column") return undefined;
  const { column } = error.details;
  return Object.keys(mapping).find((old) => mapping[old] === column) ?? column;
}

/** Columns that may be meant: those of the same meaning, then those of nearly the same name. */
function alike(saved: Saved, column: string, table: Table, error: unknown): string[] {
  const role = saved.columns.find(({ name }) => name === column)?.role ?? "other";
  const same = table.columns.filter((one) => role !== "other" && one.role === role).map(({ name }) => name);
  const near = error instanceof MarquetryError ? error.details.suggestions : [];
  return [...new Set([...same, ...(Array.isArray(near) ? (near as string[]) : [])])];
}

/** What values of a type are called. */
const VALUES = { number: "numbers", date: "days", time: "times", boolean: "yes and no", list: "lists", text: "texts" };

/** The refusal of a column that is there, and is not what the lines were folded by. */
function unfit(
  { line, found, row }: Misfit,
  fold: SavedFold,
  column: string,
  there: readonly ColumnInfo[],
): MarquetryError {
  const hint = `Mend the column, say with “mapping” which other one it is now, or leave “${line.name}” out with “skip”: then ${consequence(line, fold)}.`;
  const message = `The recipe folds lines by “${column}”, which held ${VALUES[line.type]}; in the new file ${found}. ${hint}`;
  const { suggestions } = lackingLine(there)(line);
  return fail("wrong-type", message, { column, suggestions, hint, ...(row !== undefined && { row }) });
}

function refused(lacking: Lacking[], parts: number): MarquetryError {
  const [first, ...more] = lacking as [Lacking, ...Lacking[]];
  const using = new Set(lacking.flatMap((one) => one.parts)).size;
  const names = [first, ...more].map(({ column }) => `“${column}”`).join(", ");
  const hint = "Say with “mapping” what the column is called now, or leave parts out with “skip”.";
  const message = `The recipe expects ${more.length === 0 ? "column" : "columns"} ${names}, which the new file lacks; ${using} of its ${parts} parts use it (${first.parts.join(", ")}). ${hint}`;
  const { column, suggestions } = first;
  return fail("unknown-column", message, { column, suggestions, lacking, rows: using, share: using / parts, hint });
}
