import { defineConfig } from "vitest/config";

/** These tests run on the packed tarball, installed into a folder of its own: what users get, and nothing else. */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    globalSetup: ["support/install.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
