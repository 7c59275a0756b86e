// The smallest host: a venue inside a server of one's own, every part wired by hand.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { createGateway, keyAuthenticator, toNodeListener } from "@pincex/gateway";
import { migrate, pgliteDialect, readTrialBalance } from "@pincex/ledger/sql";
import { MarketData } from "@pincex/market-data";
import { encodeVenueCommand, listing, openVenue, type VenueCommand } from "@pincex/venue";
import { openFileJournal } from "@pincex/venue/node";
import { ledgerProjection } from "@pincex/venue/projection";
import { Views } from "@pincex/venue/views";
import { Kysely } from "kysely";

// The journal is the only copy of the money; SQL is a copy of it. Yours is a PostgreSQL: postgresDialect(pool).
const folder = mkdtempSync(join(tmpdir(), "embedded-venue-"));
const journal = await openFileJournal({ directory: join(folder, "journal") });
const sql = new Kysely<unknown>({ dialect: pgliteDialect(await PGlite.create()) });
await migrate(sql);

// Views and market data follow in memory, current at every acknowledgement.
const views = new Views();
const marketData = new MarketData();
const followers = { views: [views, marketData], projections: [ledgerProjection(sql)] };
const venue = await openVenue({ journal, ...followers, clock: Date.now });
const submit = (command: VenueCommand) => venue.submit(encodeVenueCommand(command));

// A market, two accounts, and money: 2 BTC for the seller, 100,000 USDT for the buyer, in smallest units.
const base = { asset: 1, code: "BTC", decimals: 8 };
const quote = { asset: 2, code: "USDT", decimals: 8 };
await submit({ kind: "add_asset", ...base });
await submit({ kind: "add_asset", ...quote });
const sizes = { tickSize: "0.01", lotSize: "0.00001", maxPrice: "1000000" };
const market = listing({ market: 1, base, quote, ...sizes });
if (!market.ok) throw new RangeError(market.rule);
await submit(market.command);
const [seller, buyer] = [11, 12];
await submit({ kind: "open_account", account: seller, name: "customer-11" });
await submit({ kind: "open_account", account: buyer, name: "customer-12" });
const deposit = { kind: "credit_deposit", reference: "wire" } as const;
await submit({ ...deposit, account: seller, asset: 1, amount: 2_00000000n });
await submit({ ...deposit, account: buyer, asset: 2, amount: 100_000_00000000n });

// The API, in a plain node:http server. Who is asking is yours to know: one port, `Authenticator`.
const authenticator = keyAuthenticator([]);
const gateway = createGateway({ venue, views, marketData, authenticator, clock: Date.now });
const server = createServer(toNodeListener(gateway));
server.on("upgrade", (...upgrade) => gateway.handleUpgrade(...upgrade) || upgrade[1].destroy());
await new Promise<void>((resolve) => server.listen(0, resolve));

// The seller asks 60,000 for half a bitcoin; the buyer takes 0.2 of it.
const limit = { market: 1, type: "limit", timeInForce: "gtc", quoteQuantity: 0 } as const;
const order = { ...limit, price: 6_000_000 };
const place = { kind: "place_order", clientOrderId: "" } as const;
await submit({ ...place, account: seller, order: { ...order, side: "sell", quantity: 50_000 } });
await submit({ ...place, account: buyer, order: { ...order, side: "buy", quantity: 20_000 } });

const { port } = server.address() as AddressInfo;
const book = await fetch(`http://localhost:${port}/api/v3/depth?symbol=BTCUSDT`);
console.log("asks", JSON.stringify(((await book.json()) as { asks: unknown }).asks));
for (const { asset, balance } of views.balances(buyer)) console.log("buyer", asset, balance);
await venue.flushed();
console.log("SQL sums to", [...(await readTrialBalance(sql)).values()].join(" and "));

await gateway.close();
server.close();
await venue.stop();
await sql.destroy();
rmSync(folder, { recursive: true });
