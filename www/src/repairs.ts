/** The repairs that a finding offers, as a person chooses between them. Pure. */
import type { ColumnInfo, Finding, Question } from "./model.ts";

/** One way to mend a finding. */
export interface Way {
  label: string;
  code: string;
  choice?: string;
}

const COUNTRIES =
  "DE Germany,AT Austria,CH Switzerland,US United States,CA Canada,GB United Kingdom,IE Ireland,FR France,BE Belgium,NL Netherlands,LU Luxembourg,ES Spain,PT Portugal,IT Italy,DK Denmark,SE Sweden,NO Norway,FI Finland,PL Poland,CZ Czechia,HU Hungary,RO Romania,GR Greece,TR Türkiye,AU Australia,NZ New Zealand,IN India,JP Japan,BR Brazil,MX Mexico,ZA South Africa";

const SHOWN = new Map(
  Object.entries({
    dmy: "day, month, year",
    mdy: "month, day, year",
    ymd: "year, month, day",
    ".": "point (1234.5)",
    ",": "comma (1234,5)",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    whitespace: "blanks",
    true: "yes",
    false: "no",
  }),
);

/** A choice about reading, in words. */
export const spoken = (code: string, choice: string): string =>
  code === "delimiter" && choice === "," ? "comma" : (SHOWN.get(choice) ?? choice);

/** What a file may be read again with, where no question says it. */
const READINGS: Record<string, { say: (choice: string) => string; choices: string }> = {
  delimiter: { say: (choice) => `Use the ${choice}`, choices: "; , \t |" },
  encoding: {
    say: (choice) => `Read again as ${choice}`,
    choices: "windows-1252 utf-8 iso-8859-15 windows-1250 windows-1251 shift_jis utf-16le",
  },
  decimal: { say: (choice) => `Read with the ${choice}`, choices: ". ," },
  "date-order": { say: (choice) => `Read as ${choice}`, choices: "dmy mdy ymd" },
  quote: {
    say: (choice) => (choice === "" ? "Read quotation marks as text" : `Quote with ${choice}`),
    choices: "\" '",
  },
  currency: { say: (choice) => `Keep ${choice} only`, choices: "" },
  type: { say: (choice) => `Read as ${choice}`, choices: "text number date" },
  "skip-footer": { say: () => "Keep these rows", choices: "0" },
  "skip-lines": { say: (choice) => `Read the table below line ${choice}`, choices: "" },
};

/** The ways to read a file again with one option; first what the reader’s own question offers. */
function readings(
  option: string,
  finding: Finding,
  columns: readonly ColumnInfo[],
  questions: readonly Question[],
): Way[] {
  const reading = READINGS[option];
  if (!reading) return [];
  const asked = questions.find(({ code, column }) => code === option && (column ?? finding.column) === finding.column);
  const type = option === "type" ? columns.find(({ name }) => name === finding.column)?.type : undefined;
  const known = reading.choices.split(" ").filter((choice) => choice !== "");
  const offered = asked ? asked.choices : option === "quote" ? ["", ...known] : known;
  return offered
    .filter((choice) => choice !== asked?.taken && choice !== type)
    .map((choice) => ({ code: `use-${option}`, choice, label: reading.say(spoken(option, choice)) }));
}

const SIMPLE: Record<string, string> = {
  "as-orders": "Yes, one row is one order",
  "drop-missing": "Leave out rows without a value",
  "keep-first": "Keep the first row of each",
  "keep-last": "Keep the last row of each",
  "drop-duplicates": "Remove the repeated rows",
  "drop-column": "Remove the column",
  "set-missing": "Treat as missing",
  trim: "Cut the blanks off",
  "normalise-country": "Write countries as two letters",
  "set-aside-ragged": "Set these rows aside",
  "drop-future": "Remove these rows",
};

/** Every way to mend it, the most usual first. `values` are the column's most frequent ones. */
export function ways(
  finding: Finding,
  columns: readonly ColumnInfo[],
  questions: readonly Question[],
  values?: readonly string[],
): Way[] {
  return (finding.repair ?? []).flatMap((code): Way[] => {
    if (code.startsWith("use-")) return readings(code.slice(4), finding, columns, questions);
    const choices = (list: [choice: string, label: string][]) =>
      list.map(([choice, label]) => ({ code, choice, label }));
    switch (code) {
      case "merge":
        return choices([
          ["latest", "Merge, the latest row stays"],
          ["first", "Merge, the first row stays"],
        ]);
      case "fill-missing":
        return columns.find(({ name }) => name === finding.column)?.type === "number"
          ? choices([["0", "Fill with 0"]])
          : choices([["unknown", "Fill with “unknown”"]]);
      case "normalise-email":
        return choices([
          ["domain", "Blanks off, host in lower case"],
          ["whole", "Blanks off, all in lower case"],
        ]);
      case "normalise-phone":
        return COUNTRIES.split(",").map((entry) => ({
          code,
          choice: entry.slice(0, 2),
          label: `International form; others are from ${entry.slice(3)}`,
        }));
      case "keep-currency": {
        const sample = values ?? columns.find((column) => column.name === finding.column)?.sample ?? [];
        return [...new Set(sample.map((value) => value.trim().toUpperCase()))].map((currency) => ({
          code,
          choice: currency,
          label: `Keep ${currency} only`,
        }));
      }
      default:
        return [{ code, label: SIMPLE[code] ?? code.replaceAll("-", " ") }];
    }
  });
}
