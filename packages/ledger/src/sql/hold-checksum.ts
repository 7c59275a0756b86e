import { crc32 } from "../proofs/entry-seal.ts";
import { ByteWriter, PROOF_PREFIX } from "../proofs/verify-entry.ts";
import type { SqlHold } from "./store-rows.ts";

const scratch = new ByteWriter();

/** A kind, a state, their lengths, three amounts and three numbers. */
const BYTES = 2 * (4 + 64) + 3 * 17 + 3 * 8;

/**
 * The CRC-32 of a hold as it stands, kept beside it. It proves nothing, as a row that changes all the time can't be in a sealed history, but who
 * changes the row by hand has to know of it.
 */
export const holdChecksum = (hold: SqlHold): number => {
  scratch.begin(PROOF_PREFIX.hold, BYTES);
  scratch.count(hold.id);
  scratch.count(hold.account);
  scratch.text(hold.kind);
  for (const amount of [hold.opened, hold.captured, hold.released]) scratch.amount(amount);
  scratch.text(hold.state);
  scratch.count(hold.expiresAt);
  const bytes = scratch.written();
  return crc32(bytes, 0, bytes.length);
};
