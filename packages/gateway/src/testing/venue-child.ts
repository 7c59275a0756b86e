import { MarketData } from "@pincex/market-data";
import { openVenue } from "@pincex/venue";
import { openFileJournal } from "@pincex/venue/node";
import { redisPublisher, serveVenue } from "@pincex/venue/redis";
import { Views } from "@pincex/venue/views";
import { createClient } from "@redis/client";
import { setUpTestVenue } from "./test-exchange.ts";

// A process that runs the test venue for gateways in others, with its journal in a directory.
const [url = "", directory = ""] = process.argv.slice(2);
const redis = createClient({ url });
redis.on("error", () => undefined);
await redis.connect();
const views = [new Views(), new MarketData()];
const venue = await openVenue({
  journal: await openFileJournal({ directory, segmentBytes: 1 << 20 }),
  views,
  projections: [redisPublisher({ redis })],
  clock: Date.now,
});
if (venue.sequence === 0) await setUpTestVenue(venue);
await serveVenue({ redis, venue, views });
process.stdout.write("the venue is open\n");
