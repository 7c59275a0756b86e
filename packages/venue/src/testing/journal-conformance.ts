import { describe, test } from "vitest";
import { type JournalUnderTest, journalConformance } from "../journal/journal-conformance.ts";

/** What every implementation of `Journal` must do. */
export const describeJournal = (name: string, fresh: () => Promise<JournalUnderTest>): void => {
  describe(`${name} keeps the law of a journal`, () => {
    for (const { name: law, run } of journalConformance(fresh)) test(law, run);
  });
};
