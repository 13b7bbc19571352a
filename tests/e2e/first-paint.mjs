// The first screen: there without JavaScript, and free of anything the policy would refuse.
import assert from "node:assert/strict";
import { visit } from "./visit.mjs";

export default () => ({
  "reads without JavaScript": async ({ browser, address }) => {
    const { page } = await visit(browser, address, { javaScriptEnabled: false, locked: false });
    assert.match(await page.textContent("h1"), /segments/);
    assert.match(await page.textContent("main"), /Your file stays on this computer/);
    assert.equal(await page.locator("main svg[role=img]").count(), 2, "the grid and the curve of the sample");
    assert.ok(await page.locator("text=Try with sample data").isVisible());
    assert.ok(await page.locator("noscript p").isVisible());
  },

  "the built page names no other host and has no inline style or script": async ({ server }) => {
    const html = await (await fetch(server.origin)).text();
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
    for (const address of addresses) assert.ok(/^(\.\/|#|data:)/.test(address), address);
    assert.doesNotMatch(html, /\sstyle="/);
    assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)/);
    assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<script"), "the policy stands before any script");
  },

  "is the same before and after JavaScript takes over": async ({ browser, address }) => {
    const still = await visit(browser, address, { javaScriptEnabled: false, locked: false });
    const before = await still.page.textContent("main");
    const live = await visit(browser, address);
    assert.equal(await live.page.textContent("main"), before);
    assert.deepEqual(live.errors, []);
    assert.deepEqual(await live.violations(), []);
  },
});
