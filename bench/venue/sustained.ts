import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresDialect } from "@pincex/ledger/sql";
import { encodeVenueCommand, openVenue, type Venue, type VenueCommand } from "@pincex/venue";
import { openFileJournal } from "@pincex/venue/node";
import { migrateVenue, venueProjection } from "@pincex/venue/projection";
import { Kysely, sql } from "kysely";
import pg from "pg";
import type { BenchOptions, Print } from "../figure.ts";
import { beginnings, median } from "./core.ts";

const SERVER = process.env["PINCEX_BENCH_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432";
const SCHEMA = "pincex_bench_sustained";
/** About what the projection writes in a second: commands are refused while more waits for it, so it never lags further. */
const QUEUE_BYTES = 12 << 20;
const CLIENTS = 512;

/**
 * Matches a second that are durable, settled, and rows in PostgreSQL, with clients in this process: as many as the projection
 * keeps up with, within a second. Beside it, in the same run, without rows of orders.
 */
export const sustained = async (print: Print, { short }: BenchOptions): Promise<void> => {
  const seconds = short ? 4 : 30;
  const runs = { orders: [] as Run[], none: [] as Run[] };
  for (let round = 0; round < (short ? 1 : 2); round += 1) {
    runs.orders.push(await measured(seconds, true));
    runs.none.push(await measured(seconds, false));
  }
  const ours = median(runs.orders.map(({ matchesPerSecond }) => matchesPerSecond));
  const theirs = median(runs.none.map(({ matchesPerSecond }) => matchesPerSecond));
  const lag = median(runs.orders.map(({ lagMs }) => lagMs));
  print({
    bench: "venue/sustained",
    ours: Math.round(ours),
    unit: "matches/s",
    peer: "the same without rows of orders",
    theirs: Math.round(theirs),
    ratio: Math.round((ours / theirs) * 100) / 100,
    note: `for ${seconds} s: fdatasync → match → settle → rows of entries, postings, balances, trades and orders in PostgreSQL, ${CLIENTS} clients in the process, ${Math.round(lag)} ms behind at the end`,
  });
};

interface Run {
  readonly matchesPerSecond: number;
  readonly lagMs: number;
}

const measured = async (seconds: number, orders: boolean): Promise<Run> => {
  const directory = await mkdtemp(join(tmpdir(), "pincex-bench-"));
  const db = new Kysely<unknown>({
    dialect: postgresDialect(new pg.Pool({ connectionString: SERVER })),
  });
  const drop = () => sql`drop schema if exists ${sql.id(SCHEMA)} cascade`.execute(db);
  await drop();
  await migrateVenue(db, { schema: SCHEMA });
  const venue = await openVenue({
    journal: await openFileJournal({ directory }),
    projections: [venueProjection(db, { schema: SCHEMA, orders })],
    projectionQueueBytes: QUEUE_BYTES,
    clock: Date.now,
  });
  try {
    for (const command of beginnings) await submitted(venue, encodeVenueCommand(command));
    await venue.flushed();
    return await matchesFor(venue, seconds);
  } finally {
    await venue.stop();
    await drop();
    await db.destroy();
    await rm(directory, { recursive: true });
  }
};

const matchesFor = async (venue: Venue, seconds: number): Promise<Run> => {
  const began = performance.now();
  let matches = 0;
  const client = async (index: number): Promise<void> => {
    // Two accounts and a price of their own: a sell that rests, and the buy that takes it.
    const [seller, buyer] = [1 + ((2 * index) % 1_000), 2 + ((2 * index) % 1_000)];
    const sell = encodeVenueCommand(order(seller, "sell", 400_000 + index));
    const buy = encodeVenueCommand(order(buyer, "buy", 400_000 + index));
    while (performance.now() - began < seconds * 1_000) {
      await submitted(venue, sell);
      await submitted(venue, buy);
      matches += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(index)));
  const stopped = performance.now();
  await venue.flushed();
  const ended = performance.now();
  return { matchesPerSecond: (matches / (ended - began)) * 1_000, lagMs: ended - stopped };
};

const order = (account: number, side: "buy" | "sell", price: number): VenueCommand => ({
  kind: "place_order",
  account,
  clientOrderId: "",
  order: {
    market: 1,
    side,
    type: "limit",
    timeInForce: "gtc",
    price,
    quantity: 3,
    quoteQuantity: 0,
  },
});

/** As a client does it: what is refused for overload is sent again after the time that the refusal says. */
const submitted = async (venue: Venue, record: Uint8Array): Promise<void> => {
  for (;;) {
    try {
      await venue.submit(record);
      return;
    } catch (error) {
      if (!(error instanceof Error && "retryAfterMs" in error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(Number(error.retryAfterMs), 50)));
    }
  }
};
