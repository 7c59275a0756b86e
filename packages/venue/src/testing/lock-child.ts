import { openFileJournal } from "../node/file-journal.ts";

// A process that tries to open the journal in a directory, says how that went, and keeps it open.
const [directory = ""] = process.argv.slice(2);
try {
  const journal = await openFileJournal({ directory, segmentBytes: 4096 });
  const { epoch } = await journal.head();
  process.stdout.write(`open ${epoch}\n`);
  setInterval(() => undefined, 1_000);
} catch (error) {
  const { code, pid } = error as { code: string; pid: number };
  process.stdout.write(`${code} ${pid}\n`);
}
