/** What a venue may rightly say when another has taken its place, or still has it. */
const REPLACED = new Set(["journal_head_moved", "journal_locked"]);

/** Whether an error comes from what the simulation did to the venue, and not from the venue. */
export const isFaultOfTheWorld = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if ("simulated" in error) return true;
  if ("code" in error && REPLACED.has(String(error.code))) return true;
  // A write that the database did late, after its connection broke: whoever asked where it stands finds it elsewhere.
  if (/^expected the projection \w+ at/.test(error.message)) return true;
  return isFaultOfTheWorld(error.cause);
};

/** What an error is called, in a word if it has one. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);
