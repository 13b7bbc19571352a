// Tables in which everything stands that has ever been read in two ways: missing values, odd texts, days at the edges.
import { chance } from "./chance.mjs";

/** The day to which rules measure. */
export const REFERENCE = "2024-02-29";

/** What rules call by name. */
export const PARAMETERS = { least: 2, town: "Wien", since: "2023-03-01", willing: true };

/** Texts with whatever may end a literal, mean something in a pattern, or sort differently elsewhere. */
export const ODD = [
  "plain",
  "Plain",
  "PLAIN",
  "it's",
  'say "hi"',
  "back\\slash",
  "100%",
  "50_50",
  "a%b_c\\d",
  "[a-z]",
  "a*b?",
  "--comment",
  "'; DROP TABLE customers; --",
  "\\' OR 1=1 -- ",
  "line\nbreak",
  "tab\tstop",
  "trailing ",
  "trailing",
  " leading",
  "äpfel",
  "Äpfel",
  "zebra",
  "Zebra",
  "ß",
  "ss",
  "e\u0301",
  "é",
  "日本",
  "😀",
  "￿",
  "   ",
  "\u00a0",
  "NULLIF",
  "`tick`",
  "]",
  "$1",
  "{}",
  ":name",
  "?",
];
/** Texts of ASCII letters, on whose small forms every engine agrees. */
export const WORDS = [
  "alpha",
  "Alpha",
  "ALPHA",
  "beta",
  "Beta x",
  "gamma",
  "Gam_ma",
  "delta%",
  "x",
  "X",
  "",
  "aa",
  "aAa",
  "12",
];
export const TAGS = ["vip", "new", "Sale", "sale", "a b", "it's", "x%", "ü", "long-tail"];
const CITIES = ["Berlin", "berlin", "Wien", "Zürich", "Paris"];
export const CATEGORIES = ["coffee", "Coffee", "tea", "tea ", "mug's", "Öl"];
const NUMBERS = [
  0, -0, 1, 2, 3, 5, 10, 10, 10, 100, -1, -5, 0.5, 0.25, -2.75, 99.5, 1000, 123456789, 1e15, 5e-7, 0.1, 0.2,
  0.30000000000000004,
];
const DAYS = [
  "2024-02-29",
  "2024-02-28",
  "2024-03-01",
  "2023-02-28",
  "2023-03-01",
  "2020-02-29",
  "2024-01-31",
  "2024-01-30",
  "2023-12-31",
  "2024-01-01",
  "2023-11-29",
  "2023-11-30",
  "2024-02-26",
  "2024-02-25",
  "2024-03-03",
  "2024-03-04",
  "1999-12-31",
  "1970-01-01",
  "1969-12-31",
  "1900-03-01",
  "2024-12-31",
  "2025-02-28",
  "2023-03-31",
  "2023-04-01",
];

const shift = (day, days) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** Customers and their orders as columns and rows of plain values. */
export function tables(seed, size = 90) {
  const { whole, one, often, some } = chance(seed);
  const maybe = (value, missing = 0.15) => (often(missing) ? null : value);
  const day = () => (often(0.5) ? one(DAYS) : shift(REFERENCE, whole(-500, 60)));
  const number = () => (often(0.6) ? one(NUMBERS) : whole(-20, 40));
  const moment = () =>
    `${day()}T${String(whole(0, 23)).padStart(2, "0")}:${one(["00:00", "30:00", "59:59", "15:30"])}${one(["", ".001", ".500", ".999"])}`;
  const customers = {
    name: "customers",
    columns: [
      { name: "id", type: "text", role: "customer-id" },
      { name: "n", type: "number" },
      { name: "m", type: "number" },
      { name: "whole number", type: "number" },
      { name: "city", type: "text" },
      { name: "odd", type: "text" },
      { name: "word", type: "text" },
      { name: "born", type: "date" },
      { name: "seen", type: "date" },
      { name: "clicked", type: "time" },
      { name: "vip", type: "boolean" },
      { name: "opted", type: "boolean" },
      { name: "tags", type: "list" },
      { name: "lat", type: "number" },
      { name: 'it"s lo`ng]', type: "number" },
      { name: "code", type: "number" },
      { name: "recency_days", type: "number" },
      { name: "frequency", type: "number" },
      { name: "monetary", type: "number" },
    ],
    rows: Array.from({ length: size }, (_, at) => [
      `c${String(at).padStart(3, "0")}`,
      maybe(number()),
      maybe(number()),
      maybe(whole(-3, 12)),
      maybe(one(CITIES)),
      maybe(one(ODD)),
      maybe(one(WORDS.filter(Boolean))),
      maybe(day()),
      maybe(day()),
      maybe(moment()),
      maybe(often(0.5)),
      maybe(often(0.5)),
      maybe(some(TAGS, whole(1, 4)).join(",")),
      maybe(one([0, 48.1, -33.9, 90, -90, 91, 52.5, 51.5])),
      maybe(one([0, 11.6, 151.2, 180, -180, 181, 13.4, -0.1])),
      maybe(whole(1, 4000), 0.05),
      maybe(whole(0, 400), 0.05),
      maybe(one([0, 1, 1, 1, 2, 2, 3, 5, 8, 20]), 0.05),
      maybe(whole(-40, 4000) / 4, 0.05),
    ]),
  };
  const orders = {
    name: "orders",
    columns: [
      { name: "order_id", type: "text", role: "order-id" },
      { name: "customer", type: "text", role: "customer-id" },
      { name: "day", type: "date", role: "date" },
      { name: "amount", type: "number", role: "amount" },
      { name: "category", type: "text" },
      { name: "pieces", type: "number" },
      { name: "returned", type: "boolean" },
      { name: "shipped", type: "date" },
      { name: "note", type: "text" },
    ],
    rows: Array.from({ length: size * 4 }, (_, at) => [
      maybe(`o${whole(0, size * 2)}`, 0.05),
      maybe(`c${String(whole(0, Math.ceil(size * 0.9)) + (often(0.05) ? size : 0)).padStart(3, "0")}`, 0.03),
      maybe(often(0.3) ? one(DAYS) : shift(REFERENCE, whole(-200, 20)), 0.08),
      maybe(whole(-40, 400) / 4, 0.05),
      maybe(one(CATEGORIES), 0.08),
      maybe(whole(1, 5), 0.05),
      maybe(often(0.2), 0.1),
      maybe(day(), 0.3),
      maybe(at % 7 === 0 ? one(ODD) : one(["gift", "rush"]), 0.4),
    ]),
  };
  return { customers, orders };
}

/** A table as CSV, so that the engine under test reads it like any file. */
export function csv({ columns, rows }) {
  const cell = (value) => (value === null ? "" : `"${String(value).replaceAll('"', '""')}"`);
  return `${[columns.map(({ name }) => name), ...rows].map((row) => row.map(cell).join(",")).join("\n")}\n`;
}
