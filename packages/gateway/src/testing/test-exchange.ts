import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MarketData } from "@pincex/market-data";
import {
  encodeVenueCommand,
  memoryJournal,
  openVenue,
  readEvents,
  type Venue,
  type VenueCommand,
} from "@pincex/venue";
import { Views } from "@pincex/venue/views";
import type { HmacKey } from "../api-key.ts";
import { createGateway, type Gateway, type GatewayOptions } from "../gateway.ts";
import { toNodeListener } from "../hosts/node-listener.ts";
import { keyAuthenticator } from "../key-authenticator.ts";

/** A venue in memory behind a gateway on a port of its own. */
export interface TestExchange {
  readonly venue: Venue;
  readonly views: Views;
  readonly marketData: MarketData;
  readonly gateway: Gateway;
  /** "http://127.0.0.1:<port>" and the mount prefix. */
  readonly http: string;
  readonly webSocket: string;
  stop(): Promise<void>;
}

export const ALICE: HmacKey = {
  apiKey: "alice-key",
  secret: "alice-secret",
  account: 1,
  name: "alice",
};
export const BOB: HmacKey = { apiKey: "bob-key", secret: "bob-secret", account: 2, name: "bob" };
/** Has a key that may only read. */
export const READER: HmacKey = {
  apiKey: "reader-key",
  secret: "reader-secret",
  account: 1,
  name: "reader",
  permissions: ["read"],
};

const BTC = 1;
const ETH = 2;
const USDT = 3;
const TEN_TO_18 = 10n ** 18n;

const LISTING: readonly VenueCommand[] = [
  { kind: "add_asset", asset: BTC, code: "BTC", decimals: 8 },
  { kind: "add_asset", asset: ETH, code: "ETH", decimals: 18 },
  { kind: "add_asset", asset: USDT, code: "USDT", decimals: 8 },
  {
    // Ticks of 0.01 USDT, lots of 0.00001 BTC, at least 5 USDT.
    kind: "list_market",
    market: 1,
    symbol: "BTC-USDT",
    base: BTC,
    quote: USDT,
    lotUnits: 1_000n,
    tickLotUnits: 10n,
    maxPrice: 100_000_000,
    maxQuantity: 90_000_000,
    priceIncrement: 1,
    quantityIncrement: 1,
    minQuantity: 1,
    minNotional: 50_000_000,
  },
  {
    // Ticks of 0.01 USDT, lots of 0.0001 ETH.
    kind: "list_market",
    market: 2,
    symbol: "ETH-USDT",
    base: ETH,
    quote: USDT,
    lotUnits: 10n ** 14n,
    tickLotUnits: 100n,
    maxPrice: 100_000_000,
    maxQuantity: 90_000_000,
    priceIncrement: 1,
    quantityIncrement: 1,
    minQuantity: 1,
    minNotional: 0,
  },
  { kind: "set_fees", market: 0, makerPpm: 1_000, takerPpm: 1_000 },
];

/** Alice and Bob with 10 BTC, 100 ETH and 1,000,000 USDT each; fees are 0.1 %. */
const fundedAccount = (account: number, name: string): VenueCommand[] => [
  { kind: "open_account", account, name },
  { kind: "credit_deposit", account, asset: BTC, amount: 10_00000000n, reference: "" },
  { kind: "credit_deposit", account, asset: ETH, amount: 100n * TEN_TO_18, reference: "" },
  { kind: "credit_deposit", account, asset: USDT, amount: 1_000_000_00000000n, reference: "" },
];

/** Lists the markets, and opens the accounts of Alice and Bob. */
export const setUpTestVenue = async (venue: Pick<Venue, "submit">): Promise<void> => {
  for (const command of [...LISTING, ...fundedAccount(1, "alice"), ...fundedAccount(2, "bob")]) {
    await mustSubmit(venue, command);
  }
};

/** Opens the venue, sets it up and serves it. */
export const openTestExchange = async (
  options: Partial<GatewayOptions> = {},
): Promise<TestExchange> => {
  const views = new Views();
  const marketData = new MarketData();
  const clock = options.clock ?? Date.now;
  const venue = await openVenue({ journal: memoryJournal(), views: [views, marketData], clock });
  await setUpTestVenue(venue);
  const gateway = createGateway({
    venue,
    views,
    marketData,
    clock,
    authenticator: keyAuthenticator([ALICE, BOB, READER]),
    ...options,
  });
  const server = createServer(toNodeListener(gateway));
  server.on("upgrade", (request, socket, head) => {
    if (!gateway.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}${options.prefix ?? ""}`;
  return {
    venue,
    views,
    marketData,
    gateway,
    http: `http://${host}`,
    webSocket: `ws://${host}`,
    stop: async () => {
      await gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await venue.stop();
    },
  };
};

/** Submits a command of the operator, who is not refused. */
const mustSubmit = async (venue: Pick<Venue, "submit">, command: VenueCommand): Promise<void> => {
  const { events } = await venue.submit(encodeVenueCommand(command));
  for (const event of readEvents(events)) {
    if (event.kind === "refused") throw new Error(`${command.kind}: ${event.code}`);
  }
};
