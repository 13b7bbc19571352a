import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder with nothing but the package in its node_modules. */
    consumer: string;
    /** The packed tarball. */
    tarball: string;
  }
}

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Packs the package as `npm publish` would (building what is not built) and installs it into an empty project. */
export default function install(project: TestProject): () => void {
  const consumer = mkdtempSync(join(tmpdir(), "marquetry-"));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", consumer], { cwd: root, stdio: "inherit" });
  const tarball = join(consumer, `marquetry-${versionOf(root)}.tgz`);
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  execFileSync("npm", ["install", "--silent", "--offline", "--no-audit", "--no-fund", tarball], { cwd: consumer });
  project.provide("consumer", consumer);
  project.provide("tarball", tarball);
  return () => rmSync(consumer, { recursive: true, force: true });
}

function versionOf(folder: string): string {
  const script = "console.log(JSON.parse(require('fs').readFileSync('package.json')).version)";
  return execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" }).trim();
}
