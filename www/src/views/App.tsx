/** The frame around every screen: top bar, rail of steps, status line, drop anywhere. */
import { useEffect, useRef } from "preact/hooks";
import type { Actions } from "../actions.ts";
import type { Picture } from "../sample/picture.ts";
import { state } from "../state.ts";
import { ProblemNote } from "./Problem.tsx";
import { Rail } from "./Rail.tsx";
import { Start } from "./Start.tsx";
import { StatusBar } from "./StatusBar.tsx";
import { TopBar } from "./TopBar.tsx";

export function App({ actions, picture }: { actions: Actions; picture: Picture }) {
  const main = useRef<HTMLElement>(null);
  const screen = state.screen.value;
  const Screen = screen === "start" ? undefined : state.screens.value?.[screen];
  const first = useRef(true);
  const glances = state.glance.value !== null;

  // Whoever moves to another screen, also by keyboard or screen reader, starts at its heading.
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    main.current?.querySelector<HTMLElement>("h1")?.focus();
    window.scrollTo(0, 0);
  }, [screen, glances]);

  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <TopBar actions={actions} />
      <div class="frame">
        <Rail actions={actions} />
        <main id="main" ref={main} tabIndex={-1}>
          <ProblemNote actions={actions} />
          {screen === "start" ? <Start actions={actions} picture={picture} /> : Screen && <Screen actions={actions} />}
          <input
            id="chooser"
            type="file"
            multiple
            class="hidden"
            tabIndex={-1}
            aria-label="File of customers or orders"
            accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl,.gz,.zip,.xlsx,.xlsm,.ods,text/csv,application/json"
            onChange={(event) => {
              const files = [...(event.currentTarget.files ?? [])];
              event.currentTarget.value = "";
              if (files.length > 0) actions.open(files);
            }}
          />
        </main>
      </div>
      <StatusBar actions={actions} />
      <p class="hidden" role="status">
        {state.said.value}
      </p>
    </>
  );
}
