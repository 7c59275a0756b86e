/** Takes away what stands on the line of a terminal. */
export const CLEAR_LINE = "\r\u001b[K";

const BAR_LENGTH = 30;

/** A bar on the line of a terminal, in place of the one before. `share` is from 0 to 1. */
export const progressBar = (share: number, text: string): string => {
  const filled = Math.floor(share * BAR_LENGTH);
  return `${CLEAR_LINE}${"█".repeat(filled)}${"░".repeat(BAR_LENGTH - filled)} ${text}`;
};
