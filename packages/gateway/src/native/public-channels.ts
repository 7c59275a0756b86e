import type { CandleInterval } from "@pincex/market-data";
import type { MarketDirectory, MarketNumbers } from "../market-numbers.ts";
import type { StreamOffer } from "../streaming/running-streams.ts";
import type { StreamSource } from "../streaming/stream.ts";
import { auctionSource } from "./channels/auction-channel.ts";
import { conflatedBookSource, everyChangeSource } from "./channels/book-channel.ts";
import { candlesSource } from "./channels/candles-channel.ts";
import type { ChannelInputs } from "./channels/channel-inputs.ts";
import { level3Source } from "./channels/level3-channel.ts";
import { tickerSource } from "./channels/ticker-channel.ts";
import { tradesSource } from "./channels/trades-channel.ts";
import type { PublicChannelName } from "./message-schemas.ts";
import { Problem } from "./problem.ts";
import type { BOOK_PACES } from "./schemas.ts";

/** What a public channel is about. */
export interface PublicChannel {
  readonly channel: PublicChannelName;
  readonly numbers: MarketNumbers;
  /** Of candles. */
  readonly interval?: CandleInterval;
}

/** How long a book's changes are put together, in milliseconds. */
export type Conflation = (typeof BOOK_PACES)[number];

/** The public channels of the native API. */
export class PublicChannels {
  readonly #inputs: ChannelInputs;

  constructor(inputs: ChannelInputs) {
    this.#inputs = inputs;
  }

  offer(channel: PublicChannel, conflateMs: Conflation): StreamOffer {
    return {
      key: `${channelKey(channel)} ${conflateMs}`,
      head: headOf(channel),
      source: this.#sourceOf(channel, conflateMs),
    };
  }

  #sourceOf({ channel, numbers, interval }: PublicChannel, conflateMs: Conflation): StreamSource {
    const inputs = this.#inputs;
    switch (channel) {
      case "book":
        return conflateMs === 0
          ? everyChangeSource(numbers, inputs)
          : conflatedBookSource(numbers, conflateMs, inputs);
      case "trades":
        return tradesSource(numbers, inputs);
      case "candles":
        return candlesSource(numbers, interval ?? "1m", inputs);
      case "ticker":
        return tickerSource(numbers, inputs);
      case "auction":
        return auctionSource(numbers, inputs);
      case "level3":
        if (inputs.orderBooks === undefined) throw notPublished();
        return level3Source(numbers, inputs.orderBooks, inputs);
    }
  }
}

const notPublished = (): Problem =>
  new Problem(
    404,
    "channel_not_published",
    "channel",
    "The channel is one of those that this venue publishes.",
  );

const headOf = ({ channel, numbers, interval }: PublicChannel): object => ({
  channel,
  market: numbers.market.symbol,
  ...(interval === undefined ? {} : { interval }),
});

export const channelKey = ({ channel, numbers, interval }: PublicChannel): string =>
  [channel, numbers.market.symbol, interval ?? ""].join(" ");

/** The channel that a message names; undefined if there is no such market. */
export const channelOf = (
  markets: MarketDirectory,
  channel: PublicChannelName,
  symbol: string,
  interval: string | undefined,
): PublicChannel | undefined => {
  const numbers = markets.find(symbol);
  if (numbers === undefined) return undefined;
  return interval === undefined
    ? { channel, numbers }
    : { channel, numbers, interval: interval as CandleInterval };
};
