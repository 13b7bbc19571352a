/** Thin bars beside numbers. Their numbers always stand next to them in words, so they are hidden from screen readers. */

/** In, out and unknown of a rule, as parts of one line. */
export function CountsBar({
  inside,
  unknown,
  all,
  old,
}: {
  inside: number;
  unknown: number;
  all: number;
  old: boolean;
}) {
  const x = (value: number): number => (all > 0 ? (value / all) * 100 : 0);
  return (
    <svg
      class={`bar ${old ? "old" : ""}`}
      viewBox="0 0 100 8"
      width="100%"
      height="8"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="bar-out" x="0" y="0" width="100" height="8" />
      <rect class="bar-in" x="0" y="0" width={x(inside)} height="8" />
      <rect class="bar-unknown" x={x(inside)} y="0" width={x(unknown)} height="8" />
    </svg>
  );
}

/** A share of the whole in a segment's colour. */
export function ShareBar({ share, color }: { share: number; color: number }) {
  return (
    <svg class="bar" viewBox="0 0 100 6" width="100%" height="6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-out" x="0" y="0" width="100" height="6" />
      <rect class={`fill-${color}`} x="0" y="0" width={Math.max(0, Math.min(1, share)) * 100} height="6" />
    </svg>
  );
}
