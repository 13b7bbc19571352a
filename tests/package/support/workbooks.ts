import { zip } from "./zip.js";

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
  return stored(parts);
}

/** An OpenDocument workbook of one sheet with the XML of its rows. */
export function openDocument(rows: string): Uint8Array<ArrayBuffer> {
  const sheet = `<table:table table:name="Sheet">${rows}</table:table>`;
  return stored([
    ["mimetype", "application/vnd.oasis.opendocument.spreadsheet"],
    [
      "content.xml",
      `<office:document-content><office:body><office:spreadsheet>${sheet}</office:spreadsheet></office:body></office:document-content>`,
    ],
    ["META-INF/manifest.xml", "<manifest:manifest></manifest:manifest>"],
  ]);
}

/** An archive of these parts, stored as they are. */
function stored(parts: [string, string][]): Uint8Array<ArrayBuffer> {
  return zip(parts.map(([name, content]) => ({ name, content: new TextEncoder().encode(content), method: 0 })));
}

/** A cell with text. */
export const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
/** A cell with a number, in a style, or of another type. */
export const value = (content: string | number, attributes = "") => `<c ${attributes}><v>${content}</v></c>`;
