import { createClient } from "@redis/client";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import { consume } from "../bus/consume.ts";
import { venueProjection } from "../projection/venue-projection.ts";
import { redisBus } from "../redis/redis-bus.ts";

// A process to be killed: keeps a venue in SQL that runs in another process, and says each position that it has written.
const [redisUrl = "", databaseUrl = "", schema = ""] = process.argv.slice(2);
const redis = createClient({ url: redisUrl, socket: { reconnectStrategy: 20 } });
redis.on("error", () => undefined);
await redis.connect();
const pool = new Pool({ connectionString: databaseUrl, max: 2 });
const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
const projection = venueProjection(db, { schema });
const consumption = await consume({ bus: redisBus({ redis }), projection });
process.stdout.write(`${consumption.position}\n`);
for (;;) {
  await consumption.reached(consumption.position + 1);
  process.stdout.write(`${consumption.position}\n`);
}
