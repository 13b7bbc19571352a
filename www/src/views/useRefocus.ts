import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/**
 * A heading that takes the focus when what had it is gone after a change: whoever pressed a button that mended something and
 * went with it stays in place, also by keyboard and screen reader.
 */
export function useRefocus(change: unknown): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current && document.activeElement === document.body) heading.current?.focus();
    first.current = false;
  }, [change]);
  return heading;
}
