/**
 * How the page is built: one script, one style sheet, one engine, and the first screen already in the HTML.
 * The picture on that screen is drawn here, at build time, from the sample's own generator.
 */
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin, runnerImport } from "vite";
import { FIRST_POLICY } from "./src/policy.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What src/prerender.tsx offers. */
interface Prerender {
  picture(): unknown;
  firstPaint(picture: unknown): string;
}

async function prerender(): Promise<{ picture: string; html: string }> {
  const { module } = await runnerImport<Prerender>(here("src/prerender.tsx"), {
    configFile: false,
    root: here("."),
    logLevel: "error",
  });
  const picture = module.picture();
  return { picture: JSON.stringify(picture), html: module.firstPaint(picture) };
}

function firstPaint(html: string): Plugin {
  return {
    name: "first-paint",
    transformIndexHtml: {
      order: "pre",
      handler: (page, context) => {
        // Vite's development server writes inline styles, so the policy binds the built page only.
        const policy = context.server ? "" : `<meta http-equiv="Content-Security-Policy" content="${FIRST_POLICY}">`;
        return page.replace("<!-- policy -->", policy).replace("<!-- first paint -->", html);
      },
    },
  };
}

export default defineConfig(async () => {
  const { picture, html } = await prerender();
  return {
    root: here("."),
    base: "./",
    resolve: { alias: { marquetry: here("../dist/index.js") } },
    define: { SAMPLE_PICTURE: picture },
    plugins: [firstPaint(html)],
    build: {
      target: "es2022",
      cssTarget: ["chrome123", "firefox128", "safari17.5"],
      // Nothing inline: a data: address for the engine would be refused by the page's own policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      emptyOutDir: true,
    },
    test: { include: ["src/**/*.test.ts"] },
  };
});
