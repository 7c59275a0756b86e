import type { TapeChange } from "@pincex/market-data";
import type { MarketNumbers } from "../../market-numbers.ts";
import { type StreamSource, type StreamUpdate, updates } from "../../streaming/stream.ts";
import type { PublicBody } from "../message-schemas.ts";
import { tradeMessage } from "../messages.ts";
import type { ChannelInputs } from "./channel-inputs.ts";

const SNAPSHOT_TRADES = 50;

/** Each trade, and again each one that was taken back. Numbered one by one. */
export const tradesSource = (
  numbers: MarketNumbers,
  { feeds, marketData, replay }: ChannelInputs,
): StreamSource => {
  const { market } = numbers.market;
  const update = ({ number, trade }: TapeChange): StreamUpdate => {
    const body: PublicBody<"trades">["update"] = { trades: [tradeMessage(numbers, trade)] };
    return { seq: number, body };
  };
  return {
    number: () => marketData.tradeChanges(market),
    start: (tell) => feeds.onTape(market, (change) => tell(update(change))),
    flush: () => {},
    snapshot: (): PublicBody<"trades">["snapshot"] => ({
      trades: marketData
        .trades(market, { limit: SNAPSHOT_TRADES })
        .map((trade) => tradeMessage(numbers, trade)),
    }),
    since: (seq) => {
      const changes = replay.tape(market, seq);
      return changes && updates(changes, update);
    },
  };
};
