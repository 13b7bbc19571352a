// The privacy promise: after the lock nothing leaves, from the page or from a worker.
import assert from "node:assert/strict";
import { downloaded, drop, openSample, PATIENCE, proceed, step, until, visit } from "./visit.mjs";

/** Ways out, to be run inside the page. Each gives true when something got out. */
function waysOut([address, patience]) {
  const settles = (start) =>
    new Promise((settle) => {
      setTimeout(() => settle("no answer"), patience);
      try {
        start(
          () => settle("sent"),
          () => settle("refused"),
        );
      } catch {
        settle("refused");
      }
    });
  const element = (name, property) => (sent, refused) => {
    const made = document.createElement(name);
    made.onload = sent;
    made.onerror = refused;
    if (name === "link") made.rel = "stylesheet";
    made[property] = `${address}?${name}`;
    document.head.append(made);
  };
  return Promise.all(
    Object.entries({
      fetch: (sent, refused) => fetch(address).then(sent, refused),
      xhr: (sent, refused) => {
        const request = new XMLHttpRequest();
        request.onload = sent;
        request.onerror = refused;
        request.open("GET", address);
        request.send();
      },
      websocket: (sent, refused) => {
        const socket = new WebSocket(address.replace(/^http/, "ws"));
        socket.onopen = sent;
        socket.onerror = refused;
      },
      eventsource: (sent, refused) => {
        const source = new EventSource(address);
        source.onopen = sent;
        source.onerror = refused;
      },
      beacon: (sent, refused) => (navigator.sendBeacon?.(address) ? sent() : refused()),
      image: element("img", "src"),
      style: element("link", "href"),
      import: (sent, refused) => import(`${address}?import`).then(sent, refused),
      webrtc: (sent, refused) => (typeof RTCPeerConnection === "undefined" ? refused() : sent()),
      webtransport: (sent, refused) => (typeof WebTransport === "undefined" ? refused() : sent()),
      popup: (sent, refused) => (typeof open === "undefined" || open(address) === null ? refused() : sent()),
    }).map(async ([way, start]) => [way, await settles(start)]),
  );
}

/** The same, to be run inside a worker. */
async function waysOutOfWorker([address, patience]) {
  const refused = async (start) => {
    const answer = await Promise.race([
      Promise.resolve()
        .then(start)
        .then(
          () => "sent",
          () => "refused",
        ),
      new Promise((settle) => setTimeout(() => settle("no answer"), patience)),
    ]);
    return answer;
  };
  return {
    fetch: await refused(() => fetch(address)),
    xhr: await refused(
      () =>
        new Promise((sent, failed) => {
          const request = new XMLHttpRequest();
          request.onload = sent;
          request.onerror = failed;
          request.open("GET", address);
          request.send();
        }),
    ),
    websocket: await refused(
      () =>
        new Promise((sent, failed) => {
          const socket = new WebSocket(address.replace(/^http/, "ws"));
          socket.onopen = sent;
          socket.onerror = failed;
        }),
    ),
    importScripts: await refused(() => importScripts(address)),
    import: await refused(() => import(address)),
  };
}

/** Drops a file of 20 MB, which is made in the page: it would take long to send there. */
const dropLong = (page) =>
  page.evaluate(() => {
    const row = (at) => `${at},C${at % 5_003},2026-0${(at % 6) + 1}-1${at % 9},"a ""gift""\nof ${at}",${at % 97}.25\n`;
    const rows = Array.from({ length: 450_000 }, (_, at) => row(at)).join("");
    const file = new File([`order_id,customer_id,date,note,amount\n${rows}`], "long.csv");
    const transfer = new DataTransfer();
    transfer.items.add(file);
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });

export default () => ({
  "a long file is read by several workers behind the lock": async ({ browser, address }) => {
    // A machine with many cores: by default, one with few reads alone.
    const init = () => Object.defineProperty(navigator, "hardwareConcurrency", { value: 8 });
    const { page, requests, violations, errors } = await visit(browser, address, { init });
    const before = requests.length;
    let most = 0;
    page.on("worker", () => {
      most = Math.max(most, page.workers().length);
    });
    await dropLong(page);
    await page.waitForSelector('h1:has-text("450,000")');
    assert.ok(most >= 3, `${most} workers`);
    // The others end with the reading.
    await page.waitForFunction(() => !document.querySelector("footer progress"));
    await until(() => assert.equal(page.workers().length, 1));
    assert.equal(requests.length, before);
    assert.deepEqual([errors, await violations()], [[], []]);
  },

  "the list of requests ends at the lock, through the whole main job": async ({ browser, server, address }) => {
    const { page, requests, violations, errors } = await visit(browser, address);
    const loaded = [requests.length, server.requests.length];
    assert.ok(
      requests.every((request) => request.startsWith(address)),
      "only the page's own files",
    );
    await openSample(page);
    await proceed(page);
    await step(page, "Segments");
    await page.click(".examples button >> nth=0");
    await page.waitForSelector("text=In no segment");
    await step(page, "Clusters");
    await page.click("text=Look for clusters");
    await page.waitForSelector(".cluster-cards");
    await step(page, "Profile");
    await page.waitForSelector("table.heat");
    await step(page, "Export");
    await downloaded(page, () => page.click('button:has-text("Download")'));
    assert.deepEqual([requests.length, server.requests.length], loaded, requests.slice(loaded[0]).join(" "));
    assert.deepEqual(await violations(), []);
    assert.deepEqual(errors, []);
    assert.match(await page.textContent(".badge"), /Locked · 0 requests since you opened your file/);
  },

  "every way out of the page is refused after it": async ({ browser, server, address }) => {
    const { page } = await visit(browser, address);
    const before = server.requests.length;
    const results = Object.fromEntries(await page.evaluate(waysOut, [`${address}secret`, PATIENCE]));
    for (const [way, result] of Object.entries(results)) assert.equal(result, "refused", way);
    assert.deepEqual(server.requests.slice(before), []);
  },

  "every way out of the engine's own worker is refused": async ({ browser, server, address }) => {
    const { page } = await visit(browser, address);
    const before = server.requests.length;
    const workers = page.workers();
    assert.equal(workers.length, 1, "the engine runs in one worker");
    assert.match(workers[0].url(), /^blob:/);
    const results = await workers[0].evaluate(waysOutOfWorker, [`${address}secret`, PATIENCE]);
    for (const [way, result] of Object.entries(results)) assert.equal(result, "refused", way);
    assert.deepEqual(server.requests.slice(before), []);
  },

  "so it is out of the thread that brings a long file's bytes": async ({ browser, server, address }) => {
    // A machine of one core: no other engines help.
    const init = () => Object.defineProperty(navigator, "hardwareConcurrency", { value: 1 });
    const { page, violations } = await visit(browser, address, { init });
    const before = server.requests.length;
    const [engine] = page.workers();
    const started = page.waitForEvent("worker").then(async (bringer) => {
      assert.match(bringer.url(), /^blob:/);
      return bringer.evaluate(waysOutOfWorker, [`${address}secret`, PATIENCE]);
    });
    await dropLong(page);
    const results = await started;
    for (const [way, result] of Object.entries(results)) assert.equal(result, "refused", way);
    await page.waitForSelector('h1:has-text("450,000")');
    await until(() => assert.deepEqual(page.workers(), [engine], "it ends with the reading"));
    assert.deepEqual(server.requests.slice(before), []);
    // What was tried here was refused in that thread: the page itself has tried nothing.
    assert.deepEqual(await violations(), []);
  },

  "the self-test shows the browser's refusals": async ({ browser, server, address }) => {
    const { page } = await visit(browser, address);
    const before = server.requests.length;
    await page.click(".badge");
    await page.click("text=Try to send something");
    await page.waitForSelector("text=10 of 10 tries were refused");
    assert.match(await page.textContent("#privacy table"), /Refused by the browser \(connect-src\)/);
    assert.match(await page.textContent("#privacy"), /0 requests since the lock/);
    assert.deepEqual(server.requests.slice(before), []);
  },

  "a file dropped before the lock waits for it": async ({ browser, server, address }) => {
    server.holdBack(".wasm");
    const { page } = await visit(browser, address, { locked: false });
    // Whoever asks for the engine hears drops.
    await until(() => assert.ok(server.requests.some((path) => path.endsWith(".wasm"))));
    await drop(page, "early.csv", "customer_id,spend\n1,10\n2,20\n3,30\n");
    await page.waitForSelector("text=early.csv” waits");
    // Long enough for a page that does not wait to give itself away.
    await page.waitForTimeout(300);
    assert.equal(await page.locator(".badge.locked").count(), 0);
    assert.equal(
      await page.locator('h1:has-text("is this what you see")').count(),
      0,
      "nothing is read before the lock",
    );
    server.letGo();
    await page.waitForSelector('h1:has-text("3 customers")');
    assert.match(await page.textContent(".badge"), /Locked · 0 requests/);
  },
});
