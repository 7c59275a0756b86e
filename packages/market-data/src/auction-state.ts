import type { PhaseName } from "@pincex/engine";
import type { IndicativePrice } from "./indicative-price.ts";

/** A market's phase, and what an auction would do while it collects orders for one. */
export interface AuctionState {
  readonly market: number;
  /** Counts the changes so far. */
  readonly number: number;
  readonly phase: PhaseName;
  /** Undefined where nothing was told of it in this phase. */
  readonly indicative: IndicativePrice | undefined;
}
