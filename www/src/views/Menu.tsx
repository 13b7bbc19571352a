/** A button with a menu below it: opened by click, Enter or arrow down, walked by arrows, left by Escape. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

export interface Entry {
  label: string;
  /** What stands behind it in small letters. */
  hint?: string | undefined;
  checked?: boolean;
  run(): void;
}

interface Props {
  label: string;
  /** Longer than what the button shows. */
  title?: string;
  kind: string;
  entries: readonly (Entry | undefined)[];
  onOpen?: () => void;
  note?: ComponentChildren;
  children: ComponentChildren;
}

export function Menu({ label, kind, entries, onOpen, note, children }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const items = (): HTMLElement[] => [...(box.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
  const shown = entries.filter((entry) => entry !== undefined);

  // At once, or the next key would still be the button’s.
  useLayoutEffect(() => {
    if (open) items()[0]?.focus();
  }, [open]);

  const close = (): void => {
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };
  const show = (): void => {
    onOpen?.();
    setOpen(true);
  };
  const keys = (event: KeyboardEvent): void => {
    if (!open) {
      if (event.key === "ArrowDown") {
        event.preventDefault();
        show();
      }
      return;
    }
    const all = items();
    const now = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[to % all.length]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.stopPropagation();
      close();
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the button and the items inside.
    <div
      class="menu"
      ref={box}
      onKeyDown={keys}
      onFocusOut={(event) => {
        if (open && !box.current?.contains(event.relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <button
        type="button"
        class={kind}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => (open ? close() : show())}
      >
        {children}
      </button>
      {open && (
        <div class="menu-list">
          {note && <p class="quiet small-text">{note}</p>}
          <div role="menu" id={id} aria-label={label}>
            {shown.map(({ label: words, hint, checked, run }) => (
              <button
                key={words}
                type="button"
                {...(checked === undefined ? { role: "menuitem" } : { role: "menuitemradio", "aria-checked": checked })}
                tabIndex={-1}
                onClick={() => {
                  close();
                  run();
                }}
              >
                <span>{words}</span>
                {hint !== undefined && <span class="quiet small-text">{hint}</span>}
              </button>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
