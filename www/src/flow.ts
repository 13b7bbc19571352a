/**
 * What happens when a person does something: the one place that knows the order of the steps and holds the engine's
 * handles. Screens see the plain data in state.ts. A step that fails or is cancelled leaves everything as it was.
 */
import type { Actions, ExportChoice } from "./actions.ts";
import type { Clustering, Grouping, LoadOptions, RfmGrouping, Segment as SegmentHandle, Segmenter, Study, Table } from "./engine.ts";
import { possibleFeatures, proposals, rfmCells, sensibleFeatures, total, totals, type Values } from "./figures.ts";
import { download } from "./download.ts";
import { label, percent, plural } from "./format.ts";
import type { Answers, Cluster, CustomerMap, Group, Problem, Rfm, Screen } from "./model.ts";
import { trySending } from "./lock.ts";
import { sampleFile } from "./sample/shop.ts";
import { choices, emptyDraft, freeColor, isProblem, reachable, state } from "./state.ts";

/** The seed of everything random here; it stands in the recipe. */
const SEED = 1;
const TYPING_PAUSE_MS = 80;
const MAP_POINTS = 5000;

type Job = Required<Pick<LoadOptions, "signal" | "onProgress">>;

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

export function createFlow(segmenter: Segmenter): Actions {
  let file: File | undefined;
  let table: Table | undefined;
  let customers: Table | undefined;
  let study: Study | undefined;
  let revenue: Float64Array | undefined;
  let rfm: RfmGrouping | undefined;
  let clustering: Clustering | undefined;
  let segments = new Map<string, SegmentHandle>();
  let controller: AbortController | undefined;
  let typing: ReturnType<typeof setTimeout> | undefined;
  let edits = 0;

  const say = (text: string): void => void (state.said.value = text);

  /** Runs one piece of work with progress and Cancel; nothing comes back when it failed or was cancelled. */
  async function run<T>(title: string, work: (job: Job) => Promise<T>): Promise<T | undefined> {
    controller?.abort();
    const own = new AbortController();
    controller = own;
    state.running.value = { title, phase: "", ratio: 0, rows: undefined };
    try {
      const result = await work({
        signal: own.signal,
        onProgress: ({ phase, ratio, rows }) => {
          if (controller === own) state.running.value = { title, phase, ratio, rows };
        },
      });
      if (own.signal.aborted) return undefined;
      state.problem.value = null;
      say(`${title}: done`);
      return result;
    } catch (error) {
      if (own.signal.aborted) say(`${title}: cancelled`);
      else state.problem.value = inWords(error);
      return undefined;
    } finally {
      if (controller === own) {
        controller = undefined;
        state.running.value = null;
      }
    }
  }

  // ------------------------------------------------------------ file and check

  async function open(chosen: File, synthetic: boolean): Promise<void> {
    state.waiting.value = null;
    const loaded = await read(chosen, {});
    if (!loaded) return;
    file = chosen;
    state.answers.value = {};
    state.segments.value = [];
    state.source.value = { name: chosen.name, size: chosen.size, synthetic };
    await take(loaded);
    go("check");
  }

  async function read(from: File, answers: Answers): Promise<Table | undefined> {
    return run(`Reading ${from.name}`, (job) => segmenter.load(from, { name: from.name, ...answers, ...job }));
  }

  /** Shows another table on the check screen and forgets what was made from the former one. */
  async function take(next: Table, repairs: Table["findings"] = []): Promise<void> {
    const former = table;
    table = next;
    await forgetStudy();
    await former?.close();
    const rows = await next.rows({ limit: 8 });
    state.referenceDate.value = await lastDay(next);
    state.sheet.value = {
      kind: next.kind,
      rows: next.rowCount,
      columns: next.columns,
      findings: next.findings,
      questions: next.questions,
      dialect: inWordsOf(next),
      preview: rows.map((row) => row.map((cell) => (cell === null ? "" : String(cell)))),
      repairs,
    };
  }

  async function forgetStudy(): Promise<void> {
    const old = [study, customers === table ? undefined : customers];
    study = undefined;
    customers = undefined;
    rfm = undefined;
    clustering = undefined;
    segments = new Map();
    state.study.value = null;
    state.rfm.value = null;
    state.overlap.value = null;
    state.clusters.value = null;
    state.profiled.value = null;
    state.examples.value = [];
    state.draft.value = emptyDraft();
    for (const handle of old) await handle?.close();
  }

  async function answer(answers: Answers): Promise<void> {
    if (!file) return;
    const next = { ...state.answers.value, ...answers, columns: { ...state.answers.value.columns, ...answers.columns } };
    const loaded = await read(file, next);
    if (!loaded) return;
    state.answers.value = next;
    await take(loaded);
  }

  async function repair(code: string, column: string | undefined, choice: string | undefined): Promise<void> {
    const before = state.sheet.value?.repairs ?? [];
    const current = table;
    if (!current) return;
    const done = await run("Repairing", () => current.repair([{ code, ...(column === undefined ? {} : { column }), ...(choice === undefined ? {} : { choice }) }]));
    if (done) await take(done.table, [...before, ...done.log]);
  }

  // ------------------------------------------------------------ study and RFM

  async function proceed(): Promise<void> {
    const lines = table;
    if (!lines) return;
    const referenceDate = state.referenceDate.value || undefined;
    const folded = lines.kind === "orders" ? await run("Folding orders into customers", (job) => lines.customers({ ...(referenceDate ? { referenceDate } : {}), ...job })) : lines;
    if (!folded) return;
    const kept = state.segments.value;
    await forgetStudy();
    customers = folded;
    study = folded.study({ ...(referenceDate ? { referenceDate } : {}), seed: SEED });
    const money = folded.columns.find((column) => column.name === "monetary") ?? folded.columns.find((column) => column.role === "amount" && column.type === "number");
    const values = money ? await folded.column(money.name) : undefined;
    revenue = values instanceof Float64Array ? values : undefined;
    state.features.value = sensibleFeatures(folded.columns);
    state.study.value = {
      customers: folded.rowCount,
      columns: folded.columns,
      referenceDate: referenceDate ?? "",
      revenue: money?.name,
      revenueTotal: revenue ? total(revenue) : 0,
      notices: lines === folded ? [] : folded.findings,
    };
    state.rfm.value = await scoreRfm(study);
    await keepSegments(kept.map(({ name, text }) => ({ name, text })));
    go(isProblem(state.rfm.value) ? "segments" : "rfm");
    await proposeRules();
  }

  async function scoreRfm(of: Study): Promise<Rfm | Problem> {
    try {
      const grouping = await of.rfm({ scheme: "segments-11" });
      rfm = grouping;
      const { recency, frequency } = grouping.scores;
      const cells = rfmCells(recency, frequency, revenue, 5);
      return { scale: 5, cells, edges: grouping.edges, groups: await groups(grouping), note: tieNote(cells), unscored: recency.reduce((sum, score) => sum + (score === 0 ? 1 : 0), 0) };
    } catch (error) {
      return inWords(error);
    }
  }

  async function groups(grouping: Grouping): Promise<Group[]> {
    const n = customers?.rowCount ?? 0;
    const money = revenue ? totals(await grouping.assignments(), revenue, grouping.labels.length) : undefined;
    const all = state.study.value?.revenueTotal ?? 0;
    return grouping.labels.map((name, index) => ({
      label: name,
      n: grouping.sizes[index] ?? 0,
      share: (grouping.sizes[index] ?? 0) / n,
      revenueShare: money && all > 0 ? (money[index] ?? 0) / all : undefined,
      color: index < 8 ? index + 1 : 0,
    }));
  }

  // ------------------------------------------------------------ segments

  async function proposeRules(): Promise<void> {
    const [of, from] = [study, customers];
    if (!of || !from) return;
    const values = new Map<string, Values>();
    for (const column of from.columns) if (column.type === "number") values.set(column.name, await from.column(column.name));
    const examples = [];
    for (const proposal of proposals(from.columns, values)) {
      try {
        const counted = await of.count(proposal.text);
        if (counted.in > 0 && counted.in < from.rowCount) examples.push({ ...proposal, n: counted.in });
      } catch {
        // A proposal that this table cannot answer is simply not made.
      }
    }
    if (study === of) state.examples.value = examples;
  }

  async function keepSegments(wanted: { name: string; text: string }[]): Promise<void> {
    const lost: string[] = [];
    state.segments.value = [];
    for (const { name, text } of wanted) if (!(await addSegment(name, text))) lost.push(name);
    if (lost.length > 0) state.problem.value = { message: `${plural(lost.length, "segment")} could not be made again from this table: ${lost.join(", ")}.`, hint: "Their rules name columns that are not there." };
  }

  async function addSegment(name: string, text: string): Promise<SegmentHandle | undefined> {
    const of = study;
    if (!of) return undefined;
    try {
      const handle = await of.segment(unused(name), text);
      segments.set(handle.id, handle);
      const { id, counts } = handle;
      const color = freeColor(state.segments.value.map((segment) => segment.color));
      state.segments.value = [...state.segments.value, { id, name: handle.name, text: handle.text, counts, color }];
      state.problem.value = null;
      say(`Segment ${handle.name}: ${plural(counts.in, "customer")}`);
      await refreshOverlap();
      return handle;
    } catch (error) {
      state.problem.value = inWords(error);
      return undefined;
    }
  }

  function unused(name: string): string {
    const taken = new Set(state.segments.value.map((segment) => segment.name));
    let candidate = name.trim() || "Segment";
    for (let number = 2; taken.has(candidate); number++) candidate = `${name.trim() || "Segment"} ${number}`;
    return candidate;
  }

  async function refreshOverlap(): Promise<void> {
    const of = study;
    if (!of) return;
    const overlap = segments.size === 0 ? null : await of.overlap([...segments.values()]);
    if (study === of) state.overlap.value = overlap;
  }

  function edit(text: string): void {
    state.draft.value = { ...state.draft.value, text, stale: true };
    clearTimeout(typing);
    typing = setTimeout(() => void recount(), TYPING_PAUSE_MS);
  }

  /** Counts the text being typed; while it is not a rule, the last counts stay and are marked as old. */
  async function recount(): Promise<void> {
    const [of, from, own] = [study, customers, ++edits];
    const { text } = state.draft.value;
    if (!of || !from) return;
    if (text.trim() === "") {
      state.draft.value = { ...state.draft.value, counts: undefined, stale: false, errors: [] };
      return;
    }
    try {
      const { errors } = await segmenter.parseRule(text, from.columns.map(({ name, type }) => ({ name, type })));
      const counts = errors.length === 0 ? await of.count(text) : undefined;
      if (own !== edits || study !== of) return;
      state.draft.value = { ...state.draft.value, errors, stale: counts === undefined, counts: counts ?? state.draft.value.counts };
    } catch (error) {
      if (own === edits) state.draft.value = { ...state.draft.value, stale: true, errors: [{ at: 0, length: text.length, message: inWords(error).message, suggestions: [] }] };
    }
  }

  async function saveDraft(): Promise<void> {
    const { id, name, text } = state.draft.value;
    const handle = id === undefined ? undefined : segments.get(id);
    if (handle && handle.name === name.trim()) {
      try {
        const counts = await handle.update(text);
        state.segments.value = state.segments.value.map((segment) => (segment.id === id ? { ...segment, text: handle.text, counts } : segment));
        say(`Segment ${handle.name}: ${plural(counts.in, "customer")}`);
        await refreshOverlap();
      } catch (error) {
        state.problem.value = inWords(error);
        return;
      }
    } else {
      const added = await addSegment(name || "Segment", text);
      if (!added) return;
      if (id !== undefined) removeSegment(id);
    }
    state.draft.value = emptyDraft();
    state.profiled.value = null;
  }

  function removeSegment(id: string): void {
    segments.delete(id);
    state.segments.value = state.segments.value.filter((segment) => segment.id !== id);
    if (state.draft.value.id === id) state.draft.value = emptyDraft();
    if (state.profiled.value?.key === `segment ${id}`) state.profiled.value = null;
    void refreshOverlap();
  }

  function draftOf(name: string, text: string, id?: string): void {
    state.draft.value = { ...emptyDraft(), id, name, text };
    void recount();
  }

  async function segmentFrom(grouping: Grouping | undefined, of: string, name: string): Promise<void> {
    if (!grouping) return;
    try {
      const text = await segmenter.formatRule(grouping.rule(of));
      if (await addSegment(name, text)) go("segments");
    } catch (error) {
      state.problem.value = inWords(error);
    }
  }

  // ------------------------------------------------------------ clusters

  async function findClusters(): Promise<void> {
    const of = study;
    const features = state.features.value;
    if (!of) return;
    const found = await run("Looking for clusters", async (job) => {
      const result = await of.cluster({ features, k: { min: 2, max: 10 }, seed: SEED, ...job });
      const [profiles, assignments, map] = [await of.profile(result), await result.assignments(), await result.map({ maxPoints: MAP_POINTS })];
      return { result, profiles, assignments, map };
    });
    if (!found || study !== of) return;
    const { result, profiles, assignments, map } = found;
    clustering = result;
    const sized = await groups(result);
    const clusters = sized.map((group, index): Cluster => ({
      ...group,
      name: nameOf(profiles[index]?.columns ?? [], features) ?? group.label,
      sentences: profiles[index]?.differences ?? [],
      stability: result.quality.stability[index],
      means: result.features.map((name, at) => ({ name, value: result.centers[index]?.[at] ?? Number.NaN })),
    }));
    const { quality } = result;
    state.clusters.value = {
      k: result.k,
      reason: quality.reason,
      verdict: quality.verdict,
      silhouette: quality.silhouette,
      sampleSize: quality.sampleSize,
      seed: result.seed,
      candidates: result.candidates,
      clusters,
      notClustered: (customers?.rowCount ?? 0) - result.sizes.reduce((sum, size) => sum + size, 0),
      features: result.variables.map(({ name, etaSquared }) => ({ name, etaSquared })),
      notices: result.notices,
      map: { x: map.x, y: map.y, group: Array.from(map.rows, (row) => assignments[row] ?? -1), axes: [axis(map.loadings, "x"), axis(map.loadings, "y")], explained: map.explained } satisfies CustomerMap,
      customers: customers?.rowCount ?? 0,
    };
    state.profiled.value = null;
    say(`${result.k} clusters. ${quality.reason}`);
  }

  // ------------------------------------------------------------ profile and export

  const handleOf = (key: string): SegmentHandle | Grouping | undefined => (key === "rfm" ? rfm : key === "clusters" ? clustering : segments.get(key.replace(/^segment /, "")));

  async function profile(key: string): Promise<void> {
    const [of, handle, choice] = [study, handleOf(key), choices.value.find((one) => one.key === key)];
    if (!of || !handle || !choice) return;
    const profiles = await run(`Profiling ${choice.name}`, (job) => of.profile(handle, job));
    if (!profiles || study !== of) return;
    const names = key === "clusters" ? state.clusters.value?.clusters : undefined;
    const named = profiles.map((one, index) => ({ ...one, label: names?.[index]?.name ?? one.label }));
    state.profiled.value = { key, name: choice.name, kind: choice.kind, profiles: named, customers: customers?.rowCount ?? 0 };
  }

  async function exportFile({ what, groups: keys, columns, escapeFormulas, delimiter }: ExportChoice): Promise<void> {
    const of = study;
    if (!of || !file) return;
    const chosen = keys.map(handleOf).filter((handle) => handle !== undefined);
    const json = what === "recipe";
    const blob = await run("Writing the file", (job) => of.export({ what, format: json ? "json" : "csv", segments: chosen, ...(json ? {} : { columns, escapeFormulas, delimiter }), ...job }));
    if (!blob) return;
    const base = file.name.replace(/(\.(csv|tsv|txt|gz))+$/i, "");
    const name = json ? `${base}-recipe.json` : what === "members" ? `${base}-members.csv` : `${base}-segments.csv`;
    download(blob, name);
    say(`${name} was handed to your browser’s downloads`);
  }

  function go(screen: Screen): void {
    if (reachable.value.has(screen)) state.screen.value = screen;
    if (screen === "profile" && !state.profiled.value) {
      const first = choices.value[0];
      if (first) void profile(first.key);
    }
  }

  return {
    go,
    open: (chosen) => void open(chosen, false),
    openSample: () => void sampleFile(breath).then((made) => open(made, true)),
    cancel: () => controller?.abort(),
    dismiss: () => void (state.problem.value = null),
    setTheme: (theme) => {
      state.theme.value = theme;
      if (theme === "auto") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
    },
    selfTest: () => {
      state.lock.value = { ...state.lock.value, attempts: "running" };
      void trySending().then((attempts) => void (state.lock.value = { ...state.lock.value, attempts }));
    },
    answer: (answers) => void answer(answers),
    setRole: (column, role) => void answer({ columns: { [column]: { ...state.answers.value.columns?.[column], role } } }),
    repair: (code, column, choice) => void repair(code, column, choice),
    setReferenceDate: (day) => void (state.referenceDate.value = day),
    proceed: () => void proceed(),
    segmentFromGroup: (name) => void segmentFrom(rfm, name, name),
    edit,
    rename: (name) => void (state.draft.value = { ...state.draft.value, name }),
    startDraft: () => void (state.draft.value = emptyDraft()),
    editSegment: (id) => {
      const segment = state.segments.value.find((one) => one.id === id);
      if (segment) draftOf(segment.name, segment.text, id);
    },
    saveDraft: () => void saveDraft(),
    removeSegment,
    addExample: (name, text) => void addSegment(name, text),
    toggleFeature: (column) => {
      const ticked = new Set(state.features.value);
      if (!ticked.delete(column)) ticked.add(column);
      state.features.value = possibleFeatures(state.study.value?.columns ?? []).map(({ name }) => name).filter((name) => ticked.has(name));
    },
    findClusters: () => void findClusters(),
    segmentFromCluster: (of) => void segmentFrom(clustering, of, state.clusters.value?.clusters.find((cluster) => cluster.label === of)?.name ?? of),
    profile: (key) => void profile(key),
    exportFile: (choice) => void exportFile(choice),
  };
}

// ------------------------------------------------------------ words

function inWords(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const hint = (error as { details?: { hint?: unknown } } | undefined)?.details?.hint;
  return { message, ...(typeof hint === "string" ? { hint } : {}) };
}

function inWordsOf(table: Table): string {
  const { encoding, delimiter, header, decimal, skippedLines } = table.dialect;
  const names: Record<string, string> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", whitespace: "blanks" };
  const parts = [`values parted by ${names[delimiter] ?? `“${delimiter}”`}`, header ? "names in the first row" : "no row of names", `decimal ${decimal === "," ? "comma" : "point"}`, encoding.toUpperCase()];
  if (skippedLines > 0) parts.push(`${plural(skippedLines, "line")} above the table skipped`);
  return parts.join(", ");
}

async function lastDay(table: Table): Promise<string> {
  const dated = table.columns.filter((column) => column.role === "date" && (column.type === "date" || column.type === "time"));
  const best = dated.sort((a, b) => b.roleConfidence - a.roleConfidence)[0];
  if (!best) return "";
  const values = await table.column(best.name);
  let last = Number.NEGATIVE_INFINITY;
  for (const value of values) if (typeof value === "number" && value > last) last = value;
  const ms = best.type === "date" ? last * 86_400_000 : last;
  return Number.isFinite(ms) && ms > -8e14 ? new Date(ms).toISOString().slice(0, 10) : "";
}

/** Why neighbouring frequency scores may be empty: customers with equal values share a score. */
function tieNote(cells: Rfm["cells"]): string | undefined {
  const sizes = cells.map((row) => row.reduce((sum, cell) => sum + cell.n, 0));
  const empty = sizes.flatMap((size, index) => (size === 0 ? [index + 1] : []));
  if (empty.length === 0) return undefined;
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const largest = Math.max(...sizes);
  return `Frequency ${empty.length === 1 ? "score" : "scores"} ${empty.join(", ")} ${empty.length === 1 ? "is" : "are"} empty: customers with the same number of orders always share a score, and ${percent(largest / all)} of them share one.`;
}

/** “High monetary, low recency days”: the two features that set a cluster apart most. */
function nameOf(columns: readonly { name: string; effect: number }[], features: readonly string[]): string | undefined {
  const strongest = columns
    .filter(({ name, effect }) => features.includes(name) && Math.abs(effect) >= 0.3)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, 2);
  if (strongest.length === 0) return undefined;
  return label(strongest.map(({ name, effect }) => `${effect > 0 ? "high" : "low"} ${name.replace(/_/g, " ")}`).join(", "));
}

function axis(loadings: readonly { name: string; x: number; y: number }[], of: "x" | "y"): string {
  const strong = [...loadings].sort((a, b) => Math.abs(b[of]) - Math.abs(a[of])).slice(0, 2);
  return strong.map((loading) => `${loading[of] >= 0 ? "more" : "less"} ${loading.name.replace(/_/g, " ")}`).join(", ");
}

