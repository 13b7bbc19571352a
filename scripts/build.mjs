// Builds everything that is published: the engine into pkg/, the package into dist/.
// Does its own set-up, and does nothing twice: a step whose inputs have not changed is skipped.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const TARGET = "wasm32-unknown-unknown";

if (!existsSync(join(root, "node_modules/esbuild"))) run("npm", ["ci"]);
await step(
  "engine",
  ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "src", "wasm", "xtask"],
  "pkg/exchange.wasm",
  buildEngine,
);
await step("package", ["package.json", "js", "pkg", "scripts/build.mjs"], "dist/types/index.d.ts", buildPackage);

function buildEngine() {
  const installed = output("rustup", ["target", "list", "--installed"]);
  if (!installed.split("\n").includes(TARGET)) run("rustup", ["target", "add", TARGET]);
  run("cargo", ["run", "--quiet", "--profile", "tool", "--package", "xtask"]);
}

async function buildPackage() {
  const { build } = await import("esbuild");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const dist = join(root, "dist");
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  // The glue keeps its one instance in variables of its module; as the body of a function it gives a fresh set at each
  // call, so that every engine has an instance of its own. The glue itself stays as it was generated.
  const glue = {
    name: "fresh-glue",
    setup(build) {
      build.onResolve({ filter: /\/fresh-glue\.js$/ }, () => ({ path: "fresh-glue", namespace: "fresh-glue" }));
      build.onLoad({ filter: /.*/, namespace: "fresh-glue" }, async () => {
        const bundle = { absWorkingDir: root, bundle: true, write: false, format: "iife", globalName: "glue" };
        const fresh = async (file, name) => {
          const { outputFiles } = await build.esbuild.build({ ...bundle, entryPoints: [file] });
          return `export function ${name}() {\n${outputFiles[0].text}\nreturn glue;\n}\n`;
        };
        const parts = [
          fresh("pkg/engine.js", "freshEngine"),
          fresh("pkg/exchange.js", "freshExchange"),
          fresh("pkg/workbook.js", "freshWorkbook"),
        ];
        return { contents: (await Promise.all(parts)).join("") };
      });
    },
  };
  const common = {
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    define: { __VERSION__: JSON.stringify(version) },
    logLevel: "warning",
    plugins: [glue],
  };

  // The worker's code travels inside the package as text, so that it can be started from a blob: URL after a page has
  // forbidden itself all requests.
  // So does the code of the thread that brings it a file's bytes, inside the worker's.
  const threadOf = async (name, plugins) => {
    const options = { ...common, format: "iife", minify: true, write: false, plugins };
    const { outputFiles } = await build({ ...options, entryPoints: [`js/src/${name}.ts`] });
    return outputFiles[0].text;
  };
  const asText = (name, code) => ({
    name: `${name}-source`,
    setup(build) {
      const namespace = `${name}-source`;
      build.onResolve({ filter: new RegExp(`/${namespace}\\.js$`) }, () => ({ path: namespace, namespace }));
      const contents = `export const ${name}Source = ${JSON.stringify(code.trim())};`;
      build.onLoad({ filter: /.*/, namespace }, () => ({ contents }));
    },
  });
  const bringer = asText("bringer", await threadOf("bringer", []));
  const workerCode = await threadOf("worker", [glue, bringer]);
  const worker = asText("worker", workerCode);
  writeFileSync(join(dist, "worker.js"), workerCode);
  await build({
    ...common,
    entryPoints: { index: "js/src/index.ts", node: "js/src/node.ts", cli: "js/src/cli.ts" },
    outdir: "dist",
    splitting: true,
    chunkNames: "shared-[hash]",
    external: ["node:*"],
    plugins: [glue, bringer, worker],
  });
  for (const name of ["engine", "exchange", "workbook"]) {
    cpSync(join(root, `pkg/${name}.wasm`), join(dist, `${name}.wasm`));
    writeFileSync(
      join(dist, `${name}.wasm.d.ts`),
      "/** The module's bytes: a bundler gives their address when it imports this file as a URL. */\ndeclare const url: string;\nexport default url;\n",
    );
  }
  writeFileSync(join(dist, "worker.d.ts"), "export {};\n");
  run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--project", "js/tsconfig.build.json"]);
  printSizes(dist);
}

/** Runs a step unless the hash of its inputs is the one of its last success. */
async function step(name, inputs, product, work) {
  const stamp = join(root, ".cache", `${name}.hash`);
  const hash = hashOf(inputs);
  if (existsSync(join(root, product)) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  console.log(`building the ${name} …`);
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

function hashOf(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const entry of readdirSync(full).sort()) add(join(path, entry));
      return;
    }
    hash.update(path).update(readFileSync(full));
  };
  for (const path of paths) add(path);
  return hash.digest("hex");
}

function printSizes(dist) {
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
  console.log(`${"".padEnd(24)}${"raw".padStart(10)}${"gzip".padStart(10)}${"brotli".padStart(10)}`);
  for (const file of readdirSync(dist).filter((name) => /\.(js|wasm)$/.test(name))) {
    const bytes = readFileSync(join(dist, file));
    console.log(file.padEnd(24) + kB(bytes.length) + kB(gzipSync(bytes).length) + kB(brotliCompressSync(bytes).length));
  }
}

function run(command, options) {
  execFileSync(command, options, { cwd: root, stdio: "inherit" });
}

function output(command, options) {
  return execFileSync(command, options, { cwd: root, encoding: "utf8" });
}
