/** Who shops at Lantern & Loom, and what is on its shelves: the structure that the sample hides in its lines. */

/** First and last day of the sample, as days since 1970: 1 November 2024 to 30 April 2026. */
export const FIRST_DAY = 20028;
export const LAST_DAY = 20573;

export type Category = "Lighting" | "Textiles" | "Kitchen" | "Garden" | "Gifts" | "Outlet";

/** Name, list price in euros, category. */
export const PRODUCTS: readonly (readonly [name: string, price: number, category: Category])[] = [
  ["Brass table lamp", 89, "Lighting"],
  ["Paper pendant", 45, "Lighting"],
  ["Reading light", 59, "Lighting"],
  ["Lantern, oak", 119, "Lighting"],
  ["Wool throw", 95, "Textiles"],
  ["Linen cushion", 34, "Textiles"],
  ["Cotton rug", 140, "Textiles"],
  ["Bath towels, set", 49, "Textiles"],
  ["Stoneware bowl", 22, "Kitchen"],
  ["Olive board", 38, "Kitchen"],
  ["Tea pot", 42, "Kitchen"],
  ["Steel kettle", 65, "Kitchen"],
  ["Herb planter", 29, "Garden"],
  ["Folding chair", 79, "Garden"],
  ["Watering can", 24, "Garden"],
  ["Candle box", 27, "Gifts"],
  ["Gift hamper", 68, "Gifts"],
  ["Star lights", 33, "Gifts"],
  ["Advent calendar", 39, "Gifts"],
  ["Outlet mug", 7, "Outlet"],
  ["Outlet napkins", 5, "Outlet"],
  ["Outlet tray", 11, "Outlet"],
  ["Outlet cover", 14, "Outlet"],
];

type Weights<T> = readonly (readonly [T, number])[];

/** One kind of customer. Days count from the first day of the sample. */
export interface Persona {
  name: string;
  customers: number;
  orders: readonly [low: number, high: number];
  lines: readonly [low: number, high: number];
  /** Spans in which orders may fall. */
  seasons: readonly (readonly [from: number, to: number])[];
  /** The last order falls within this many days before the end, if given. */
  lastWithin?: number;
  /** What is paid of the list price. */
  paid: number;
  categories: Weights<Category>;
  channels: Weights<string>;
  consent: number;
}

const END = LAST_DAY - FIRST_DAY;
const WEB: Weights<string> = [
  ["Web", 6],
  ["App", 3],
  ["Store", 2],
];

/** 8,000 customers in seven kinds. */
export const PERSONAS: readonly Persona[] = [
  {
    name: "champions",
    customers: 420,
    orders: [14, 24],
    lines: [1, 4],
    seasons: [[0, END]],
    lastWithin: 21,
    paid: 1,
    categories: [
      ["Lighting", 4],
      ["Textiles", 4],
      ["Kitchen", 2],
      ["Garden", 2],
    ],
    channels: [
      ["App", 6],
      ["Web", 3],
      ["Store", 1],
    ],
    consent: 0.86,
  },
  {
    name: "regulars",
    customers: 960,
    orders: [6, 11],
    lines: [1, 3],
    seasons: [[0, END]],
    lastWithin: 60,
    paid: 0.96,
    categories: [
      ["Kitchen", 5],
      ["Textiles", 3],
      ["Garden", 2],
      ["Lighting", 1],
    ],
    channels: WEB,
    consent: 0.72,
  },
  {
    name: "gift buyers",
    customers: 1280,
    orders: [2, 4],
    lines: [1, 3],
    seasons: [
      [12, 53],
      [377, 418],
    ],
    paid: 1,
    categories: [
      ["Gifts", 12],
      ["Lighting", 1],
      ["Kitchen", 1],
    ],
    channels: [
      ["Web", 8],
      ["Store", 4],
      ["App", 1],
    ],
    consent: 0.41,
  },
  {
    name: "bargain hunters",
    customers: 980,
    orders: [4, 8],
    lines: [1, 2],
    seasons: [[60, END]],
    paid: 0.62,
    categories: [
      ["Outlet", 14],
      ["Kitchen", 1],
    ],
    channels: [
      ["App", 8],
      ["Web", 2],
    ],
    consent: 0.93,
  },
  {
    name: "new",
    customers: 820,
    orders: [1, 2],
    lines: [1, 3],
    seasons: [[END - 55, END]],
    paid: 0.9,
    categories: [
      ["Kitchen", 3],
      ["Textiles", 3],
      ["Garden", 3],
      ["Lighting", 2],
    ],
    channels: [
      ["App", 5],
      ["Web", 5],
      ["Store", 1],
    ],
    consent: 0.66,
  },
  {
    name: "lapsed",
    customers: 1340,
    orders: [3, 6],
    lines: [1, 3],
    seasons: [[0, 240]],
    paid: 0.97,
    categories: [
      ["Textiles", 4],
      ["Lighting", 3],
      ["Kitchen", 3],
    ],
    channels: WEB,
    consent: 0.48,
  },
  {
    name: "one-timers",
    customers: 2200,
    orders: [1, 1],
    lines: [1, 2],
    seasons: [[20, 300]],
    paid: 0.95,
    categories: [
      ["Kitchen", 4],
      ["Textiles", 3],
      ["Lighting", 2],
      ["Garden", 2],
      ["Gifts", 1],
    ],
    channels: [
      ["Web", 7],
      ["Store", 4],
      ["App", 1],
    ],
    consent: 0.37,
  },
];

export const COUNTRIES: Weights<string> = [
  ["Germany", 38],
  ["Austria", 14],
  ["Netherlands", 13],
  ["France", 12],
  ["Sweden", 9],
  ["Poland", 8],
  ["Spain", 6],
];
