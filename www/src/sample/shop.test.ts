import { describe, expect, it } from "vitest";
import { FIRST_DAY, LAST_DAY, PERSONAS } from "./personas.ts";
import { csv, iso, orders, SAMPLE } from "./shop.ts";

const text = [...csv()].join("");
const cells = text
  .trimEnd()
  .split("\n")
  .map((line) => (line.match(/("[^"]*"|[^,]*)(,|$)/g) ?? []).map((cell) => cell.replace(/,$/, "")));
const [header, ...lines] = cells as [string[], ...string[][]];
const column = (name: string): string[] => lines.map((line) => line[header.indexOf(name)] as string);

describe("the made-up shop", () => {
  it("has 8,000 customers in 60,000 lines over 18 months", () => {
    expect(PERSONAS.reduce((sum, persona) => sum + persona.customers, 0)).toBe(SAMPLE.customers);
    expect(lines.length).toBe(SAMPLE.lines);
    const ids = new Set(column("customer_id").filter((id) => id !== ""));
    expect(ids.size).toBe(SAMPLE.customers);
    expect([iso(FIRST_DAY), iso(LAST_DAY)]).toEqual(["2024-11-01", "2026-04-30"]);
    const dates = column("order_date");
    expect(dates.every((date) => date >= "2024-11-01" && date <= "2026-04-30")).toBe(true);
  });

  it("is the same every time, and another one for another seed", () => {
    expect([...csv()].join("")).toBe(text);
    expect([...csv(7)].join("")).not.toBe(text);
  });

  it("holds exactly the problems it says", () => {
    expect(column("amount").filter((amount) => amount.startsWith("-")).length).toBe(SAMPLE.refunds);
    expect(column("amount").filter((amount) => amount === "n/a").length).toBeGreaterThanOrEqual(SAMPLE.amountsAsText);
    const without = column("customer_id").filter((id) => id === "").length;
    expect(without).toBeGreaterThan(40);
    expect(without).toBeLessThanOrEqual(SAMPLE.withoutCustomer + 10);
  });

  it("plants kinds of customers that can be told apart", () => {
    const champions = orders().filter((order) => order.customer.persona.name === "champions");
    expect(champions.length / 420).toBeGreaterThan(14);
    const gifts = orders().filter((order) => order.customer.persona.name === "gift buyers");
    expect(gifts.every((order) => ["11", "12"].includes(iso(order.day).slice(5, 7)))).toBe(true);
  });
});
