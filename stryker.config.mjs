// Which mutants of the engine are made, and who judges them: see docs/decisions/0017. `npm run test:mutation` runs it.
export default {
  mutate: [
    "packages/engine/src/matching.ts",
    "packages/engine/src/taking.ts",
    "packages/engine/src/plain-trading.ts",
    "packages/engine/src/phases/call-auction.ts",
    "packages/engine/src/phases/uncrossing-price.ts",
    "packages/engine/src/allocation/share-out.ts",
    "packages/engine/src/pegs/pegged-orders.ts",
    "packages/engine/src/triggers/all-or-none-orders.ts",
    "packages/engine/src/triggers/trailing-orders.ts",
    "packages/engine/src/triggers/trailing-queue.ts",
  ],
  testRunner: "vitest",
  vitest: { configFile: "stryker.vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  concurrency: 1,
  // Long, for a machine that others use too: most mutants that loop for ever are found by counting, not by waiting.
  timeoutMS: 60_000,
  // All that the judges need, and nothing else, is copied for them.
  ignorePatterns: [
    "**",
    "!packages/engine/**",
    "!packages/*/tsconfig.json",
    "!scripts/*.ts",
    "!*.{ts,json}",
  ],
  disableTypeChecks: false,
  reporters: ["clear-text", "progress-append-only", "json"],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  allowConsoleColors: false,
};
