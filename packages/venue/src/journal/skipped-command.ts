import type { JournalHead, SkippedCommand } from "./journal.ts";

/** Throws a `RangeError` unless it names a command of the journal. */
export const assertSkippable = ({ sequence }: SkippedCommand, head: JournalHead): void => {
  if (Number.isSafeInteger(sequence) && sequence >= 1 && sequence <= head.sequence) return;
  throw new RangeError(`expected a command from 1 to ${head.sequence} to skip, was ${sequence}`);
};

/** The list with one more, by sequence; the same list if the command is there. */
export const withSkipped = (
  list: readonly SkippedCommand[],
  command: SkippedCommand,
): readonly SkippedCommand[] => {
  if (list.some(({ sequence }) => sequence === command.sequence)) return list;
  return [...list, command].sort((one, other) => one.sequence - other.sequence);
};
