// Large files for measuring sizes, made as they are written: order lines as CSV and in every form a CSV can come in, and a workbook.

import { once } from "node:events";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import zlib from "node:zlib";
import { root } from "../scripts/run.mjs";
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

/** The same order lines as JSON: records in a list, or one a line. */
export function records(count, perLine) {
  const cells = orderCells(count);
  const record = (row) => JSON.stringify(Object.fromEntries(cells(row).map((cell, at) => [orderColumns[at], cell])));
  const [open, between, close] = perLine ? ["", "\n", "\n"] : ["[", ",", "]"];
  const line = (row) => `${record(row)}${row + 1 < count ? between : close}`;
  return written(`orders_${count}.${perLine ? "ndjson" : "json"}`, lines(open, count, line));
}

/** A file compressed with gzip. */
export function gzipped(path) {
  return written(`${basename(path)}.gz`, createReadStream(path).pipe(zlib.createGzip({ level: 1 })));
}

/** A ZIP archive of parts, each a name and pieces of content. */
function zipped(name, parts) {
  const header = (signature, skip, { path, crc, packed, size, at }) => {
    const bytes = Buffer.alloc(skip === 0 ? 30 : 46);
    bytes.writeUInt32LE(signature, 0);
    bytes.writeUInt16LE(20, 4 + skip / 2);
    // Sizes and check sum stand behind the content; the list at the end has them, too.
    bytes.writeUInt16LE(8, 6 + skip / 2);
    bytes.writeUInt16LE(8, 8 + skip / 2);
    const fields = skip === 0 ? [0, 0, 0] : [crc, packed, size];
    fields.forEach((field, place) => {
      bytes.writeUInt32LE(field, 14 + skip / 2 + 4 * place);
    });
    bytes.writeUInt16LE(Buffer.byteLength(path), 26 + skip / 2);
    if (skip) bytes.writeUInt32LE(at, 42);
    return Buffer.concat([bytes, Buffer.from(path)]);
  };
  async function* archive() {
    const list = [];
    let end = 0;
    for (const [path, content] of parts) {
      const entry = { path, crc: 0, packed: 0, size: 0, at: end };
      const head = header(0x04034b50, 0, entry);
      yield head;
      const plain = async function* () {
        for await (const piece of content) {
          const bytes = Buffer.from(piece);
          entry.crc = zlib.crc32(bytes, entry.crc);
          entry.size += bytes.length;
          yield bytes;
        }
      };
      for await (const piece of Readable.from(plain()).pipe(zlib.createDeflateRaw({ level: 1 }))) {
        entry.packed += piece.length;
        yield piece;
      }
      const behind = Buffer.alloc(16);
      [0x08074b50, entry.crc, entry.packed, entry.size].forEach((field, place) => {
        behind.writeUInt32LE(field, 4 * place);
      });
      yield behind;
      end += head.length + entry.packed + behind.length;
      list.push(header(0x02014b50, 4, entry));
    }
    const table = Buffer.concat(list);
    const last = Buffer.alloc(22);
    last.writeUInt32LE(0x06054b50, 0);
    last.writeUInt16LE(list.length, 8);
    last.writeUInt16LE(list.length, 10);
    last.writeUInt32LE(table.length, 12);
    last.writeUInt32LE(end, 16);
    yield Buffer.concat([table, last]);
  }
  return written(name, archive());
}

/** A ZIP archive of one file. */
export const archived = (path) => zipped(`${basename(path)}.zip`, [[basename(path), createReadStream(path)]]);

const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const relations = (...all) =>
  `<Relationships>${all.map(([id, kind, target]) => `<Relationship Id="${id}" Type="${office}/${kind}" Target="${target}"/>`).join("")}</Relationships>`;

/** A workbook of one sheet of order lines, as spreadsheet programs write it: texts stand in a list of their own. */
export function workbook(count) {
  const cells = orderCells(count);
  const texts = new Map();
  const shared = (text) => {
    if (!texts.has(text)) texts.set(text, texts.size);
    return texts.get(text);
  };
  const cell = (value, at, row) => {
    const place = `${String.fromCharCode(65 + at)}${row}`;
    if (value === "") return "";
    if (at === 2) return `<c r="${place}" s="1"><v>${Date.parse(value) / 86_400_000 + 25_569}</v></c>`;
    if ([0, 4, 5, 6].includes(at)) return `<c r="${place}"><v>${value}</v></c>`;
    return `<c r="${place}" t="s"><v>${shared(value)}</v></c>`;
  };
  const row = (values, number) =>
    `<row r="${number}">${values.map((value, at) => cell(value, at, number)).join("")}</row>`;
  const names = orderColumns.map(
    (name, at) => `<c r="${String.fromCharCode(65 + at)}1" t="s"><v>${shared(name)}</v></c>`,
  );
  function* sheet() {
    yield* lines(`<worksheet><sheetData><row r="1">${names.join("")}</row>`, count - 1, (at) => row(cells(at), at + 2));
    yield "</sheetData></worksheet>";
  }
  // Made when the sheet is: only then all texts are known.
  function* list() {
    yield "<sst>";
    for (const text of texts.keys()) yield `<si><t>${text}</t></si>`;
    yield "</sst>";
  }
  return zipped(`orders_${count}.xlsx`, [
    ["[Content_Types].xml", ["<Types/>"]],
    ["_rels/.rels", [relations(["r", "officeDocument", "xl/workbook.xml"])]],
    ["xl/workbook.xml", ['<workbook><sheets><sheet name="Orders" sheetId="1" r:id="r1"/></sheets></workbook>']],
    [
      "xl/_rels/workbook.xml.rels",
      [
        relations(
          ["r1", "worksheet", "worksheets/sheet1.xml"],
          ["r2", "sharedStrings", "sharedStrings.xml"],
          ["r3", "styles", "styles.xml"],
        ),
      ],
    ],
    ["xl/styles.xml", ['<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>']],
    ["xl/worksheets/sheet1.xml", sheet()],
    ["xl/sharedStrings.xml", list()],
  ]);
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

/** A file of the real data beside the repository with its rows so many times; nothing where it is absent. */
export function repeated(name, times) {
  const path = join(root, "..", "shared", "data", name);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  const body = text.slice(text.indexOf("\n") + 1);
  mkdirSync(folder, { recursive: true });
  const to = join(folder, `${times}_${name}`);
  writeFileSync(to, text + body.repeat(times - 1));
  return to;
}
