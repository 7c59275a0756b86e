import { recordLength, recordViews } from "@pincex/engine";
import { LedgerProjection, migrate, readBalances, readTrialBalance } from "@pincex/ledger/sql";
import fc from "fast-check";
import { type Dialect, Kysely, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { VenueCommand } from "../commands/venue-command.ts";
import { migrateVenue } from "../projection/migrate-venue.ts";
import type { Projection } from "../projection/projection.ts";
import {
  readPlacedOrders,
  readTrades,
  readWithdrawals,
  type SqlOrder,
} from "../projection/read-history.ts";
import { ledgerProjection, venueProjection } from "../projection/venue-projection.ts";
import type { OrderView } from "../views/order-view.ts";
import { Views } from "../views/views.ts";
import { beginningsByNewestRules, flowByNewestRules, OPENING, THAWING } from "./command-flow.ts";
import { CoreUnderTest } from "./core-under-test.ts";

/** Commands long enough to trade, the same each time. */
const flow: VenueCommand[] = [
  ...beginningsByNewestRules,
  ...fc
    .sample(flowByNewestRules, { numRuns: 20, seed: 49 })
    .flatMap((part) => [OPENING, ...THAWING, ...part]),
];

/** Applies the commands, and gives the events of each. */
const eventsOf = (venue: CoreUnderTest): Uint8Array[] =>
  flow.map((command) => venue.bytesOf(command));

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** Applies batches of so many commands to the projection, from command `first` on. */
const project = async (
  projection: Projection,
  events: readonly Uint8Array[],
  size: number,
  first = 1,
): Promise<void> => {
  for (let from = first; from <= events.length; from += size) {
    const batch = events.slice(from - 1, from - 1 + size);
    await projection.apply(joined(batch), from, from + batch.length - 1);
  }
};

/** What must hold of the venue's books in SQL, whichever database it is. */
export const describeLedgerProjection = (database: string, open: () => Promise<Dialect>): void => {
  describe(`a venue's books in ${database}`, () => {
    let db: Kysely<unknown>;
    let schemas = 0;
    const venue = new CoreUnderTest();
    const events = eventsOf(venue);

    beforeAll(async () => {
      db = new Kysely<unknown>({ dialect: await open() });
    });
    afterAll(async () => {
      await db.destroy();
    });

    const fresh = async (): Promise<{ schema: string }> => {
      schemas += 1;
      const options = { schema: `venue_${schemas}` };
      await migrate(db, options);
      return options;
    };

    const expectSameAsCore = async (options: { schema: string }): Promise<void> => {
      const { books } = venue.core;
      const shown = await readBalances(db, options);
      expect(shown.map(({ account, balance, held }) => ({ account, balance, held }))).toEqual(
        Array.from(books.accounts(), ({ account }) => ({
          account,
          balance: books.balance(account),
          held: books.held(account),
        })),
      );
      const entries = await sql<{ count: string }>`
        select count(*)::text as count from ${sql.table(`${options.schema}.entry`)}`.execute(db);
      expect(Number(entries.rows[0]?.count)).toBe(books.nextEntry - 1);
      for (const sum of (await readTrialBalance(db, options)).values()) expect(sum).toBe(0n);
    };

    test("the flow trades, and is in many commands", () => {
      expect(venue.core.engine.nextTradeId).toBeGreaterThan(20);
      const views = recordViews(joined(events));
      expect(recordLength(views, 0)).toBe(24);
    });

    test.each([1, 7, 1_000])("are those of the core, in batches of %i", async (size) => {
      const options = await fresh();
      const projection = ledgerProjection(db, options);
      expect(await projection.position()).toBe(0);
      await project(projection, events, size);
      expect(await projection.position()).toBe(events.length);
      await expectSameAsCore(options);
    });

    test("are made ready once each, where a batch is foreseen as the one before is given", async () => {
      const options = await fresh();
      const projection = ledgerProjection(db, options);
      await projection.position();
      const made = vi.spyOn(LedgerProjection.prototype, "prepare");
      const size = Math.ceil(events.length / 4);
      const batches = [0, 1, 2, 3].map((index) => {
        const part = events.slice(index * size, (index + 1) * size);
        const first = index * size + 1;
        return [joined(part), first, first + part.length - 1] as const;
      });
      for (const [index, batch] of batches.entries()) {
        const written = projection.apply(...batch);
        const next = batches[index + 1];
        if (next !== undefined) projection.prepare?.(...next);
        await written;
      }
      expect(made).toHaveBeenCalledTimes(batches.length);
      made.mockRestore();
      await expectSameAsCore(options);
    });

    test("have each command once, where batches are applied again and overlap", async () => {
      const options = await fresh();
      await project(ledgerProjection(db, options), events.slice(0, 100), 10);
      const afterCrash = ledgerProjection(db, options);
      await project(afterCrash, events, 30, 81);
      await afterCrash.apply(joined(events.slice(0, 50)), 1, 50);
      await expectSameAsCore(options);
    });

    test("leave no gap", async () => {
      const projection = ledgerProjection(db, await fresh());
      await expect(projection.apply(joined(events.slice(5, 6)), 6, 6)).rejects.toThrow(RangeError);
    });

    test("are not written by two", async () => {
      const options = await fresh();
      const [one, other] = [ledgerProjection(db, options), ledgerProjection(db, options)];
      await Promise.all([one.position(), other.position()]);
      await project(one, events.slice(0, 10), 10);
      await expect(project(other, events.slice(0, 10), 10)).rejects.toThrow("position");
      await project(other, events, 1_000, 1);
      await expectSameAsCore(options);
    });
  });

  describe(`a venue's orders, trades and withdrawals in ${database}`, () => {
    let db: Kysely<unknown>;
    let schemas = 0;
    const venue = new CoreUnderTest();
    const events = eventsOf(venue);
    const views = new Views();
    for (const bytes of events) views.apply(recordViews(bytes), 0, bytes.length);

    beforeAll(async () => {
      db = new Kysely<unknown>({ dialect: await open() });
    });
    afterAll(async () => {
      await db.destroy();
    });

    const fresh = async (): Promise<{ schema: string }> => {
      schemas += 1;
      const options = { schema: `history_${schemas}` };
      await migrateVenue(db, options);
      return options;
    };

    const expectSameAsViews = async (options: { schema: string }): Promise<void> => {
      for (const account of [1, 2, 3]) {
        const placed = await readPlacedOrders(db, account, { ...options, limit: 1_000 });
        const shown = views.orders(account, { limit: 1_000 }).reverse();
        expect(placed.map(comparable)).toEqual(shown.map((order) => comparable(inSql(order))));
        const withdrawals = views.withdrawals(account).reverse();
        expect(await readWithdrawals(db, account, options)).toEqual(withdrawals);
        expect(await fillsInSql(account, options)).toEqual(fillsInViews(account));
      }
    };

    const inSql = (order: OrderView): SqlOrder => {
      const { state: _, workingAt: __, contingency: ___, clientListId: ____, ...rest } = order;
      return rest;
    };

    /** That a pegged order follows a price is no change of its row. */
    const comparable = ({ updatedAt, sequence, ...order }: SqlOrder): object =>
      order.conditions?.peg === undefined ? { updatedAt, sequence, ...order } : order;

    /** Of a trade with itself, an account has two. */
    const fillsInViews = (account: number): string[] =>
      views
        .fills(account, { limit: 1_000 })
        .map(({ tradeId, price, quantity, isMaker, fee, feeAsset, orderId, isBusted }) =>
          [tradeId, price, quantity, isMaker, fee, feeAsset, orderId, isBusted].join(" "),
        )
        .sort();

    const fillsInSql = async (account: number, options: { schema: string }): Promise<string[]> => {
      const trades = await readTrades(db, account, { ...options, limit: 1_000 });
      const lines = trades.flatMap(({ tradeId, price, quantity, bustedBy, ...trade }) => {
        const { makerFee, makerFeeAsset, makerOrder, takerFee, takerFeeAsset, takerOrder } = trade;
        const made = [
          tradeId,
          price,
          quantity,
          true,
          makerFee,
          makerFeeAsset,
          makerOrder,
          bustedBy > 0,
        ];
        const took = [
          tradeId,
          price,
          quantity,
          false,
          takerFee,
          takerFeeAsset,
          takerOrder,
          bustedBy > 0,
        ];
        return [
          ...(trade.makerAccount === account ? [made.join(" ")] : []),
          ...(trade.takerAccount === account ? [took.join(" ")] : []),
        ];
      });
      return lines.sort();
    };

    test.each([1, 7, 1_000])("are those of the views, in batches of %i", async (size) => {
      const options = await fresh();
      await project(venueProjection(db, options), events, size);
      await expectSameAsViews(options);
    });

    test("are there once, where batches are applied again and overlap", async () => {
      const options = await fresh();
      await project(venueProjection(db, options), events.slice(0, 100), 10);
      const afterCrash = venueProjection(db, options);
      await project(afterCrash, events, 30, 81);
      await afterCrash.apply(joined(events.slice(0, 50)), 1, 50);
      await expectSameAsViews(options);
    });

    test("are read in pages that new rows don't move", async () => {
      const options = await fresh();
      const projection = venueProjection(db, options);
      await project(projection, events.slice(0, 300), 100);
      const page = { ...options, limit: 3 };
      const first = await readPlacedOrders(db, 1, page);
      await project(projection, events, 100, 301);
      const second = await readPlacedOrders(db, 1, { ...page, before: first.at(-1)?.orderId ?? 0 });
      const all = views.orders(1, { limit: 1_000 }).map(({ orderId }) => orderId);
      const ids = [...first, ...second].map(({ orderId }) => orderId);
      const from = all.indexOf(ids.at(-1) ?? 0);
      expect(ids.reverse()).toEqual(all.slice(from, from + 6));
    });

    test("begin where a database that had the books alone is migrated", async () => {
      schemas += 1;
      const options = { schema: `history_${schemas}` };
      await migrate(db, options);
      await project(ledgerProjection(db, options), events.slice(0, 200), 100);
      await migrateVenue(db, options);
      await project(venueProjection(db, options), events, 100, 201);
      const since = await sql<{ sequence: string }>`
        select sequence::text from ${sql.table(`${options.schema}.history_since`)}`.execute(db);
      expect(since.rows).toEqual([{ sequence: "200" }]);
      const placed = await readPlacedOrders(db, 1, { ...options, limit: 1_000 });
      const known = new Set(views.orders(1, { limit: 1_000 }).map(({ orderId }) => orderId));
      expect(placed.length).toBeGreaterThan(0);
      expect(placed.length).toBeLessThan(known.size);
      for (const order of placed) {
        const [shown] = views.orders(1, { fromOrderId: order.orderId, limit: 1 });
        expect({ ...shown, ...comparable(order) }).toEqual(shown);
      }
    });

    test("leave orders out where that is asked for", async () => {
      const options = await fresh();
      await project(venueProjection(db, { ...options, orders: false }), events, 100);
      expect(await readPlacedOrders(db, 1, options)).toEqual([]);
      expect((await readTrades(db, undefined, options)).length).toBe(venue.lastTradeId);
    });
  });
};
