/** The whole window takes a file. Anything else that is dropped is left alone. */
export function acceptDrops(open: (file: File) => void): void {
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
    const file = event.dataTransfer?.files[0];
    if (file) open(file);
  });
}
