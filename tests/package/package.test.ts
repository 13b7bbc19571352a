import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, test } from "vitest";
import { home, manifest } from "./support/marquetry.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const consumer = inject("consumer");
const files = readdirSync(home, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1));
const text = (file: string) => readFileSync(join(home, file), "utf8");

function run(program: string, args: string[], cwd = root): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: out + err });
    });
  });
}

const tool = (name: string) => join(root, "node_modules", name);

test("one engine, one translator, one reader of workbooks, no dependencies, nothing besides what is meant to be there", () => {
  expect(files.filter((file) => file.endsWith(".wasm"))).toEqual([
    "dist/engine.wasm",
    "dist/exchange.wasm",
    "dist/workbook.wasm",
  ]);
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies"])
    expect(manifest[kind]).toBeUndefined();
  const outside = files.filter((file) => !file.startsWith("dist/"));
  expect(outside.sort()).toEqual(["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"]);
  expect(readdirSync(join(consumer, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["marquetry"]);
});

test("every way in leads to a file", () => {
  const paths = (target: unknown): string[] =>
    typeof target === "string" ? [target] : Object.values(target as object).flatMap(paths);
  for (const path of [...paths(manifest.exports), ...paths(manifest.bin)]) {
    expect(files).toContain(path.replace(/^\.\//, ""));
  }
});

test("what browsers load asks for nothing of Node's, and for no other host", () => {
  const queue = [manifest.exports["."].default];
  const seen = new Set<string>();
  for (const file of queue) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, imported] of text(file).matchAll(/(?:from|import)\s*"([^"]+)"/g)) {
      expect(imported).toMatch(/^\.\//);
      queue.push(`./dist/${imported?.slice(2)}`);
    }
    expect(text(file)).not.toMatch(/node:|https?:\/\/(?!www\.w3\.org)/);
  }
  for (const name of ["engine", "exchange", "workbook"]) {
    const address = `new URL("./${name}.wasm", import.meta.url)`;
    expect([...seen].filter((file) => text(file).includes(address))).toHaveLength(1);
  }
});

test("publint finds nothing", async () => {
  const { code, output } = await run(tool("publint/src/cli.js"), ["--strict", inject("tarball")]);
  expect(output).toContain("All good!");
  expect(code).toBe(0);
});

test("are the types wrong? They are not", async () => {
  const args = ["--profile", "esm-only", inject("tarball")];
  const { code, output } = await run(tool("@arethetypeswrong/cli/dist/index.js"), args);
  expect(code, output).toBe(0);
});

test("no declaration says any", () => {
  for (const file of files.filter((name) => name.endsWith(".d.ts"))) {
    const code = text(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    expect(code, file).not.toMatch(/\bany\b/);
  }
});

const contract = join(root, "../shared/api.d.ts");

/** A program that compiles only if what we offer is what the contract says, name by name and shape by shape. */
const conformance = `
import * as ours from "marquetry";
import type * as api from "./contract.js";
declare function check<Wanted>(): <Offered extends Wanted>(offered?: Offered) => void;

check<Pick<api.Segmenter, "version" | "preview" | "parseRule" | "formatRule" | "importRule" | "close">>()<ours.Segmenter>();
check<Pick<api.Table, "rowCount" | "columns" | "dialect" | "findings" | "questions" | "kind" | "rows" | "column" | "close">>()<ours.Table>();
check<Pick<api.Study, "recipe" | "count" | "close">>()<ours.Study>();
check<Pick<api.Segment, "id" | "name" | "rule" | "text" | "counts" | "members" | "update" | "toSQL" | "to">>()<ours.Segment>();
check<Pick<api.Grouping, "name" | "labels" | "sizes" | "assignments" | "rule" | "toSQL">>()<ours.Grouping>();
check<Omit<api.Clustering, "describe" | "tree" | "apply" | "toONNX" | "toPMML">>()<ours.Clustering>();
check<Parameters<api.Segmenter["load"]>[0]>()<Parameters<ours.Segmenter["load"]>[0]>();
check<api.Preview>()<ours.Preview>();
check<api.Profile>()<ours.Profile>();
check<api.Overlap>()<ours.Overlap>();
check<api.Recipe>()<ours.Recipe>();
check<api.WorkerLike>()<ours.WorkerLike>();
check<api.MarquetryError>()<ours.MarquetryError>();
// Options we take are options of the contract: whoever writes for us writes for it.
check<api.LoadOptions>()<ours.LoadOptions>();
check<api.RfmOptions>()<ours.RfmOptions>();
check<api.ClusterOptions>()<ours.ClusterOptions>();
check<NonNullable<Parameters<api.Table["rows"]>[0]>>()<ours.RowsOptions>();
check<Omit<NonNullable<Parameters<api.Table["study"]>[0]>, "orders">>()<Omit<ours.StudyOptions, "orders">>();
check<Omit<api.ExportOptions, "segments">>()<Omit<ours.ExportOptions, "segments">>();
check<ours.Source>()<api.Source>();

// A browser's worker and the handles fit where they are asked for.
const segmenter = await ours.createSegmenter({ worker: () => new Worker("x.js"), wasm: await ours.loadEngine(), workbook: await ours.loadWorkbook() });
const table = await segmenter.load("id\\n1");
const study = table.study({ seed: 1 });
const segment: ours.Segment = await study.segment("a", { field: "id", operator: "=", value: 1 });
const profiles: ours.Profile[] = await study.profile(await study.rfm(), { baseline: segment });
export { profiles };
`;

test.each(["nodenext", "bundler"])("the declarations satisfy the contract (%s)", async (resolution) => {
  let wanted = conformance;
  const folder = join(consumer, resolution);
  mkdirSync(folder, { recursive: true });
  try {
    // Meanings of columns are ours to add: whoever knows only the contract's takes a new one as "other".
    const roles = '| "other" | "refund" | "cancellation"';
    writeFileSync(join(folder, "contract.d.ts"), readFileSync(contract, "utf8").replace('| "other"', roles));
  } catch {
    console.log("skipped: 1 (../shared/api.d.ts is absent; only the use of the package is checked)");
    wanted = conformance.replace(/^(import type \* as api|check<).*$/gm, "");
  }
  const options = {
    strict: true,
    noEmit: true,
    target: "es2022",
    module: resolution === "bundler" ? "esnext" : resolution,
  };
  const compilerOptions = {
    ...options,
    moduleResolution: resolution,
    lib: ["es2022", "dom"],
    types: [],
    skipLibCheck: false,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["conformance.ts"] }));
  writeFileSync(join(folder, "conformance.ts"), wanted);
  const { code, output } = await run(tool("typescript/bin/tsc"), ["--project", folder]);
  expect(output).toBe("");
  expect(code).toBe(0);
});

test("a program that imports the package by its name runs", async () => {
  const program = join(consumer, "program.js");
  writeFileSync(
    program,
    `import { createSegmenter } from "marquetry";
     const segmenter = await createSegmenter();
     const table = await segmenter.load("id,age\\n1,30\\n2,50\\n");
     console.log((await table.study().count("age > 40")).in);
     await segmenter.close();`,
  );
  expect(await run(program, [], consumer)).toEqual({ code: 0, output: "1\n" });
});

test("every code that can be thrown is explained in docs/ERRORS.md", () => {
  const explained = [...readFileSync(join(root, "docs/ERRORS.md"), "utf8").matchAll(/^\| `([a-z-]+)` \|/gm)].map(
    ([, code]) => code,
  );
  const core = [...readFileSync(join(root, "src/error.rs"), "utf8").matchAll(/=> "([a-z-]+)"/g)].map(
    ([, code]) => code,
  );
  const union = /type WrapperCode =([^;]+);/.exec(readFileSync(join(root, "js/src/errors.ts"), "utf8"))?.[1] ?? "";
  const wrapper = [...union.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code);
  expect(core.length).toBeGreaterThan(10);
  expect(wrapper.length).toBeGreaterThan(5);
  expect([...new Set(explained)].sort()).toEqual([...new Set([...core, ...wrapper])].sort());
});
