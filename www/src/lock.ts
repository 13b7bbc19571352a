/**
 * How does the page keep its promise that nothing leaves the machine?
 *
 * Everything is loaded first; then `lock()` adds a policy under which the browser itself refuses every request; only then
 * is a file read. What a policy cannot govern is taken away at the start. The self-test tries to break out and reports
 * what the browser answered.
 */
import { LOCKED_POLICY } from "./policy.ts";

/** Ways out that a content security policy does not govern everywhere. */
const DOORS = ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "WebTransport", "open"];

/** Takes those ways out away from every script of this page. Called before anything else. */
export function removeDoors(): void {
  for (const name of DOORS) remove(globalThis, name);
  remove(Navigator.prototype, "sendBeacon");
}

function remove(from: object, name: string): void {
  if (name in from && !Reflect.deleteProperty(from, name)) Reflect.defineProperty(from, name, { value: undefined });
}

/** Shuts the page in until it is closed or loaded again. Returns the moment, on the page's own clock. */
export function lock(): number {
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = LOCKED_POLICY;
  document.head.append(meta);
  return performance.now();
}

/** One thing the browser fetched for this page. */
export interface Resource {
  name: string;
  bytes: number;
  /** Milliseconds since the page was opened. */
  at: number;
}

/** Calls back with everything fetched from the network so far, whenever that grows. */
export function watchRequests(changed: (resources: Resource[]) => void): void {
  const seen: Resource[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
      // Nothing leaves with a blob: or data: address, and some browsers list the self-test's refused tries.
      if (/^(blob|data):/.test(entry.name) || entry.name === selfTestAddress()) continue;
      seen.push({ name: shortName(entry.name), bytes: entry.encodedBodySize, at: entry.startTime });
    }
    changed([...seen]);
  });
  observer.observe({ type: "navigation", buffered: true });
  observer.observe({ type: "resource", buffered: true });
}

function shortName(address: string): string {
  const { origin, pathname } = new URL(address);
  const file = pathname.slice(pathname.lastIndexOf("/") + 1) || "this page";
  return origin === location.origin ? file : `${origin}/…/${file}`;
}

/** One try to send something, and what the browser said. */
export interface Attempt {
  way: string;
  refused: boolean;
  answer: string;
}

const selfTestAddress = (): string => new URL("self-test", location.href).href;

/** A busy machine may need seconds to refuse; what is sent is heard at once. */
const PATIENCE_MS = 10_000;

/** Tries to send something by every way there is, from the page and from a worker. */
export async function trySending(): Promise<Attempt[]> {
  const address = selfTestAddress();
  const rules: string[] = [];
  const note = (event: SecurityPolicyViolationEvent): void => void rules.push(event.effectiveDirective);
  document.addEventListener("securitypolicyviolation", note);
  const attempts: Attempt[] = [];
  for (const [way, send] of waysOfThePage(address)) {
    rules.length = 0;
    const result = await settle(send);
    // The violation is reported a moment after the request has failed.
    await new Promise((resolve) => setTimeout(resolve, 30));
    attempts.push({
      way,
      refused: result.refused,
      answer: rules[0] && result.refused ? `Refused by the browser (${rules[0]})` : result.answer,
    });
  }
  document.removeEventListener("securitypolicyviolation", note);
  return [...attempts, ...(await fromWorker(address))];
}

type Answer = Omit<Attempt, "way">;
type Send = (refused: (answer: string) => void, sent: () => void) => void;

function settle(send: Send): Promise<Answer> {
  return new Promise((resolve) => {
    setTimeout(() => resolve({ refused: false, answer: "No answer from the browser" }), PATIENCE_MS);
    try {
      send(
        (answer) => resolve({ refused: true, answer }),
        () => resolve({ refused: false, answer: "It was sent" }),
      );
    } catch (error) {
      resolve({ refused: true, answer: `Refused: ${error instanceof Error ? error.message : String(error)}` });
    }
  });
}

function waysOfThePage(address: string): [string, Send][] {
  return [
    ["fetch", (refused, sent) => void fetch(address).then(sent, (error: Error) => refused(error.message))],
    [
      "XMLHttpRequest",
      (refused, sent) => {
        const request = new XMLHttpRequest();
        request.onload = sent;
        request.onerror = () => refused("Refused by the browser");
        request.open("POST", address);
        request.send("test");
      },
    ],
    [
      "WebSocket",
      (refused, sent) => {
        const socket = new WebSocket(address.replace(/^http/, "ws"));
        socket.onopen = sent;
        socket.onerror = () => refused("Refused by the browser");
      },
    ],
    [
      "Beacon",
      (refused, sent) =>
        (navigator.sendBeacon as unknown) === undefined
          ? refused("Taken away when the page started")
          : navigator.sendBeacon(address)
            ? sent()
            : refused("Refused by the browser"),
    ],
    [
      "Image",
      (refused, sent) => {
        const image = new Image();
        image.onload = sent;
        image.onerror = () => refused("Refused by the browser");
        image.src = address;
      },
    ],
    [
      "WebRTC",
      (refused, sent) =>
        "RTCPeerConnection" in globalThis && (globalThis.RTCPeerConnection as unknown) !== undefined
          ? sent()
          : refused("Taken away when the page started"),
    ],
  ];
}

/** The same from a worker made the way the engine's is: from a blob, after the lock. */
function fromWorker(address: string): Promise<Attempt[]> {
  const source = `
    const rules = [];
    addEventListener("securitypolicyviolation", (event) => rules.push(event.effectiveDirective));
    onmessage = async ({ data }) => {
      const ways = {
        "fetch": () => fetch(data),
        "XMLHttpRequest": () => new Promise((sent, refused) => { const r = new XMLHttpRequest(); r.onload = sent; r.onerror = refused; r.open("POST", data); r.send("test"); }),
        "WebSocket": () => new Promise((sent, refused) => { const s = new WebSocket(data.replace(/^http/, "ws")); s.onopen = sent; s.onerror = refused; }),
        "import": () => import(data),
      };
      const attempts = [];
      for (const [way, send] of Object.entries(ways)) {
        rules.length = 0;
        let refused = false;
        try { await Promise.race([send(), new Promise((done) => setTimeout(done, ${PATIENCE_MS}))]); } catch { refused = true; }
        await new Promise((done) => setTimeout(done, 30));
        attempts.push({ way: way + " from a worker", refused, answer: !refused ? "It was sent, or there was no answer" : rules[0] ? "Refused by the browser (" + rules[0] + ")" : "Refused by the browser" });
      }
      postMessage(attempts);
    };`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  return new Promise((resolve) => {
    const worker = new Worker(trusted(url));
    const finish = (attempts: Attempt[]): void => {
      worker.terminate();
      URL.revokeObjectURL(url);
      resolve(attempts);
    };
    worker.onmessage = (event: MessageEvent<Attempt[]>) => finish(event.data);
    worker.onerror = () => finish([{ way: "Worker", refused: true, answer: "The test worker could not start" }]);
    worker.postMessage(address);
  });
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}
let policy: { createScriptURL(url: string): string } | undefined;

/** A blob address the browser accepts for a worker while Trusted Types are on. */
function trusted(url: string): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  policy ??= types?.createPolicy("marquetry-self-test", { createScriptURL: (text) => text }) ?? {
    createScriptURL: (text) => text,
  };
  return policy.createScriptURL(url);
}
