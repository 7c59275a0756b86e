import { createGateway, type Gateway, keyAuthenticator } from "@pincex/gateway";
import { MarketData } from "@pincex/market-data";
import {
  encodeVenueCommand,
  listing,
  memoryJournal,
  openVenue,
  type VenueCommand,
} from "@pincex/venue";
import { Views } from "@pincex/venue/views";

/** Ada's key at the venue below. */
export const ADA = { apiKey: "ada-key", secret: "ada-secret", account: 7, name: "ada" };

/** A venue in memory with one market, and Ada, who has 100,000 USDT; its gateway is mounted below `prefix`. */
export const openDemoVenue = async (
  prefix: string,
): Promise<{ readonly gateway: Gateway; close(): Promise<void> }> => {
  const views = new Views();
  const marketData = new MarketData();
  const clock = Date.now;
  const venue = await openVenue({ journal: memoryJournal(), views: [views, marketData], clock });
  const [base, quote] = [
    { asset: 1, code: "BTC", decimals: 8 },
    { asset: 2, code: "USDT", decimals: 8 },
  ];
  const sizes = { tickSize: "0.01", lotSize: "0.00001", maxPrice: "1000000" };
  const market = listing({ market: 1, base, quote, ...sizes });
  if (!market.ok) throw new RangeError(market.rule);
  const { account, name } = ADA;
  const commands: VenueCommand[] = [
    { kind: "add_asset", ...base },
    { kind: "add_asset", ...quote },
    market.command,
    { kind: "open_account", account, name },
    { kind: "credit_deposit", account, asset: 2, amount: 100_000_00000000n, reference: "wire" },
  ];
  for (const command of commands) await venue.submit(encodeVenueCommand(command));
  const authenticator = keyAuthenticator([ADA]);
  const gateway = createGateway({ venue, views, marketData, authenticator, clock, prefix });
  return {
    gateway,
    close: async () => {
      await gateway.close();
      await venue.stop();
    },
  };
};
