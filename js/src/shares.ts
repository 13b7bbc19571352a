import type { Others } from "./protocol.js";
import type { Helpers } from "./run.js";

/** Other engines that each do a share of a job: the first byte of a message says for whom it is. */
export function sharers(others: Others | undefined): Helpers {
  const answers = new Map<number, Promise<Uint8Array | undefined>>();
  return {
    tell(message) {
      const other = message[0] ?? 0;
      if (others) answers.set(other, others.ask(other, { method: "share", params: { message } }));
    },
    // What was told last is what is answered; all before was only to be known.
    next: async (other) => answers.get(other),
  };
}
