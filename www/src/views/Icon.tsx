/** The few pictograms of the page; always beside words or under a label. */

const PATHS = {
  lock: "M6 10V7a4 4 0 0 1 8 0v3M5 10h10v7H5z",
  open: "M4 16V4h5l2 2h5v10zM10 9v5M7.5 11.5 10 9l2.5 2.5",
  check: "m4 10 4 4 8-8",
  cross: "m5 5 10 10M15 5 5 15",
  arrow: "M4 10h11m-4-4 4 4-4 4",
  download: "M10 3v10m-4-4 4 4 4-4M4 17h12",
  plus: "M10 4v12M4 10h12",
  more: "M10 4v.01M10 10v.01M10 16v.01",
  up: "M10 16V4m-5 5 5-5 5 5",
  down: "M10 4v12m-5-5 5 5 5-5",
  undo: "M4 8h8a4 4 0 0 1 0 8H8M4 8l4-4M4 8l4 4",
  redo: "M16 8H8a4 4 0 0 0 0 8h4m4-8-4-4m4 4-4 4",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Four pieces of wood let into one another. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
      <path class="fill-1" d="M12 1 1 12h11z" />
      <path class="fill-2" d="M12 1v11h11z" />
      <path class="fill-4" d="M1 12l11 11V12z" />
      <path class="fill-3" d="M12 23l11-11H12z" />
    </svg>
  );
}
