import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { codeOf, createSegmenter, loadExchange, places, type SqlOptions } from "./support/marquetry.js";

const customers = "customer_id,country,spend\nc1,DE,10\nc2,AT,20\nc3,DE,30\n";
const orders = "order_id,customer_id,date,amount\n1,c1,2026-01-01,5\n2,c1,2026-01-09,7\n3,c3,2026-01-09,9\n";
const duckdb: SqlOptions = { dialect: "duckdb", table: "crm.customers", key: "customer_id" };
const joined: SqlOptions = { ...duckdb, orders: { table: "orders", key: "customer_id" } };

test.each(places)("a segment, tiers and RFM groups as SQL (%s)", async (_, options) => {
  const segmenter = await createSegmenter(options);
  const bought = await segmenter.load(orders);
  const study = (await segmenter.load(customers)).study({ referenceDate: "2026-01-31", orders: bought });
  const german = await study.segment("German", "country = 'DE'");
  expect(await german.toSQL(duckdb)).toBe(
    "-- German: country = 'DE'; reference date 2026-01-31\n" +
      `SELECT c."customer_id"\nFROM "crm"."customers" AS c\nWHERE c."country" = 'DE'\n`,
  );
  await german.update("count(orders in last 90 days) >= 2");
  expect(await german.toSQL(joined)).toContain(`FROM "orders" AS o`);
  expect(await codeOf(german.toSQL({ ...duckdb, dialect: "oracle" as "ansi" }))).toBe("bad-option");
  expect(await codeOf(german.toSQL({ ...duckdb, key: "" }))).toBe("bad-option");

  const tiers = await study.tiers("steps", [{ name: "high", rule: "spend > 15" }], { everyoneElse: "rest" });
  expect(await tiers.toSQL({ ...duckdb, dialect: "mysql" })).toContain("'rest'");
  const folded = (await bought.customers()).study();
  const rfm = await folded.rfm({ scheme: "groups-6" });
  expect(await rfm.toSQL(duckdb)).toContain("AS recency_score");
  const drawn = await study.segment("Drawn", "random(customer_id, 'a') < 50");
  expect(await codeOf(drawn.toSQL({ ...duckdb, dialect: "sqlite" }))).toBe("unsupported");
  await segmenter.close();
});

test("the module may be loaded before, or not be found", async () => {
  const ready = await createSegmenter({ exchange: await loadExchange() });
  const study = (await ready.load(customers)).study();
  expect(await (await study.segment("all", "everyone")).toSQL(duckdb)).toContain("WHERE 1 = 1");
  await ready.close();
  const without = await createSegmenter({ exchange: new URL("file:///nowhere/exchange.wasm") });
  const other = (await without.load(customers)).study();
  expect(await codeOf((await other.segment("all", "everyone")).toSQL(duckdb))).toBe("asset-not-found");
  await without.close();
});

test("marquetry sql", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "marquetry-sql-")), "customers.csv");
  writeFileSync(file, customers);
  const program = join(inject("consumer"), "node_modules/.bin/marquetry");
  const run = (...args: string[]) =>
    new Promise<{ code: number; out: string }>((resolve) => {
      execFile(program, ["sql", file, ...args], (error, out) => resolve({ code: Number(error?.code ?? 0), out }));
    });
  const { code, out } = await run("--rule", "spend > 15", "--dialect", "tsql", "--table", "dbo.people");
  expect(code).toBe(0);
  expect(out).toContain("FROM [dbo].[people] AS c");
  expect((await run("--rule", "spend > 15", "--dialect", "oracle")).code).toBe(2);
});
