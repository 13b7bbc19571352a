// Do the arrows of js/src and www/src point the way docs/ARCHITECTURE.md draws them?
//
// js/src: every file or folder has a floor in the table “Floors of the wrapper”; an import goes to a strictly lower floor, nobody
// imports index, only wasm.ts touches the generated glue. www/src: only engine.ts imports the package. Neither has circles.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a file imports or re-exports, at once or later; `types` says that nothing of it is left when the program runs. */
function importsOf(text) {
  const source = ts.createSourceFile("file.tsx", text, ts.ScriptTarget.Latest);
  const found = [];
  const visit = (node) => {
    const specifier =
      node.moduleSpecifier ?? (node.expression?.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0]);
    if (specifier)
      found.push({ specifier: specifier.text, types: Boolean(node.importClause?.isTypeOnly || node.isTypeOnly) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The rows below a heading, `| 3 | `engine` `wasm` | … |`, as a map from names to floors. */
function floors(document, heading) {
  const section = document.split(/^#+ /m).find((part) => part.startsWith(heading)) ?? "";
  const rows = [...section.matchAll(/^\| *(\d+) *\|([^|]*)\|/gm)];
  const names = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  return new Map(rows.flatMap(([, floor, cell]) => names(cell).map((name) => [name, Number(floor)])));
}

/** `./local.js` written in `a/b.ts` → the file of the set that is meant, or undefined for a foreign one. */
function resolve(from, specifier, files) {
  if (!specifier.startsWith(".")) return undefined;
  const path = posix.join(posix.dirname(from), specifier);
  const bare = path.replace(/\.(js|jsx)$/, "");
  return [path, `${bare}.ts`, `${bare}.tsx`, `${path}/index.ts`].find((name) => files.has(name));
}

/** Circles: the files that can reach themselves. Types may name each other (a table makes a study, a study has its table). */
function circles(arrows) {
  const reach = (from) => {
    const seen = new Set();
    const open = [...(arrows.get(from) ?? [])];
    while (open.length) {
      const file = open.pop();
      if (seen.has(file)) continue;
      seen.add(file);
      open.push(...(arrows.get(file) ?? []));
    }
    return seen;
  };
  return [...arrows.keys()].filter((file) => reach(file).has(file)).map((file) => `${file}: stands in a circle`);
}

/** Every breach in the wrapper: `files` is a map from names below js/src to texts. */
function wrapperBreaches(table, files) {
  const found = [];
  const arrows = new Map();
  const inRoom = (file, room) => file === `${room}.ts` || file.startsWith(`${room}/`);
  const roomOf = (file) => [...table.keys()].find((room) => inRoom(file, room));
  for (const [file, text] of files) {
    const room = roomOf(file);
    const floor = table.get(room);
    if (room === undefined) found.push(`${file}: is missing from the table`);
    for (const { specifier, types } of importsOf(text)) {
      if (/(^|\/)pkg\/|_bg(\.|$)|marquetry_engine/.test(specifier) && file !== "wasm.ts") {
        found.push(`${file}: only wasm.ts touches the generated glue (${specifier})`);
      }
      const target = resolve(file, specifier, files);
      if (!target || target === file) continue;
      if (!types) arrows.set(file, [...(arrows.get(file) ?? []), target]);
      if (target === "index.ts") found.push(`${file}: imports the facade index.ts`);
      else if (roomOf(target) !== room && table.get(roomOf(target)) >= floor) {
        found.push(`${file} (floor ${floor}): an arrow to ${target} (floor ${table.get(roomOf(target))})`);
      }
    }
  }
  for (const room of table.keys()) {
    if (![...files.keys()].some((file) => inRoom(file, room))) found.push(`${room}: has a row but no file`);
  }
  return [...found, ...circles(arrows)];
}

/** Every breach in the page: `files` is a map from names below www/src to texts. */
function pageBreaches(files) {
  const found = [];
  const arrows = new Map();
  for (const [file, text] of files) {
    for (const { specifier, types } of importsOf(text)) {
      if (/^marquetry(\/|$)/.test(specifier) && file !== "engine.ts") {
        found.push(`${file}: only engine.ts imports the package (${specifier})`);
      }
      if (/(^|\/)(js|dist|pkg|wasm)\//.test(specifier) && specifier.startsWith("..")) {
        found.push(`${file}: goes round the package's public name (${specifier})`);
      }
      const target = resolve(file, specifier, files);
      if (!target || target === file) continue;
      if (!types) arrows.set(file, [...(arrows.get(file) ?? []), target]);
      if (/(^|\/)index\.tsx?$/.test(target)) found.push(`${file}: imports the facade ${target}`);
    }
  }
  return [...found, ...circles(arrows)];
}

function sources(folder) {
  const names = readdirSync(join(root, folder), { recursive: true }).map((name) => String(name).replaceAll("\\", "/"));
  const code = names.filter((name) => /\.tsx?$/.test(name) && !/\.(test|d)\.tsx?$/.test(name));
  return new Map(code.map((name) => [name, readFileSync(join(root, folder, name), "utf8")]));
}

test("js/src: every arrow points down", () => {
  const table = floors(readFileSync(join(root, "docs/ARCHITECTURE.md"), "utf8"), "Floors of the wrapper");
  const files = sources("js/src");
  assert.ok(files.size >= 5, "the wrapper's sources were not found");
  assert.deepEqual(wrapperBreaches(table, files), []);
});

test("www/src: one door to the package, no circles", () => {
  const files = sources("www/src");
  assert.ok(files.has("engine.ts"), "www/src/engine.ts was not found");
  assert.deepEqual(pageBreaches(files), []);
});

test("the checker catches what is planted", () => {
  const table = floors(
    "## Floors of the wrapper\n| 0 | `types` `host` | ? |\n| 1 | `local` | ? |\n| 2 | `index` | ? |\n",
    "Floors",
  );
  const with_ = (more) =>
    wrapperBreaches(
      table,
      new Map([
        ["types/a.ts", 'import type { B } from "./b.js";'],
        ["types/b.ts", 'import type { A } from "./a.js";'],
        ["host.ts", ""],
        ["local.ts", 'import { A } from "./types/a.js"; // import "./index.js"'],
        ["index.ts", 'export * from "./local.js";'],
        ...Object.entries(more),
      ]),
    );
  assert.deepEqual(with_({}), []);
  assert.match(
    with_({ "types/a.ts": 'import { b } from "../local.js";' }).join("\n"),
    /arrow to local.ts[\s\S]*circle/,
  );
  assert.match(with_({ "host.ts": 'import { b } from "./types/b.js";' }).join("\n"), /arrow to types\/b.ts/);
  assert.match(with_({ "local.ts": 'await import("./index.js");' }).join("\n"), /the facade index.ts/);
  assert.match(with_({ "local.ts": 'import x from "../../pkg/engine.js";' }).join("\n"), /only wasm.ts/);
  assert.match(with_({ "more.ts": "" }).join("\n"), /missing from the table/);

  const page = (more) =>
    pageBreaches(new Map([["engine.ts", 'import { x } from "marquetry";'], ...Object.entries(more)]));
  assert.deepEqual(page({ "app.tsx": 'import { x } from "./engine";' }), []);
  assert.match(page({ "app.tsx": 'import { x } from "marquetry";' }).join("\n"), /only engine.ts/);
  assert.match(page({ "app.tsx": 'import { x } from "../../dist/index.js";' }).join("\n"), /public name/);
  assert.match(page({ "a.ts": 'import "./b";', "b.ts": 'import "./a";' }).join("\n"), /circle/);
});
