/** A figure to take along: its numbers as CSV, its picture as SVG that needs nothing else, always light. */

/** Spreadsheets run cells that begin so as formulas. */
const FORMULA = /^[=+\-@\t\r]/;

export function csvOf(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    // What the page groups and spaces out is a plain number for a program.
    const text = String(value).replaceAll("\u00a0", " ").replaceAll("−", "-");
    const number = /^[+-]?[\d,]*\.?\d+$/.test(text) ? text.replaceAll(",", "").replace(/^\+/, "") : undefined;
    const safe = number ?? (FORMULA.test(text) ? `'${text}` : text);
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** What a picture takes from the page's style sheets. */
const STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "paint-order",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
];

/** The picture by itself: every style written into it, on a white ground, with the title it has on the page. */
export function svgOf(picture: SVGSVGElement, title: string): string {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const place = picture.parentElement as HTMLElement;
  copy.style.setProperty("color-scheme", "light");
  copy.style.setProperty("position", "absolute");
  copy.style.setProperty("visibility", "hidden");
  place.append(copy);
  for (const element of copy.querySelectorAll<SVGElement>("*")) {
    const style = getComputedStyle(element);
    for (const name of STYLES) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute("class");
  }
  copy.remove();
  copy.removeAttribute("style");
  copy.removeAttribute("aria-hidden");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const { x, y, width, height } = copy.viewBox.baseVal;
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ x, y, width, height, fill: "#ffffff" }))
    ground.setAttribute(name, String(value));
  const words = document.createElementNS("http://www.w3.org/2000/svg", "title");
  words.textContent = title;
  copy.prepend(words, ground);
  return new XMLSerializer().serializeToString(copy);
}
