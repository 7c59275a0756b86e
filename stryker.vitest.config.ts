import { basename } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The tests that judge mutants of the matching code, in the order in which they are asked: those that know at once first. */
const JUDGES = [
  "matching-rules.test.ts",
  "matching.test.ts",
  "plain-trading.test.ts",
  "taking.test.ts",
  "engine.test.ts",
  "engine.allocation.test.ts",
  "call-auction.test.ts",
  "uncrossing-price.test.ts",
  "share-out.test.ts",
  "protection.test.ts",
  "share-out.properties.test.ts",
  "trailing-queue.properties.test.ts",
  "engine.properties.test.ts",
  "engine.conditions.properties.test.ts",
];

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => JUDGES.indexOf(basename(moduleId));
    return [...files].sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  ssr: { resolve: { conditions: ["@pincex/source"] } },
  test: {
    include: JUDGES.map((name) => `packages/engine/src/**/${name}`),
    // A mutant is judged in a third of a second; a fresh thread for each file would take a second more.
    isolate: false,
    fileParallelism: false,
    env: { PINCEX_ENGINE_FLOWS: "4" },
    setupFiles: ["scripts/settled-chance.ts"],
    sequence: { sequencer: InOrder },
  },
});
