import type { MarketData, OrderBooks } from "@pincex/market-data";
import type { PublicFeeds } from "../../streaming/public-feeds.ts";
import type { ReplayWindow } from "../../streaming/replay-window.ts";

/** What public channels are made of. */
export interface ChannelInputs {
  readonly feeds: PublicFeeds;
  readonly marketData: MarketData;
  readonly replay: ReplayWindow;
  /** Where the venue shows its books order by order. */
  readonly orderBooks: OrderBooks | undefined;
}
