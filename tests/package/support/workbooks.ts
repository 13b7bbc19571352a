import { crc32 } from "node:zlib";

const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** A sheet to be written: its name and the XML of its rows' cells. */
export interface Sheet {
  name: string;
  hidden?: boolean;
  rows: string[];
}

/** An Excel workbook of these sheets; style 1 is a date, 2 a date and time. */
export function workbook(sheets: Sheet[], { epoch1904 = false } = {}): Uint8Array<ArrayBuffer> {
  const relation = (id: string, kind: string, target: string) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
  const list = sheets.map(
    ({ name, hidden }, at) =>
      `<sheet name="${name}" sheetId="${at + 1}" state="${hidden ? "hidden" : "visible"}" r:id="r${at}"/>`,
  );
  const relations = sheets.map((_, at) => relation(`r${at}`, "worksheet", `worksheets/sheet${at}.xml`));
  const parts: [string, string][] = [
    ["[Content_Types].xml", "<Types/>"],
    ["_rels/.rels", `<Relationships>${relation("r", "officeDocument", "xl/workbook.xml")}</Relationships>`],
    [
      "xl/workbook.xml",
      `<workbook><workbookPr date1904="${Number(epoch1904)}"/><sheets>${list.join("")}</sheets></workbook>`,
    ],
    ["xl/_rels/workbook.xml.rels", `<Relationships>${relations.join("")}</Relationships>`],
    [
      "xl/styles.xml",
      '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>',
    ],
    ...sheets.map(({ rows }, at): [string, string] => [
      `xl/worksheets/sheet${at}.xml`,
      `<worksheet><sheetData>${rows.map((cells) => `<row>${cells}</row>`).join("")}</sheetData></worksheet>`,
    ]),
  ];
  return zip(parts);
}

/** A cell with text. */
export const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
/** A cell with a number, in a style, or of another type. */
export const value = (content: string | number, attributes = "") => `<c ${attributes}><v>${content}</v></c>`;

/** An archive of these parts, stored as they are. */
export function zip(parts: [string, string][]): Uint8Array<ArrayBuffer> {
  const body: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const [name, content] of parts) {
    const bytes = Buffer.from(content);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(bytes.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    const entry = Buffer.concat([Buffer.from("PK\x03\x04"), head, Buffer.from(name), bytes]);
    body.push(entry);
    list.push(Buffer.from("PK\x01\x02\x14\x00"), head, tail.subarray(0, 14), Buffer.from(name));
    at += entry.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(list).length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...body, ...list, end]));
}
