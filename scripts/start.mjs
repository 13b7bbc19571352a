// npm start: sets up what is missing, builds what has changed, serves the page and prints its address.
//
//   npm start [-- --port 8080]
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { bail, root, SetupError } from "./run.mjs";
import { packages, page, rust } from "./setup.mjs";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".csv": "text/csv; charset=utf-8",
};

/** A server of one folder and nothing else. */
export function serve(folder) {
  return createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = join(folder, normalize(path === "/" ? "/index.html" : path));
    if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, { "content-type": "text/plain" });
      return response.end("not found\n");
    }
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "content-length": statSync(file).size,
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
    });
    createReadStream(file).pipe(response);
  });
}

/** Listens on this port or, when it is taken, on the next free one. */
export function listen(server, port, tries = 20) {
  return new Promise((settle, fail) => {
    server.once("error", (error) => {
      if (error.code !== "EADDRINUSE" || tries === 0) return fail(error);
      console.log(`port ${port} is taken, trying ${port + 1}`);
      settle(listen(server, port + 1, tries - 1));
    });
    server.listen(port, "localhost", () => settle(server.address().port));
  });
}

function wantedPort() {
  const at = process.argv.indexOf("--port");
  const port = at < 0 ? 4173 : Number(process.argv[at + 1]);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new SetupError("--port takes a number from 0 to 65535.");
  return port;
}

async function start() {
  const began = performance.now();
  const port = wantedPort();
  await packages();
  await rust();
  await page();
  const address = await listen(serve(join(root, "www", "dist")), port);
  console.log(
    `\nready in ${((performance.now() - began) / 1000).toFixed(1)} s: http://localhost:${address}/   (Ctrl+C stops)`,
  );
}

if (process.argv[1]?.endsWith("start.mjs")) start().catch(bail);
