import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway, keyAuthenticator, takeUpgrades, toNodeListener } from "@pincex/gateway";
import { MarketData } from "@pincex/market-data";
import { encodeVenueCommand, openVenue, type Venue, type View } from "@pincex/venue";
import { openFileJournal, openVenueInWorker } from "@pincex/venue/node";
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

/** Where journal and matching run: in the gateway's thread, or in one of their own. */
export type VenuePlace = "main" | "own";

const openBenchVenue = async (
  place: VenuePlace,
  directory: string,
  views: readonly View[],
): Promise<Venue> => {
  if (place === "main") {
    return openVenue({ journal: await openFileJournal({ directory }), views, clock: Date.now });
  }
  const program = new URL("./venue-worker.js", import.meta.url);
  return openVenueInWorker({ program, data: { directory }, views, execArgv: [] });
};

/** A venue whose journal is on disk before anything is answered, and its gateway in `node:http`. */
export const openDurableGateway = async (
  place: VenuePlace = "main",
): Promise<BenchServer & { readonly venue: Venue }> => {
  const directory = await mkdtemp(join(tmpdir(), "pincex-bench-"));
  const views = new Views();
  const marketData = new MarketData();
  const clock = Date.now;
  const venue = await openBenchVenue(place, directory, [views, marketData]);
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
