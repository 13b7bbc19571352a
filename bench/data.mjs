// Makes the bench's data, once, in .cache/bench/data. All of it is synthetic.

import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/run.mjs";
import { generator } from "./random.mjs";

export const folder = join(root, ".cache", "bench", "data");

/** Writes a file through a second name, so that a broken run leaves no half file. */
async function atomically(path, write) {
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true });
  await write(`${path}.part`);
  renameSync(`${path}.part`, path);
}

/** Streams lines to a file in pieces of about a megabyte. */
async function writeLines(path, lines) {
  const file = createWriteStream(path);
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length < 1 << 20) continue;
    if (!file.write(piece)) await once(file, "drain");
    piece = "";
  }
  file.end(piece);
  await once(file, "finish");
}

/**
 * Overlapping clouds, n × d, three decimals, so that text and binary hold the same numbers; and k rows of them to start from.
 * Gives the paths of the rows as CSV and as little-endian f32, and of the starts as f32.
 */
export async function clouds(n, d, k) {
  const stem = join(folder, `clouds_${n}_${d}`);
  const paths = { csv: `${stem}.csv`, rows: `${stem}.f32`, starts: `${stem}_starts_${k}.f32` };
  if (!existsSync(paths.csv) || !existsSync(paths.rows)) await writeClouds(n, d, paths);
  await atomically(paths.starts, (path) => {
    const rows = new Float32Array(readFileSync(paths.rows).buffer);
    const random = generator(99 + k);
    const starts = Array.from({ length: k }, () => random.below(n)).flatMap((row) => [
      ...rows.subarray(row * d, row * d + d),
    ]);
    writeFileSync(path, Float32Array.from(starts));
  });
  return paths;
}

async function writeClouds(n, d, paths) {
  const random = generator(1234 + d);
  const centres = Array.from({ length: 12 * d }, () => 3 * random.normal());
  const rows = new Float64Array(n * d);
  for (let row = 0; row < n; row++) {
    const cloud = random.below(12);
    for (let j = 0; j < d; j++) {
      rows[row * d + j] = Math.round(1000 * (centres[cloud * d + j] + 1.5 * random.normal())) / 1000;
    }
  }
  await atomically(paths.rows, (path) => writeFileSync(path, Float32Array.from(rows)));
  await atomically(paths.csv, (path) => {
    function* lines() {
      yield `${Array.from({ length: d }, (_, j) => `x${j + 1}`).join(",")}\n`;
      for (let at = 0; at < rows.length; at += d) yield `${rows.subarray(at, at + d).join(",")}\n`;
    }
    return writeLines(path, lines());
  });
}

const given = "Anna,Bruno,Chloé,Dmitri,Elena,Fatima,Gustav,Hana,Ivan,Julia,Kenji,Lucía,Marek,Nadia,Oskar,Priya".split(
  ",",
);
const family = "Smith,García,Müller,Novák,Rossi,Dubois,Kowalski,Jensen,Silva,Tanaka,O'Brien,Costa,Weber".split(",");
const countries = "DE,FR,ES,IT,AT,PL,CZ,PT,IE,NO,US,BR,JP,GB,NL,SE".split(",");
const cities = "Berlin,Paris,Madrid,Rome,Vienna,Warsaw,Prague,Lisbon,Dublin,Oslo,Tokyo".split(",");
const channels = ["web", "store", "app", "phone"];
const day = (days) => new Date(days * 86_400_000).toISOString().slice(0, 10);

/** A customer table of 12 columns: quoted names, notes with quotes and line ends inside, about 3 % missing. */
export async function customers(n) {
  const path = join(folder, `customers_${n}.csv`);
  await atomically(path, (part) => {
    const random = generator(42);
    function* lines() {
      yield "customer_id,name,email,country,city,signup_date,recency_days,frequency,monetary,average_order,consent,notes\n";
      for (let id = 1; id <= n; id++) {
        const [first, last] = [random.pick(given), random.pick(family)];
        const name = random.uniform() < 0.1 ? `"${last}, ${first}"` : `${first} ${last}`;
        const loyal = random.uniform();
        const frequency = 1 + Math.floor(20 * loyal * random.uniform());
        const recency = Math.floor(720 * (1 - loyal) * random.uniform() + 60 * random.uniform());
        const average = 10 + 90 * random.uniform() * random.uniform() + (loyal > 0.9 ? 150 : 0);
        const luck = random.uniform();
        let note = "";
        if (luck > 0.5) note = `${random.pick(channels)} order`;
        if (luck > 0.94) note = '"said ""call back"", then left"';
        if (luck > 0.98) note = '"line one\nline two"';
        const maybe = (value) => (random.uniform() < 0.03 ? "" : value);
        const cells = [
          id,
          name,
          `user${id}@shop.example`,
          maybe(countries[Math.floor(countries.length * random.uniform() * random.uniform())]),
          random.pick(cities),
          day(16_500 + random.below(3_900)),
          recency,
          frequency,
          maybe((frequency * average).toFixed(2)),
          average.toFixed(4),
          maybe(random.uniform() < 0.7 ? "true" : "false"),
          note,
        ];
        yield `${cells.join(",")}\n`;
      }
    }
    return writeLines(part, lines());
  });
  return path;
}

/** Customers that rules are asked of: no quotes in it, about 3 % missing in four columns, every address different. */
export async function shoppers(n) {
  const path = join(folder, `shoppers_${n}.csv`);
  await atomically(path, (part) => {
    const random = generator(7);
    const domains = ["example.org", "example.com", "mail.example", "test.example"];
    function* lines() {
      yield "customer_id,country,spend,orders,last_order,consent,email\n";
      for (let id = 1; id <= n; id++) {
        const maybe = (value) => (random.uniform() < 0.03 ? "" : value);
        const loyal = random.uniform();
        const cells = [
          `C${id}`,
          maybe(countries[Math.floor(countries.length * random.uniform() * random.uniform())]),
          maybe((2000 * loyal * random.uniform() ** 2).toFixed(2)),
          1 + Math.floor(30 * loyal * random.uniform()),
          maybe(day(19_000 + random.below(1_000))),
          maybe(random.uniform() < 0.7 ? "true" : "false"),
          `${random.pick(given).normalize("NFD").replace(/\W/g, "").toLowerCase()}.${id}@${random.pick(domains)}`,
        ];
        yield `${cells.join(",")}\n`;
      }
    }
    return writeLines(part, lines());
  });
  return path;
}

/** Order lines of customers of very different zeal: whole ids, a day, an amount to the cent; some refunds, nothing missing. */
export async function orderLines(n) {
  const path = join(folder, `order_lines_${n}.csv`);
  await atomically(path, (part) => {
    const random = generator(11);
    const most = Math.ceil(n * 0.08);
    function* lines() {
      yield "customer_id,order_date,amount\n";
      for (let line = 0; line < n; line++) {
        const id = 100_000 + Math.floor(most * random.uniform() ** 1.7);
        const cents = random.below(100) === 0 ? -1 - random.below(5_000) : 100 + random.below(20_000);
        yield `${id},${day(18_600 + random.below(1_400))},${(cents / 100).toFixed(2)}\n`;
      }
    }
    return writeLines(part, lines());
  });
  return path;
}

/** Rules for them, the first always the same: { countries, spend, orders, since, text }. */
export function shopperRules(n) {
  const random = generator(5);
  const first = {
    countries: ["DE", "ES", "FR", "IT"],
    spend: 500,
    orders: 10,
    since: day(19_600),
    text: "example.org",
  };
  const some = () => ({
    countries: [...new Set(Array.from({ length: 2 + random.below(5) }, () => random.pick(countries)))].sort(),
    spend: random.pick([100, 200, 300, 500, 800]),
    orders: random.pick([5, 8, 10, 15]),
    since: day(20_000 - random.pick([200, 400, 600, 800])),
    text: random.pick(["example.org", "mail.", "test", "99"]),
  });
  return [first, ...Array.from({ length: n - 1 }, some)];
}

/**
 * Order lines of customers who buy at rates and leave by chances of their own (as BG/NBD has it), over two years of which the last
 * is for nothing but staying; CDNOW's full log has 23,570 customers. Gives the path.
 */
export async function purchases(customers) {
  const path = join(folder, `purchases_${customers}.csv`);
  await atomically(path, (part) => writeLines(part, purchaseLines(customers)));
  return path;
}

function* purchaseLines(customers) {
  const random = generator(77);
  /** Marsaglia and Tsang's gamma variable, of rate 1. */
  const gamma = (shape) => {
    if (shape < 1) return gamma(shape + 1) * random.uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const normal = random.normal();
      const v = (1 + normal / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - random.uniform()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const day = (at) => new Date(Date.UTC(2024, 0, 1 + at)).toISOString().slice(0, 10);
  yield "customer_id,order_date,amount\n";
  for (let customer = 0; customer < customers; customer++) {
    const rate = gamma(0.6) / 6 / 7;
    const [a, b] = [gamma(0.8), gamma(2.5)];
    const scale = gamma(4) / 15;
    for (let at = random.below(365); at <= 730; ) {
      yield `c${customer},${day(at)},${(gamma(6) / scale + 0.01).toFixed(2)}\n`;
      if (random.uniform() < a / (a + b)) break;
      at += Math.ceil(-Math.log(1 - random.uniform()) / rate);
    }
  }
}
