/** What becomes of customers who lack the value a row asks for, how many they are, and what each choice would change. */
import { count } from "../../format.ts";
import type { RuleJson } from "../../model.ts";
import type { Facts } from "../../rule/counted.ts";
import type { Row } from "../../rule/row.ts";
import { state } from "../../state.ts";
import { type Entry, Menu } from "../Menu.tsx";
import type { Tools } from "./tools.ts";

interface Props {
  node: RuleJson;
  facts: Facts | undefined;
  row: Row;
  tools: Tools;
  put(node: RuleJson): void;
}

export function MissingChip({ node, facts, row, tools, put }: Props) {
  const { missingAs: now, ...open } = node;
  const n = now === undefined || now === null ? (facts?.counts.unknown ?? 0) : (facts?.missing ?? 0);
  if (n === 0 && (now === undefined || now === null)) return null;
  const { rule, counts } = state.draft.value;
  const last = state.weighed.value;
  const weighed = last?.node === node && last.rule === rule ? last.taken : undefined;
  const current = counts?.in ?? 0;
  const hint = (taken: number | undefined): string | undefined => {
    if (taken === undefined || tools.old) return undefined;
    const moves = taken - current;
    return moves === 0 ? "moves nobody" : moves > 0 ? `${count(moves)} more in` : `${count(-moves)} fewer in`;
  };
  const isNumber = row.kind === "condition" && row.type === "number";
  const entries: Entry[] = [
    { label: "left open", hint: hint(weighed?.open), checked: now === undefined || now === null, run: () => put(open) },
    {
      label: "no match",
      hint: hint(weighed?.out),
      checked: now === false,
      run: () => put({ ...open, missingAs: false }),
    },
    { label: "a match", hint: hint(weighed?.in), checked: now === true, run: () => put({ ...open, missingAs: true }) },
    ...(isNumber ? [{ label: "count as 0", checked: now === 0, run: () => put({ ...open, missingAs: 0 }) }] : []),
  ];
  return (
    <Menu
      label={`Missing values: ${words(now)}, ${count(n)} customers`}
      kind={n > 0 ? "chip missing" : "chip"}
      entries={entries}
      onOpen={() => tools.actions.weigh(node)}
      note={`${count(n)} customers have no value here. “Left open” leaves them undecided, also when the row is negated.`}
    >
      missing values: {words(now)} <strong>{count(n)}</strong> ▾
    </Menu>
  );
}

function words(missingAs: unknown): string {
  if (missingAs === undefined || missingAs === null) return "left open";
  if (typeof missingAs === "boolean") return missingAs ? "a match" : "no match";
  const day = (missingAs as { date?: string }).date;
  return `count as ${day ?? String(missingAs)}`;
}
