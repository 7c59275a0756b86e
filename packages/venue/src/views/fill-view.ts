import type { SideName } from "@pincex/engine";

/** One side of a trade, as its owner sees it. */
export interface FillView {
  readonly tradeId: number;
  readonly orderId: number;
  readonly account: number;
  readonly market: number;
  readonly side: SideName;
  /** Ticks. */
  readonly price: number;
  /** Lots. */
  readonly quantity: number;
  readonly isMaker: boolean;
  /** In smallest units of its asset; below zero for a rebate. */
  readonly fee: bigint;
  readonly feeAsset: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly sequence: number;
  /** Whether the trade was taken back. */
  readonly isBusted: boolean;
}
