import { refusalNumber, type VenueRefusalCode } from "../refusals/venue-refusals.ts";

/** Why a command is not done. Nothing has changed when it is given. */
export interface CommandRefusal {
  /** From `REFUSALS`, or from the engine's `REJECTIONS`. */
  readonly number: number;
  readonly amounts?: { readonly needed: bigint; readonly available: bigint };
}

/** No balance reaches it, and no record holds more: with its fee, what an order of the largest market needs may be beyond. */
const WRITABLE_LIMIT = 1n << 127n;

export const refused = (code: VenueRefusalCode): CommandRefusal => ({
  number: refusalNumber(code),
});

export const refusedWith = (
  code: VenueRefusalCode,
  needed: bigint,
  available: bigint,
): CommandRefusal => ({
  number: refusalNumber(code),
  amounts: { needed: needed < WRITABLE_LIMIT ? needed : WRITABLE_LIMIT - 1n, available },
});

export const refusedForBalance = (needed: bigint, available: bigint): CommandRefusal =>
  refusedWith("balance_below_hold", needed, available);
