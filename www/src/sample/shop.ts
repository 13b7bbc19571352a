/**
 * The sample: Lantern & Loom, a made-up shop of 8,000 customers and 60,000 order lines over 18 months.
 * Pure and seeded; the structure (see personas.ts) and a few data problems are planted, so that every screen has
 * something true to find. It leaves here as CSV text and enters the page like any file.
 */
import { COUNTRIES, FIRST_DAY, LAST_DAY, PERSONAS, type Persona, PRODUCTS } from "./personas.ts";
import { type Random, seeded } from "./random.ts";

export const SAMPLE = {
  seed: 20260430,
  fileName: "lantern-and-loom-orders.csv",
  shop: "Lantern & Loom",
  customers: 8000,
  lines: 60000,
  /** Problems planted on purpose, in lines. */
  refunds: 600,
  duplicates: 40,
  withoutCustomer: 60,
  amountsAsText: 25,
} as const;

export interface Customer {
  /** From 1 to the number of customers; says nothing about the kind. */
  number: number;
  id: string;
  persona: Persona;
  country: string;
  consent: string;
}
export interface Line {
  product: string;
  category: string;
  quantity: number;
  amount: number;
}
export interface Order {
  day: number;
  customer: Customer;
  channel: string;
  lines: Line[];
}

/** Every order of the shop in order of time, refunds left out. */
export function orders(seed: number = SAMPLE.seed): Order[] {
  const draft = draw(seed);
  for (;;) {
    const step = draft.next();
    if (step.done) return [...byDay(step.value)];
  }
}

/** Day by day, and by customer within a day: many small sorts hold nobody up, one large one would. */
function* byDay(all: readonly Order[]): Generator<Order> {
  const days = Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, (): Order[] => []);
  for (const order of all) days[order.day - FIRST_DAY]?.push(order);
  for (const day of days) yield* day.sort((a, b) => a.customer.number - b.customer.number);
}

/** Draws the orders, with a stop (an empty text) after every few hundred customers. */
function* draw(seed: number): Generator<string, Order[]> {
  const random = seeded(seed);
  const all: Order[] = [];
  let lines = 0;
  let drawn = 0;
  for (const persona of PERSONAS) {
    for (let index = 0; index < persona.customers; index++) {
      if (index % 100 === 0) yield "";
      // 3,001 is coprime to 8,000, so every number is used once.
      const number = ((drawn++ * 3001) % SAMPLE.customers) + 1;
      const id = `C${String(number).padStart(5, "0")}`;
      const consent = random.chance(0.04) ? "" : random.chance(persona.consent) ? "yes" : "no";
      const customer: Customer = { number, id, persona, country: random.pick(COUNTRIES), consent };
      for (const day of days(random, persona)) {
        const count = random.whole(...persona.lines);
        const channel = random.pick(persona.channels);
        all.push({ day, customer, channel, lines: Array.from({ length: count }, () => line(random, persona)) });
        lines += count;
      }
    }
  }
  yield "";
  // Bring the number of lines to the round figure by adding to, or taking from, orders drawn at random.
  const wanted = SAMPLE.lines - SAMPLE.refunds - SAMPLE.duplicates;
  while (lines !== wanted) {
    const order = all[random.whole(0, all.length - 1)] as Order;
    if (lines < wanted) {
      order.lines.push(line(random, order.customer.persona));
      lines++;
    } else if (order.lines.length > 1) {
      order.lines.pop();
      lines--;
    }
  }
  return all;
}

/** The shop's export as CSV text, in parts of a few thousand lines so that a page can breathe between them. */
export function* csv(seed: number = SAMPLE.seed): Generator<string> {
  const all = yield* draw(seed);
  yield "order_id,order_date,customer_id,product,category,quantity,amount,country,channel,email_consent\n";
  const random = seeded(seed + 1);
  const ordinary = SAMPLE.lines - SAMPLE.refunds - SAMPLE.duplicates;
  const refunds = lottery(random, ordinary, SAMPLE.refunds);
  const duplicates = lottery(random, ordinary, SAMPLE.duplicates);
  const texts = lottery(random, ordinary, SAMPLE.amountsAsText);
  let guests = SAMPLE.withoutCustomer;
  let at = 0;
  let part = "";
  let index = 0;
  for (const { day, customer, channel, lines } of byDay(all)) {
    const number = 100001 + index;
    // Only customers with many orders lose an id, so that nobody vanishes from the shop.
    const guest = guests >= lines.length && customer.persona.name === "champions" && index % 97 === 0;
    index++;
    if (guest) guests -= lines.length;
    for (const { product, category, quantity, amount } of lines) {
      const text = (kind: "A" | "R", when: number, pieces: number, money: string): string =>
        `${kind}${number},${iso(when)},${guest ? "" : customer.id},${quoted(product)},${category},${pieces},${money},${customer.country},${channel},${customer.consent}\n`;
      const ordinaryText = text("A", day, quantity, texts.has(at) ? "n/a" : amount.toFixed(2));
      part += ordinaryText;
      if (duplicates.has(at)) part += ordinaryText;
      if (refunds.has(at)) part += text("R", Math.min(day + 4, LAST_DAY), -quantity, (-amount).toFixed(2));
      at++;
    }
    if (part.length > 40_000) {
      yield part;
      part = "";
    }
  }
  yield part;
}

/** The sample as a file, made without ever holding the page up. */
export async function sampleFile(pause: () => Promise<void>): Promise<File> {
  const parts: string[] = [];
  let began = performance.now();
  for (const part of csv()) {
    parts.push(part);
    if (performance.now() - began < BUSY_MS) continue;
    await pause();
    began = performance.now();
  }
  return new File(parts, SAMPLE.fileName, { type: "text/csv" });
}

/** The page gets its turn after this long. */
const BUSY_MS = 12;

const SHELVES = new Map(
  PERSONAS.flatMap(({ categories }) => categories).map(([category]) => [
    category,
    PRODUCTS.filter(([, , of]) => of === category),
  ]),
);

function days(random: Random, persona: Persona): number[] {
  const count = random.whole(...persona.orders);
  const drawn = Array.from({ length: count }, () => {
    const [from, to] = persona.seasons[random.whole(0, persona.seasons.length - 1)] as readonly [number, number];
    return FIRST_DAY + random.whole(from, to);
  });
  if (persona.lastWithin !== undefined) drawn[0] = LAST_DAY - random.whole(0, persona.lastWithin);
  return drawn;
}

function line(random: Random, persona: Persona): Line {
  const category = random.pick(persona.categories);
  const shelf = SHELVES.get(category) ?? PRODUCTS;
  const [product, price] = shelf[random.whole(0, shelf.length - 1)] as (typeof PRODUCTS)[number];
  const quantity = random.chance(0.8) ? 1 : random.whole(2, 3);
  const amount = Math.round(price * quantity * persona.paid * (0.9 + random.next() * 0.2) * 100) / 100;
  return { product, category, quantity, amount };
}

/** `count` different numbers below `below`. */
function lottery(random: Random, below: number, count: number): Set<number> {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(random.whole(0, below - 1));
  return drawn;
}

function quoted(text: string): string {
  return text.includes(",") ? `"${text}"` : text;
}

/** A day since 1970 as ISO text; the calendar's arithmetic, not the clock. */
export function iso(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
