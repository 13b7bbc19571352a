import type { ComponentChildren } from "preact";

/** Something wide that scrolls sideways inside the page; also by keyboard, so it can be focused and has a name. */
export function Scroller({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
