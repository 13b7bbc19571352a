// Serves one folder on this machine and counts every request, also those that are refused.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

/** `requests` grows with the path of each request; `holdBack(ending)` keeps matching answers waiting until `letGo()`. */
export async function serve(folder) {
  const requests = [];
  let held = "";
  let release = () => {};
  let gate = Promise.resolve();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    requests.push(path);
    if (held !== "" && path.endsWith(held)) await gate;
    const file = join(folder, normalize(path.endsWith("/") ? `${path}index.html` : path));
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  server.on("upgrade", (request, socket) => {
    requests.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  await new Promise((settle) => server.listen(0, "127.0.0.1", settle));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    requests,
    holdBack(ending) {
      held = ending;
      gate = new Promise((settle) => {
        release = settle;
      });
    },
    letGo() {
      held = "";
      release();
    },
    close: () => new Promise((settle) => server.close(settle)),
  };
}
