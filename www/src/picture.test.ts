import { describe, expect, it } from "vitest";
import { csvOf } from "./picture.ts";

describe("the numbers of a figure as CSV", () => {
  it("are numbers for a program, and no cell runs as a formula", () => {
    const rows = [
      ["Ulm, Bonn", "1,234", "12.5\u00a0%", "−35", "+1,200"],
      ['a "b"', "±0", "=1+1", 7, "–"],
    ];
    expect(csvOf(["Where", "n", "Share", "Less", "More"], rows)).toBe(
      'Where,n,Share,Less,More\r\n"Ulm, Bonn",1234,12.5 %,-35,1200\r\n"a ""b""",±0,\'=1+1,7,–\r\n',
    );
  });
});
