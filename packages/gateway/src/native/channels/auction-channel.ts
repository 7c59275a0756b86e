import type { AuctionState } from "@pincex/market-data";
import type { MarketNumbers } from "../../market-numbers.ts";
import type { StreamSource, StreamUpdate } from "../../streaming/stream.ts";
import type { PublicBody } from "../message-schemas.ts";
import { timeText } from "../messages.ts";
import type { ChannelInputs } from "./channel-inputs.ts";

type AuctionBody = PublicBody<"auction">["update"];

/** The market's phase, and what its auction would do. Each message stands for those before it. */
export const auctionSource = (
  numbers: MarketNumbers,
  { feeds, marketData }: ChannelInputs,
): StreamSource => {
  const { market } = numbers.market;
  const present = (): AuctionState => marketData.auction(market);
  const update = (state: AuctionState): StreamUpdate => ({
    seq: state.number,
    body: bodyOf(numbers, state),
  });
  return {
    number: () => present().number,
    start: (tell) => feeds.onAuction(market, (state) => tell(update(state))),
    flush: () => {},
    snapshot: () => bodyOf(numbers, present()),
    since: (seq) => (seq === present().number ? [] : [update(present())]),
  };
};

const bodyOf = (numbers: MarketNumbers, { phase, indicative }: AuctionState): AuctionBody => ({
  phase: phase === "open" ? "trading" : phase,
  indicative:
    indicative === undefined
      ? null
      : {
          price: indicative.price === 0 ? null : numbers.price(indicative.price),
          quantity: numbers.quantity(indicative.quantity),
          surplus: numbers.quantity(indicative.surplus),
          at: timeText(indicative.at),
        },
});
