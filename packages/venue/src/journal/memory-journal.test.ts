import { describeJournal } from "../testing/journal-conformance.ts";
import { type MemoryJournal, memoryJournal } from "./memory-journal.ts";

describeJournal("the journal in memory", async () => {
  let last: MemoryJournal | undefined;
  const open = async (): Promise<MemoryJournal> => {
    last = last?.reopen() ?? memoryJournal();
    return last;
  };
  return { open, takeOver: open };
});
