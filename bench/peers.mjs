// The JavaScript peers that are too heavy for every installation of this package: a folder of the bench's own.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, root } from "../scripts/run.mjs";

export const versions = {
  "@duckdb/duckdb-wasm": "1.32.0",
  udsv: "0.7.3",
  papaparse: "5.7.1",
  "json-logic-engine": "5.0.7",
  "json-logic-js": "2.0.5",
  sift: "17.1.4",
  skmeans: "0.11.3",
};
const home = join(root, ".cache", "bench", "peers");
/** Where the packages lie. */
export const folder = join(home, "node_modules");

/** Installs the peers on first use. */
export async function peers() {
  const wanted = JSON.stringify({ private: true, dependencies: versions });
  const ready = join(home, "ready");
  if (existsSync(ready) && readFileSync(ready, "utf8") === wanted) return;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), wanted);
  await must("Installing the peers", "npm", ["install", "--no-audit", "--no-fund", "--prefix", home]);
  writeFileSync(ready, wanted);
}
