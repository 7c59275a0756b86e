import type { Reporter, TestModule } from "vitest/node";

/** Closes every run with one line that a machine can read: `N passed, N failed`. */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string): number => states.filter((each) => each === state).length;
    // A module that could not be loaded has no tests that could fail.
    const unloaded = modules.filter((module) => module.errors().length > 0).length;
    const failed = count("failed") + unloaded + unhandledErrors.length;
    const skipped = count("skipped") + count("pending");
    const skippedToo = skipped > 0 ? `, ${skipped} skipped` : "";
    process.stdout.write(`\n${count("passed")} passed, ${failed} failed${skippedToo}\n`);
  }
}
