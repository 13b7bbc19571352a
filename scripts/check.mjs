// What must hold besides the tests: formatting, lints, types, documents, sizes. Each is one check.
//
//   npm test -- --only checks
import { run } from "./run.mjs";
import { engine, page, rust } from "./setup.mjs";

const node = process.execPath;
const tool = (path, ...args) => run(node, [`node_modules/${path}`, ...args]);
const components = ["rustfmt", "clippy"];
const deny = ["--", "-D", "warnings"];

/** Name, set-up and program of every check; a check passes when its program ends with 0. */
export const checks = [
  // A registry that lacks a package of some other platform makes npm drop it from the lock file, and `npm ci` then refuses it.
  { name: "lock-file", set: async () => {}, run: () => run("npm", ["ci", "--dry-run"]) },
  { name: "format-rust", set: () => rust({ components }), run: () => run("cargo", ["fmt", "--all", "--check"]) },
  {
    name: "clippy-core",
    set: () => rust({ components }),
    run: () => run("cargo", ["clippy", "--all-targets", ...deny]),
  },
  {
    name: "clippy-engine",
    set: () => rust({ components }),
    run: () => run("cargo", ["clippy", "-p", "marquetry-engine", "--target", "wasm32-unknown-unknown", ...deny]),
  },
  {
    name: "clippy-exchange",
    set: () => rust({ components }),
    run: () => run("cargo", ["clippy", "-p", "marquetry-exchange", "--target", "wasm32-unknown-unknown", ...deny]),
  },
  {
    name: "clippy-workbook",
    set: () => rust({ components }),
    run: () => run("cargo", ["clippy", "-p", "marquetry-workbook", "--all-targets", ...deny]),
  },
  {
    name: "clippy-xtask",
    set: () => rust({ components }),
    run: () => run("cargo", ["clippy", "-p", "xtask", "--all-targets", ...deny]),
  },
  {
    // Every size with every number of groups. The whole: MARQUETRY_SEEDS=100 cargo test --test engine cluster_choice::
    name: "choice",
    set: () => rust(),
    run: () => run("cargo", ["test", "--test", "engine", "cluster_choice::"], { env: { MARQUETRY_SEEDS: "28" } }),
  },
  {
    name: "docs-rust",
    set: () => rust(),
    run: () => run("cargo", ["doc", "--no-deps", "--lib"], { env: { RUSTDOCFLAGS: "-D warnings" } }),
  },
  { name: "biome", set: async () => {}, run: () => tool("@biomejs/biome/bin/biome", "ci", "--error-on-warnings", ".") },
  { name: "types-js", set: engine, run: () => tool("typescript/bin/tsc", "--noEmit", "-p", "js") },
  { name: "types-www", set: engine, run: () => tool("typescript/bin/tsc", "--noEmit", "-p", "www") },
  {
    name: "types-tests",
    set: engine,
    run: () => tool("typescript/bin/tsc", "--noEmit", "-p", "tests/package"),
  },
  { name: "docs-js", set: engine, run: () => tool("typedoc/bin/typedoc", "--treatWarningsAsErrors") },
  { name: "sizes", set: page, run: () => run(node, ["scripts/size.mjs"]) },
];
