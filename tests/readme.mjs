// Does the README's example do what the README says? It is type-checked and run as it stands there.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const block = (language) => readme.match(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m"))?.[1];
// Inside the repository, so that “marquetry” is the package itself.
const folder = join(root, ".cache", "readme");
const node = (...args) => execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "example.mts"), block("ts"));

test("the example has the types that the package declares", () => {
  const options = [
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--lib",
    "es2022,dom",
    "--types",
    "node",
  ];
  try {
    node(join(root, "node_modules/typescript/bin/tsc"), ...options, "--ignoreConfig", "example.mts");
  } catch (error) {
    assert.fail(error.stdout);
  }
});

test("the example prints what the README shows", () => {
  writeFileSync(join(folder, "example.mjs"), transformSync(block("ts"), { loader: "ts" }).code);
  const printed = node("example.mjs");
  assert.equal(printed.trim().replaceAll("\r\n", "\n"), block("text").trim());
});

test("the example is short", () => assert.ok(block("ts").split("\n").length <= 26));

test("every relative link of the documents leads somewhere", () => {
  const documents = ["README.md", "CONTRIBUTING.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)];
  for (const document of documents.filter((name) => name.endsWith(".md"))) {
    for (const [, target] of readFileSync(join(root, document), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
      assert.ok(existsSync(join(root, dirname(document), target)), `${document}: ${target} is not there`);
    }
  }
});
