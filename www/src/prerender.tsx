/** The first screen as HTML and its picture as data; runs when the page is built, never in the browser. */
import { renderToString } from "preact-render-to-string";
import type { Actions } from "./actions.ts";
import { type Picture, picture } from "./sample/picture.ts";
import { App } from "./views/App.tsx";

export { picture };

export function firstPaint(drawn: Picture): string {
  // Nothing can be clicked in a string.
  const actions = new Proxy({}, { get: () => () => undefined }) as Actions;
  return renderToString(<App actions={actions} picture={drawn} />);
}
