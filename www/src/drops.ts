/** The whole window takes files. Anything else that is dropped is left alone. */
export function acceptDrops(open: (files: File[]) => void): void {
  const holdsFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  let depth = 0;
  const mark = (next: number): void => {
    depth = Math.max(0, next);
    document.body.classList.toggle("dropping", depth > 0);
  };
  addEventListener("dragenter", (event) => holdsFile(event) && mark(depth + 1));
  addEventListener("dragleave", (event) => holdsFile(event) && mark(depth - 1));
  addEventListener("dragover", (event) => holdsFile(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    mark(0);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) open(files);
  });
}
