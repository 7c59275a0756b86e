import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MarketData } from "@pincex/market-data";
import { remoteVenue } from "@pincex/venue/redis";
import { Views } from "@pincex/venue/views";
import { createClient } from "@redis/client";
import { createGateway } from "../gateway.ts";
import { toNodeListener } from "../hosts/node-listener.ts";
import { keyAuthenticator } from "../key-authenticator.ts";
import { redisLimitStore } from "../redis/index.ts";
import { ALICE, BOB } from "./test-exchange.ts";

// A process that serves clients of a venue in another process, and says on which port.
const [url = "", policies = "{}"] = process.argv.slice(2);
const redis = createClient({ url });
redis.on("error", () => undefined);
await redis.connect();
const views = new Views();
const marketData = new MarketData();
const venue = await remoteVenue({ redis, views: [views, marketData], patienceMs: 2_000 });
const authenticator = keyAuthenticator([ALICE, BOB]);
const limits = { ...JSON.parse(policies), store: redisLimitStore({ redis }) };
const gateway = createGateway({ venue, views, marketData, authenticator, clock: Date.now, limits });
const server = createServer(toNodeListener(gateway));
server.on("upgrade", (request, socket, head) => {
  if (!gateway.handleUpgrade(request, socket, head)) socket.destroy();
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`listening on port ${port}\n`);
});
