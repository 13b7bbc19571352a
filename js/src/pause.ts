/** Lets everything else that waits for this thread happen first: messages, aborts, painting. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else throughChannel(resolve);
  });
}

// A message comes back at once, a timer only after the browser's minimum of 4 ms.
let channel: MessageChannel | undefined;
const waiting: (() => void)[] = [];

function throughChannel(resolve: () => void): void {
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => waiting.shift()?.();
  }
  waiting.push(resolve);
  channel.port2.postMessage(null);
}
