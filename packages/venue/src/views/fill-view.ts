import { Side, type SideName, sideName } from "@pincex/engine";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

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

export const writeFill = (writer: FieldWriter, fill: FillView): void => {
  writer.row(fill.tradeId, fill.orderId, fill.account, fill.market, Side[fill.side]);
  writer.row(fill.price, fill.quantity, fill.isMaker ? 1 : 0);
  writer.row(fill.fee, fill.feeAsset, fill.at, fill.sequence, fill.isBusted ? 1 : 0);
};

export const readFill = (reader: FieldReader): FillView => ({
  tradeId: reader.number(),
  orderId: reader.number(),
  account: reader.number(),
  market: reader.number(),
  side: sideName(reader.number()),
  price: reader.number(),
  quantity: reader.number(),
  isMaker: reader.number() === 1,
  fee: reader.amount(),
  feeAsset: reader.number(),
  at: reader.number(),
  sequence: reader.number(),
  isBusted: reader.flag(),
});
