/** Of how many commands a bus keeps the events, unless it is told otherwise. */
export const COMMANDS_KEPT = 250_000;

/** Throws a `RangeError` unless it is a number of commands that can be kept. */
export const assertKeepCommands = (keepCommands: number): void => {
  if (Number.isSafeInteger(keepCommands) && keepCommands > 0) return;
  throw new RangeError(
    `expected keepCommands to be a whole number above zero, was ${keepCommands}`,
  );
};
