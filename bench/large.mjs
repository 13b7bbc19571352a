// Large files for measuring sizes, made as they are written: order lines as CSV and in every form a CSV can come in, and a workbook.

import { once } from "node:events";
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import zlib from "node:zlib";
import { folder } from "./data.mjs";
import { generator } from "./random.mjs";

const PIECE = 1 << 20;

/** Writes a file once, in pieces of about a megabyte, and through a second name, so that a broken run leaves no half file. */
async function written(name, pieces) {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const file = createWriteStream(`${path}.part`);
  for await (const piece of pieces) if (!file.write(piece)) await once(file, "drain");
  file.end();
  await once(file, "finish");
  renameSync(`${path}.part`, path);
  return path;
}

/** Text in pieces of about a megabyte, from a function that gives the line of a number. */
function* lines(head, count, line) {
  let piece = head;
  for (let row = 0; row < count; row++) {
    piece += line(row);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

const days = Array.from({ length: 1_500 }, (_, at) => new Date((18_600 + at) * 86_400_000).toISOString().slice(0, 10));
const products = Array.from({ length: 4_000 }, (_, at) => `SKU-${String(at * 7919).padStart(8, "0")}`);
const cities = "Berlin,Paris,Madrid,Rome,Vienna,Warsaw,Prague,Lisbon,Dublin,Oslo,Tokyo".split(",");
const countries = "DE,FR,ES,IT,AT,PL,CZ,PT,IE,NO,US,BR,JP,GB,NL,SE".split(",");
const channels = "web,store,app,phone,marketplace".split(",");
export const orderColumns = [
  "order_id",
  "customer_id",
  "order_date",
  "product",
  "quantity",
  "unit_price",
  "amount",
  "channel",
  "city",
  "note",
];
const notes = ["", "gift wrapped with a handwritten card", "left with the neighbour on the second floor"].concat([
  "customer asked for an invoice on paper",
  "parts of it were returned in the shop",
]);

/** The cells of order lines, by number: a tenth as many customers as lines, the busiest far busier than the others. */
function orderCells(count) {
  const random = generator(20);
  const customers = Math.max(1, count / 10);
  return (row) => {
    const customer = 1_000_000 + Math.floor(customers * random.uniform() * random.uniform());
    const quantity = 1 + random.below(5);
    const cents = 99 + random.below(20_000);
    return [
      400_000_000 + row,
      `C${customer}`,
      days[random.below(days.length)],
      products[random.below(products.length)],
      quantity,
      (cents / 100).toFixed(2),
      ((quantity * cents) / 100).toFixed(2),
      channels[random.below(channels.length)],
      cities[random.below(cities.length)],
      notes[random.below(notes.length)],
    ];
  };
}

/** A CSV of so many order lines of ten columns, about 100 bytes each. */
export function orders(count) {
  const cells = orderCells(count);
  return written(
    `orders_${count}.csv`,
    lines(`${orderColumns.join(",")}\n`, count, (row) => `${cells(row).join(",")}\n`),
  );
}

const words =
  "the parcel came late but support was kind and price fine colour size quality would buy again never fits".split(" ");

/** Tables that take memory in different ways, so many rows each: by name. */
export const tables = {
  ids: (count) => {
    const random = generator(21);
    const hex = () =>
      Math.floor(random.uniform() * 4294967296)
        .toString(16)
        .padStart(8, "0");
    return csv("ids", "id,uuid,email,phone", count, (row) => [
      100_000 + row,
      `${hex()}-${hex()}-${hex()}`,
      `${hex()}@mail.example`,
      `+4930${String(1_000_000 + row)}`,
    ]);
  },
  texts: (count) => {
    const random = generator(22);
    const sentence = () => Array.from({ length: 5 + random.below(20) }, () => random.pick(words)).join(" ");
    return csv("texts", "id,subject,review,stars", count, (row) => [row, sentence(), sentence(), random.below(5)]);
  },
  codes: (count) => {
    const random = generator(23);
    const head = "country,city,channel,plan,gender,active,product,state,source,device,language,tier";
    const lists = [countries, cities, channels, cities, channels, ["yes", "no"], products];
    return csv("codes", head, count, () => head.split(",").map((_, at) => random.pick(lists[at % lists.length])));
  },
  numbers: (count) => {
    const random = generator(24);
    const head = "a,b,c,d,e,f,g,h";
    return csv("numbers", head, count, () => head.split(",").map(() => (1000 * random.normal()).toFixed(6)));
  },
  moments: (count) => {
    const random = generator(25);
    const at = () => new Date(1.6e12 + random.below(1e9) * 100).toISOString();
    return csv("moments", "user,opened,clicked,campaign", count, () => [
      `u${random.below(count / 4)}`,
      at(),
      random.uniform() < 0.3 ? at() : "",
      random.pick(products),
    ]);
  },
};

function csv(name, head, count, cells) {
  return written(
    `${name}_${count}.csv`,
    lines(`${head}\n`, count, (row) => `${cells(row).join(",")}\n`),
  );
}
