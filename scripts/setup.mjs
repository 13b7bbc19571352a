// What does a bare machine lack, and what has changed since it was last built?
//
// Every step is skipped when its inputs are those of the last time: content hashes, kept in .cache/stamps.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { has, must, root, run, SetupError } from "./run.mjs";

/** Flags under which Chromium itself stays silent on the network. */
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const stamps = join(root, ".cache", "stamps");
/** May system packages be installed? As root in CI, or when asked for. */
export const mayInstall = process.argv.includes("--install") || (process.env.CI === "true" && process.getuid?.() === 0);

/** Every file under these paths, sorted, without build output inside them. */
function filesUnder(...paths) {
  const found = [];
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (!statSync(full).isDirectory()) return void found.push(path);
    for (const name of readdirSync(full)) {
      if (!["node_modules", "target", "dist", "pkg", ".cache"].includes(name)) visit(join(path, name));
    }
  };
  for (const path of paths) visit(path);
  return found.sort();
}

/** One hash over names and contents. */
function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

/** Does `work` unless the inputs are those of the last time and every output stands. Says which of the two it was. */
async function unlessFresh(name, inputs, outputs, work) {
  const stamp = join(stamps, name);
  const hash = hashOf(filesUnder(...inputs));
  const standing = outputs.every((path) => existsSync(join(root, path)));
  if (standing && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return console.log(`${name}: up to date`);
  rmSync(stamp, { force: true });
  const began = performance.now();
  await work();
  const missing = outputs.filter((path) => !existsSync(join(root, path)));
  if (missing.length) throw new SetupError(`${name}: built, but ${missing.join(", ")} is not there.`);
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, hash);
  console.log(`${name}: built in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/** npm packages, exactly those of the lock file. */
export async function packages() {
  const mark = join(root, "node_modules", ".package-lock.json");
  const lock = join(root, "package-lock.json");
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs) return console.log("packages: up to date");
  await must("Installing the npm packages", "npm", ["ci", "--no-audit", "--no-fund"]);
}

/** Debian packages, when they may be installed; otherwise one line that says what to do. */
export async function systemPackages(why, names, allowed = mayInstall) {
  const line = `apt-get update && apt-get install -y --no-install-recommends ${names.join(" ")}`;
  if (!allowed || !(await has("apt-get"))) throw new SetupError(`${why} Install it with: ${line}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await must("Updating the package lists", "apt-get", ["update", "-q"], { env, quiet: true });
  const args = ["install", "-y", "-q", "--no-install-recommends", ...names];
  await must(`Installing ${names.join(", ")}`, "apt-get", args, { env, quiet: true });
  console.log(`installed: ${names.join(", ")}`);
}

/** Rust with a linker and these targets and components. */
export async function rust({ targets = ["wasm32-unknown-unknown"], components = [] } = {}) {
  if (!(await has("cargo")))
    throw new SetupError("Rust is missing. Install the stable toolchain from https://rustup.rs");
  if (!(await has("cc"))) {
    const root = process.getuid?.() === 0;
    await systemPackages("A C linker (cc) is missing.", ["gcc", "libc6-dev"], mayInstall || root);
  }
  const sysroot = (
    await must("Asking for Rust's folder", "rustc", ["--print", "sysroot"], { quiet: true })
  ).output.trim();
  const lacking = targets.filter((target) => !existsSync(join(sysroot, "lib", "rustlib", target)));
  if (lacking.length) await must("Adding Rust targets", "rustup", ["target", "add", ...lacking]);
  for (const name of components) {
    const works = await has("cargo", [name === "rustfmt" ? "fmt" : name, "--version"]);
    if (!works) await must("Adding Rust components", "rustup", ["component", "add", name]);
  }
}

/** The npm package: engine, wrapper, types, in dist/. The build knows by itself what has changed. */
export async function engine() {
  await must("Building the engine", process.execPath, ["scripts/build.mjs"]);
}

/** The page, in www/dist/. */
export async function page() {
  await engine();
  await unlessFresh("page", ["package-lock.json", "www", "dist"], ["www/dist/index.html"], () =>
    must("Building the page", process.execPath, ["node_modules/vite/bin/vite.js", "build", "www"]),
  );
}

/** Where Chromium is; `undefined` when it is nowhere. */
export async function findChromium() {
  for (const path of [
    process.env.CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ]) {
    if (path && existsSync(path)) return path;
  }
  const found = (
    await run("sh", ["-c", "command -v chromium chromium-browser google-chrome | head -n 1"], { quiet: true })
  ).output;
  return found.trim() || undefined;
}

/** Chromium for the tests in a browser, from Debian's package when it is missing. */
export async function chromium() {
  const found = await findChromium();
  if (found) return found;
  await systemPackages("Chromium is missing; the end-to-end tests need it.", ["chromium"]);
  const installed = await findChromium();
  if (!installed) throw new SetupError("Chromium was installed but cannot be found; set CHROMIUM to its path.");
  return installed;
}
