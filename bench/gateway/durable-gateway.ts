import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway, keyAuthenticator, takeUpgrades, toNodeListener } from "@pincex/gateway";
import { MarketData } from "@pincex/market-data";
import { encodeVenueCommand, openVenue, type Venue } from "@pincex/venue";
import { openFileJournal } from "@pincex/venue/node";
import { Views } from "@pincex/venue/views";
import { beginnings } from "../venue/core.ts";

/** Keys of the first accounts that the beginnings open. */
export const KEYS = Array.from({ length: 32 }, (_, index) => ({
  apiKey: `key-${index + 1}`,
  secret: `secret-${index + 1}`,
  account: index + 1,
  name: `account-${index + 1}`,
}));

/** A server in this process, on a port of its own. */
export interface BenchServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** A venue whose journal is on disk before anything is answered, and its gateway in `node:http`. */
export const openDurableGateway = async (): Promise<BenchServer & { readonly venue: Venue }> => {
  const directory = await mkdtemp(join(tmpdir(), "pincex-bench-"));
  const views = new Views();
  const marketData = new MarketData();
  const clock = Date.now;
  const journal = await openFileJournal({ directory });
  const venue = await openVenue({ journal, views: [views, marketData], clock });
  for (const command of beginnings) await venue.submit(encodeVenueCommand(command));
  const authenticator = keyAuthenticator(KEYS);
  const gateway = createGateway({ venue, views, marketData, authenticator, clock });
  const server = createServer(toNodeListener(gateway));
  takeUpgrades(server, gateway);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    venue,
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      await gateway.close();
      server.closeAllConnections();
      server.close();
      await venue.stop();
      await rm(directory, { recursive: true });
    },
  };
};
