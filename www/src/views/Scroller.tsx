import type { ComponentChildren } from "preact";

/** Something wide that scrolls sideways inside the page; also by keyboard, so it can be focused and has a name. */
export function Scroller({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
