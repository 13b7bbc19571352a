/** The promise, its present state, and the means to check it. */
import type { Actions } from "../actions.ts";
import { bytes, plural } from "../format.ts";
import type { Lock } from "../model.ts";
import { state } from "../state.ts";
import { Icon } from "./Icon.tsx";

const after = (lock: Lock): number =>
  lock.phase === "locked" ? lock.resources.filter((resource) => resource.at > lock.at).length : 0;

export function Privacy({ actions }: { actions: Actions }) {
  const lock = state.lock.value;
  const sent = after(lock);
  return (
    <>
      <button type="button" class={`badge ${lock.phase}`} popovertarget="privacy">
        <Icon name={lock.phase === "failed" ? "cross" : "lock"} />
        <span>
          {badge(lock, sent)}
          {lock.phase === "locked" && state.leaves.value.length > 0 && (
            <span class="long"> since you opened your file</span>
          )}
        </span>
      </button>
      <section id="privacy" class="popover" popover="auto" aria-labelledby="privacy-title">
        <header class="row">
          <h2 id="privacy-title">Your file stays on this computer</h2>
          <button
            type="button"
            class="quiet-button"
            popovertarget="privacy"
            popovertargetaction="hide"
            aria-label="Close"
          >
            <Icon name="cross" />
          </button>
        </header>
        <p>{explain(lock)}</p>
        <p class="big">
          <strong>{sent}</strong> requests since the lock, <strong>{lock.resources.length - sent}</strong> before it
        </p>
        <div class="actions">
          <button
            type="button"
            class="primary"
            disabled={lock.phase !== "locked" || lock.attempts === "running"}
            onClick={actions.selfTest}
          >
            {lock.attempts === "running" ? "Trying …" : "Try to send something"}
          </button>
        </div>
        <Attempts attempts={lock.attempts} />
        <details>
          <summary>What was loaded ({plural(lock.resources.length, "file")})</summary>
          <ul class="plain-list">
            {lock.resources.map((resource) => (
              <li key={`${resource.name}-${resource.at}`}>
                <span class="mono">{resource.name}</span>{" "}
                <span class="quiet">{resource.bytes ? bytes(resource.bytes) : ""}</span>
              </li>
            ))}
          </ul>
        </details>
        <details>
          <summary>Check it yourself</summary>
          <p>
            Press F12 and open the tab “Network”. Then open a file here and work with it: the list does not grow. Or
            switch your network off after this page says “Locked”: everything goes on working.
          </p>
        </details>
        <details>
          <summary>What this does not cover</summary>
          <p>
            Nothing is stored: closing the page forgets your file. Browser extensions can see the page. The lock lasts
            until the page is closed or loaded again. A policy does not stop a page from going to another address; this
            page has no link and no code that does. WebRTC and beacons, which some browsers leave open, are taken away
            when the page starts.
          </p>
        </details>
      </section>
    </>
  );
}

function badge(lock: Lock, sent: number): string {
  if (lock.phase === "loading") return "Loading the engine";
  if (lock.phase === "failed") return "Engine not loaded";
  return state.leaves.value.length > 0 ? `Locked · ${plural(sent, "request")}` : "Locked · nothing can leave";
}

function explain(lock: Lock): string {
  if (lock.phase === "loading")
    return "The page is still loading its own files. A file you drop now waits until the lock is on.";
  if (lock.phase === "failed") return lock.message ?? "The engine could not be loaded.";
  return "Everything the page needs was loaded before it locked itself. Since then your browser refuses every connection this page could try, even to the place it came from.";
}

function Attempts({ attempts }: { attempts: Lock["attempts"] }) {
  if (!attempts || attempts === "running") return null;
  const refused = attempts.filter((attempt) => attempt.refused).length;
  return (
    <>
      <p role="status">
        <strong>
          {refused} of {attempts.length} tries were refused.
        </strong>
      </p>
      <table class="small">
        <caption class="hidden">What the browser said to each try</caption>
        <thead>
          <tr>
            <th scope="col">Way out</th>
            <th scope="col">Answer</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <tr key={attempt.way}>
              <th scope="row">{attempt.way}</th>
              <td class={attempt.refused ? "good" : "bad"}>{attempt.answer}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
