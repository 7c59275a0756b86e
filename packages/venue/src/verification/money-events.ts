import {
  decodeEvent,
  EventKind,
  type RecordWriter,
  recordKind,
  recordLength,
} from "@pincex/engine";
import { decodeEntry, LedgerRecordKind } from "@pincex/ledger";
import { invariant } from "../core/invariant.ts";
import { appliedSequence, appliedTime } from "../events/applied.ts";
import { VenueEventKind } from "../events/event-record.ts";
import { readTradeBusted } from "../events/trade-busted.ts";
import { readTradeSettled } from "../events/trade-settled.ts";
import type { ReplayedEntry } from "./entry-comparison.ts";
import type { ReplayedTrade } from "./trade-comparison.ts";

/** What moves money, among the events of a replay. */
export type MoneyEvent =
  | { readonly kind: "entry"; readonly sequence: number; readonly entry: ReplayedEntry }
  | { readonly kind: "trade"; readonly sequence: number; readonly trade: ReplayedTrade }
  | {
      readonly kind: "bust";
      readonly sequence: number;
      readonly trade: number;
      readonly entry: number;
    };

/** Only these are decoded: the others are many. */
export function* moneyEvents({ views, length }: RecordWriter): Generator<MoneyEvent> {
  let sequence = 0;
  let at = 0;
  let tradeOffset = 0;
  for (let offset = 0; offset < length; offset += recordLength(views, offset)) {
    switch (recordKind(views, offset)) {
      case VenueEventKind.applied:
        sequence = appliedSequence(views, offset);
        at = appliedTime(views, offset);
        break;
      case LedgerRecordKind.entry:
        yield { kind: "entry", sequence, entry: { ...decodeEntry(views, offset), sequence } };
        break;
      case EventKind.trade:
        tradeOffset = offset;
        break;
      case VenueEventKind.tradeSettled: {
        const trade = tradeRow(decodeEvent(views, tradeOffset), readTradeSettled(views, offset));
        yield { kind: "trade", sequence, trade: { ...trade, sequence, at } };
        break;
      }
      case VenueEventKind.tradeBusted: {
        const { tradeId, entry } = readTradeBusted(views, offset);
        yield { kind: "bust", sequence, trade: tradeId, entry };
        break;
      }
    }
  }
}

const tradeRow = (
  event: ReturnType<typeof decodeEvent>,
  settled: ReturnType<typeof readTradeSettled>,
): Omit<ReplayedTrade, "sequence" | "at"> => {
  invariant(event.kind === "trade", "a trade stands before its settlement");
  const { tradeId, market, price, quantity, takerSide, makerAccount, takerAccount } = event;
  const { entry, makerFee, makerFeeAsset, takerFee, takerFeeAsset } = settled;
  return {
    ...{ number: tradeId, market, price, quantity, takerSide, makerAccount, takerAccount },
    ...{ makerOrder: event.makerOrderId, takerOrder: event.takerOrderId },
    ...{ entry, makerFee, makerFeeAsset, takerFee, takerFeeAsset },
  };
};
