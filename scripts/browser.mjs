// One headless Chromium with a fresh profile, and a server on this machine for it to read from.
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { root } from "./run.mjs";
import { FLAGS, findChromium } from "./setup.mjs";

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};

/**
 * Opens the browser. `page(script)` gives a page that has loaded this module of the repository (it may import npm packages) and
 * holds an empty file input; `peers` is a further folder of npm packages. The built package is at /marquetry/, the built page at /www/; `mounts` adds prefixes and folders.
 */
export async function open(mounts = {}) {
  const scratch = mkdtempSync(join(tmpdir(), "marquetry-bench-"));
  const folders = {
    "/marquetry/": join(root, "dist"),
    "/www/": join(root, "www", "dist"),
    "/scratch/": scratch,
    ...mounts,
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    if (path.startsWith("/run/")) {
      response.setHeader("content-type", "text/html");
      return response.end(
        `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><input type="file" id="file"><script type="module" src="/scratch/${path.slice(5)}.js"></script>`,
      );
    }
    const mount = Object.keys(folders).find((prefix) => path.startsWith(prefix));
    const file = mount && join(folders[mount], normalize(`/${path.slice(mount.length) || "index.html"}`));
    if (!file || !existsSync(file) || !statSync(file).isFile()) {
      response.statusCode = 404;
      return response.end();
    }
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    response.setHeader("content-length", statSync(file).size);
    createReadStream(file).pipe(response);
  });
  await new Promise((settle) => server.listen(0, "127.0.0.1", settle));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const context = await chromium.launchPersistentContext(join(scratch, "profile"), {
    executablePath: await findChromium(),
    headless: true,
    args: FLAGS,
  });
  context.setDefaultTimeout(0);
  const watch = (page) => {
    page.on("pageerror", (error) => console.error(`[page] ${error.message}`));
    page.on(
      "console",
      (message) => message.type() === "error" && console.error(`[page] ${message.text().slice(0, 400)}`),
    );
    return page;
  };
  return {
    origin,
    version: context.browser()?.version() ?? "",
    async page(script, peers) {
      const entry = join(root, script);
      const name = script.replace(/\W+/g, "_");
      await build({
        entryPoints: [entry],
        bundle: true,
        format: "esm",
        outfile: join(scratch, `${name}.js`),
        external: ["/marquetry/*"],
        nodePaths: peers ? [peers] : [],
        logLevel: "error",
      });
      const page = watch(await context.newPage());
      await page.goto(`${origin}/run/${name}`);
      return page;
    },
    async visit(path, first) {
      const page = watch(await context.newPage());
      if (first) await page.addInitScript(first);
      await page.goto(`${origin}${path}`);
      return page;
    },
    /** Starts to watch the memory of the pages' processes; gives what tells the highest point since, in bytes. Linux only. */
    async peak() {
      const session = await context.browser().newBrowserCDPSession();
      const { processInfo } = await session.send("SystemInfo.getProcessInfo");
      const processes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => `/proc/${id}`);
      for (const path of processes) writeFileSync(`${path}/clear_refs`, "5");
      const peakOf = (path) => Number(readFileSync(`${path}/status`, "utf8").match(/VmHWM:\s*(\d+) kB/)?.[1]) * 1024;
      return () => Math.max(...processes.map(peakOf));
    },
    async close() {
      await context.close();
      server.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
