import { defineConfig } from "vitest/config";

/** These tests run on the packed tarball, installed into a folder of its own: what users get, and nothing else. */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    globalSetup: ["support/install.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    // Some promises go by the clock, and a machine may stand still for a moment: what fails twice has failed. Vitest names
    // what passed at the second attempt only (“retry x1”).
    retry: 1,
  },
});
