import type { MarketNumbers } from "../../market-numbers.ts";
import type { StreamSource, StreamUpdate } from "../../streaming/stream.ts";
import type { PublicBody } from "../message-schemas.ts";
import { tickerMessage } from "../messages.ts";
import type { ChannelInputs } from "./channel-inputs.ts";

/** The last 24 hours, numbered by all that changed its book or its trades. Each message stands for those before it. */
export const tickerSource = (
  numbers: MarketNumbers,
  { feeds, marketData }: ChannelInputs,
): StreamSource => {
  const { market } = numbers.market;
  const number = (): number =>
    marketData.bestQuotes(market).updateId + marketData.tradeChanges(market);
  const body = (): PublicBody<"ticker">["update"] => ({
    ticker: tickerMessage(numbers, marketData.ticker(market)),
  });
  const present = (): StreamUpdate => ({ seq: number(), body: body() });
  let told = number();
  let tellMore = (): void => {};
  return {
    number,
    start: (tell) => {
      told = number();
      tellMore = () => {
        if (number() === told) return;
        told = number();
        tell(present());
      };
      return feeds.onTicker(market, tellMore);
    },
    flush: () => tellMore(),
    snapshot: body,
    since: (seq) => (seq === number() ? [] : [present()]),
  };
};
