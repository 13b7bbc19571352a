import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** The width a chart may use, in CSS pixels, so that its text keeps its size on every screen. */
export function useWidth<T extends Element>(first: number) {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width] as const;
}

/** Step 0 to 8 of the one-hue scale for a share of the largest value; the square root keeps small cells apart. */
export const heat = (value: number, largest: number): number =>
  value <= 0 || largest <= 0 ? 0 : Math.max(1, Math.round(Math.sqrt(value / largest) * 8));
