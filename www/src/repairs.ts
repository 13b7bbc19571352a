/** The repairs that a finding offers, as a person chooses between them. Pure. */
import type { ColumnInfo, Finding } from "./model.ts";

/** One way to mend a finding. */
export interface Way {
  label: string;
  code: string;
  choice?: string;
}

const COUNTRIES =
  "DE Germany,AT Austria,CH Switzerland,US United States,CA Canada,GB United Kingdom,IE Ireland,FR France,BE Belgium,NL Netherlands,LU Luxembourg,ES Spain,PT Portugal,IT Italy,DK Denmark,SE Sweden,NO Norway,FI Finland,PL Poland,CZ Czechia,HU Hungary,RO Romania,GR Greece,TR Türkiye,AU Australia,NZ New Zealand,IN India,JP Japan,BR Brazil,MX Mexico,ZA South Africa";

const SIMPLE: Record<string, string> = {
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
export function ways(finding: Finding, columns: readonly ColumnInfo[], values?: readonly string[]): Way[] {
  return (finding.repair ?? []).flatMap((code): Way[] => {
    const choices = (list: [choice: string, label: string][]) =>
      list.map(([choice, label]) => ({ code, choice, label }));
    switch (code) {
      case "merge":
        return choices([
          ["latest", "Merge, the latest row stays"],
          ["first", "Merge, the first row stays"],
        ]);
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
