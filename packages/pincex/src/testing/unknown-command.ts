import type { Journal } from "@pincex/venue";

/** Appends a command of a kind that no release knows; answers its sequence number. */
export const appendUnknownCommand = async (journal: Journal): Promise<number> => {
  const { epoch, sequence } = await journal.head();
  const payload = new Uint8Array(24);
  const view = new DataView(payload.buffer);
  view.setFloat64(0, Date.now() + 3_600_000, true);
  view.setUint32(8, 250 | (1 << 8) | (2 << 16), true);
  await journal.append({ epoch, firstSequence: sequence + 1, count: 1, payload });
  return sequence + 1;
};
