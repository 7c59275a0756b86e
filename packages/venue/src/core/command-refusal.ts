import { refusalNumber, type VenueRefusalCode } from "../refusals/venue-refusals.ts";

/** Why a command is not done. Nothing has changed when it is given. */
export interface CommandRefusal {
  /** From `REFUSALS`, or from the engine's `REJECTIONS`. */
  readonly number: number;
  readonly amounts?: { readonly needed: bigint; readonly available: bigint };
}

export const refused = (code: VenueRefusalCode): CommandRefusal => ({
  number: refusalNumber(code),
});

export const refusedForBalance = (needed: bigint, available: bigint): CommandRefusal => ({
  number: refusalNumber("balance_below_hold"),
  amounts: { needed, available },
});
