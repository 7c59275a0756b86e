import { type OpenOrder, type RecordViews, RecordWriter, recordViews } from "@pincex/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OrderRequest } from "../commands/place-order.ts";
import {
  assertVenueCommand,
  encodeVenueCommand,
  type VenueCommand,
} from "../commands/venue-command.ts";
import type { Refused } from "../events/refused.ts";
import type { VenueEvent } from "../events/venue-event.ts";
import {
  beginnings,
  beginningsByNewestRules,
  commandFlow,
  flowByNewestRules,
  venueCommand,
} from "../testing/command-flow.ts";
import { BTC, CoreUnderTest, MARKET, only, USDT } from "../testing/core-under-test.ts";
import { givenAsset, ReferenceAccounts } from "../testing/reference-accounts.ts";
import type { OrderView } from "../views/order-view.ts";
import type { SlicedSnapshot } from "../views/view.ts";
import { Views } from "../views/views.ts";
import { VenueCore } from "./venue-core.ts";

const begun = (): CoreUnderTest => new CoreUnderTest(new VenueCore(), beginnings);

const everyCell = [1, 2, 3].flatMap((account) =>
  [BTC, USDT].map((asset) => [account, asset] as const),
);

describe("for any flow of commands", () => {
  test("every asset adds up to zero, holds are what open orders need, and no book is crossed", () => {
    fc.assert(
      fc.property(commandFlow, (flow) => {
        const venue = begun();
        for (const command of flow) {
          venue.do(command);
          venue.core.checkInvariants();
          venue.core.checkNext();
        }
      }),
    );
  });

  test.each([
    ["the first rules", beginnings, commandFlow],
    [
      "the newest rules, tiers, rebates and fees in quote",
      beginningsByNewestRules,
      flowByNewestRules,
    ],
  ])("balances, holds and fees are those of the reference, by %s", (_, begin, flows) => {
    fc.assert(
      fc.property(flows, (flow) => {
        const venue = new CoreUnderTest();
        const reference = new ReferenceAccounts();
        let busts = 0n;
        for (const command of [...begin, ...flow]) {
          const events = venue.do(command);
          reference.follow(command, events);
          busts += BigInt(only(events, "trade_busted").length);
          for (const [account, asset] of everyCell) {
            expect(venue.balance(account, asset)).toBe(reference.balance(account, asset));
            expect(venue.held(account, asset)).toBe(reference.held(account, asset));
          }
          for (const asset of [BTC, USDT]) {
            expect(venue.fees(asset)).toBe(reference.fees(asset));
            // Rebates come out of fees; a trade that is taken back may leave each of its orders' next fraction unpaid.
            expect(venue.fees(asset)).toBeGreaterThanOrEqual(-2n * busts);
          }
        }
        venue.core.checkInvariants();
      }),
    );
  });

  test("an order is refused for its funding exactly where the reference has less than its worst case", () => {
    fc.assert(
      fc.property(commandFlow, (flow) => {
        const venue = new CoreUnderTest();
        const reference = new ReferenceAccounts();
        for (const command of [...beginnings, ...flow]) {
          const funding = fundingOf(reference, command);
          const events = venue.do(command);
          const shown = events.map(fundingShownBy).filter((outcome) => outcome !== undefined);
          if (funding !== undefined) expect(new Set([funding, ...shown]).size).toBe(1);
          expect(only(events, "refused").every(isForLackOfMoney)).toBe(true);
          reference.follow(command, events);
        }
      }),
    );
  });

  test("a refused command leaves the state as it was", () => {
    fc.assert(
      fc.property(commandFlow, (flow) => {
        const venue = begun();
        // Time passes whatever comes of a command: here it does so in commands of its own.
        venue.do({ kind: "time" });
        for (const command of flow) {
          const before = venue.core.stateHash();
          const refused = only(venue.do(command), "refused").length;
          expect(refused).toBeLessThanOrEqual(1);
          if (refused === 1) expect(venue.core.stateHash()).toBe(before);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("the same commands give the same bytes and the same state", () => {
    fc.assert(
      fc.property(commandFlow, (flow) => {
        const [one, other] = [begun(), begun()];
        for (const command of flow) {
          expect(one.bytesOf(command)).toEqual(other.bytesOf(command));
        }
        expect(one.core.stateHash()).toBe(other.core.stateHash());
        expect(one.core.snapshot()).toEqual(other.core.snapshot());
      }),
      { numRuns: 50 },
    );
  });

  test("a core restored from a snapshot continues as the one that was saved", () => {
    fc.assert(
      fc.property(commandFlow, commandFlow, (before, after) => {
        const venue = begun();
        for (const command of before) venue.do(command);
        const restored = new CoreUnderTest(VenueCore.restore(venue.core.snapshot()));
        restored.core.checkInvariants();
        expect(restored.core.stateHash()).toBe(venue.core.stateHash());
        for (const command of after) {
          expect(restored.bytesOf(command)).toEqual(venue.bytesOf(command));
        }
        expect(restored.core.snapshot()).toEqual(venue.core.snapshot());
      }),
      { numRuns: 50 },
    );
  });

  test("a damaged command is no command, or is applied like any other", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(venueCommand, damage), { maxLength: 30 }), (flow) => {
        const venue = begun();
        for (const [command, changes] of flow) {
          const bytes = encodeVenueCommand(command);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const record = recordViews(bytes);
          if (!isCommand(record)) continue;
          venue.core.apply(venue.core.sequence + 1, venue.time, record, 0, new RecordWriter());
        }
        venue.core.checkInvariants();
      }),
    );
  });

  test("views show what the core says, also after a restart in the middle", () => {
    fc.assert(
      fc.property(commandFlow, fc.nat(), (flow, turn) => {
        const venue = new CoreUnderTest();
        const commands = [...beginnings, ...flow];
        const restart = turn % commands.length;
        let views = new Views();
        commands.forEach((command, index) => {
          if (index === restart) views = restarted(views);
          const events = venue.bytesOf(command);
          views.apply(recordViews(events), 0, events.length);
        });
        expectViewsOf(views, venue);
      }),
    );
  });

  test("a snapshot of the views that is written in slices while they follow on is that of when it was begun", () => {
    fc.assert(
      fc.property(commandFlow, fc.infiniteStream(fc.nat(9)), (flow, dice) => {
        for (const { sliced, atOnce } of begunAlong(flow, () => dice.next().value ?? 0)) {
          expect(sliced.finished()).toEqual(atOnce);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("a batch of commands shows the same as one after the other", () => {
    fc.assert(
      fc.property(commandFlow, (flow) => {
        const venue = new CoreUnderTest();
        const batch = new RecordWriter();
        const views = new Views();
        for (const command of [...beginnings, ...flow]) {
          const events = recordViews(venue.bytesOf(command));
          views.apply(events, 0, events.bytes.length);
          batch.append(events, 0, events.bytes.length);
        }
        const inOneGo = new Views();
        inOneGo.apply(batch.views, 0, batch.length);
        expect(inOneGo.snapshot()).toEqual(views.snapshot());
      }),
      { numRuns: 30 },
    );
  });
});

/** Snapshots of the same views that are under way, each with what it has to become. */
class SnapshotsInSlices {
  readonly views = new Views();
  readonly begun: { sliced: SlicedSnapshot; atOnce: Uint8Array; isWhole: boolean }[] = [];

  begin(): void {
    const sliced = this.views.beginSnapshot(1);
    this.begun.push({ sliced, atOnce: this.views.snapshot(), isWhole: false });
  }

  /** Writes a slice of some of them, and answers whether any is left. */
  slice(isChosen: () => boolean): boolean {
    for (const each of this.begun) {
      if (!each.isWhole && isChosen()) each.isWhole = !each.sliced.slice();
    }
    return this.begun.some(({ isWhole }) => !isWhole);
  }
}

/** Snapshots that were begun here and there along a flow, and written to their end. `roll` gives from 0 to 9. */
const begunAlong = (
  flow: readonly VenueCommand[],
  roll: () => number,
): SnapshotsInSlices["begun"] => {
  const venue = new CoreUnderTest();
  const snapshots = new SnapshotsInSlices();
  for (const command of [...beginnings, ...flow]) {
    if (roll() === 0) snapshots.begin();
    const events = venue.bytesOf(command);
    snapshots.views.apply(recordViews(events), 0, events.length);
    snapshots.slice(() => roll() < 5);
  }
  while (snapshots.slice(() => true));
  return snapshots.begun;
};

const isCommand = (record: RecordViews): boolean => {
  try {
    assertVenueCommand(record, 0);
    return true;
  } catch {
    return false;
  }
};

/** Undefined where the reference can't know. */
const fundingOf = (reference: ReferenceAccounts, command: VenueCommand): string | undefined => {
  if (command.kind !== "place_order") return undefined;
  const { order } = command;
  if (goesByPricesThere(order)) return undefined;
  const needed = reference.needed(command.account, order);
  if (needed === undefined) return "unbounded";
  const available = reference.available(command.account, givenAsset(order));
  return needed <= available ? "enough" : "too little";
};

/** Its limit is what the prices are when it comes in: the reference doesn't know them. */
const goesByPricesThere = ({ type, conditions = {} }: OrderRequest): boolean =>
  conditions.trigger === undefined &&
  (type === "market_to_limit" ||
    conditions.slippage !== undefined ||
    conditions.postOnly === "slide");

/** Where there are numbers. */
const isForLackOfMoney = ({ needed = 1n, available = 0n }: Refused): boolean => needed > available;

const fundingShownBy = (event: VenueEvent): string | undefined => {
  if (event.kind === "accepted") return "enough";
  if (event.kind !== "refused") return undefined;
  if (event.code === "balance_below_hold") return "too little";
  return event.code === "worst_case_unbounded" ? "unbounded" : undefined;
};

const restarted = (views: Views): Views => {
  const restored = new Views();
  restored.restore(views.snapshot());
  for (const account of [1, 2, 3]) {
    expect(restored.orders(account)).toEqual(views.orders(account));
    expect(restored.fills(account)).toEqual(views.fills(account));
    expect(restored.balances(account)).toEqual(views.balances(account));
  }
  expect(restored.markets()).toEqual(views.markets());
  return restored;
};

const expectViewsOf = (views: Views, venue: CoreUnderTest): void => {
  expect(views.sequence).toBe(venue.core.sequence);
  expect(views.market(MARKET)?.phase).toBe(venue.core.engine.phase(MARKET));
  const openInEngine = new Map(
    venue.core.engine.openOrders(MARKET).map((open) => [open.orderId, open]),
  );
  for (const account of [1, 2, 3]) {
    const shown = new Map(views.balances(account).map((balance) => [balance.asset, balance]));
    for (const asset of [BTC, USDT]) {
      expect(shown.get(asset)?.balance ?? 0n).toBe(venue.balance(account, asset));
      expect(shown.get(asset)?.held ?? 0n).toBe(venue.held(account, asset));
    }
    for (const order of views.openOrders(account)) {
      expectOpen(order, openInEngine.get(order.orderId));
    }
    const fills = views.fills(account, { limit: 1_000 });
    for (const order of views.orders(account)) {
      const own = fills.filter(({ orderId }) => orderId === order.orderId);
      const executed = own.reduce((sum, { quantity }) => sum + quantity, 0);
      expect(order.executedQuantity).toBe(executed);
      expect(views.order(account, { orderId: order.orderId })).toEqual(order);
    }
  }
  const open = [1, 2, 3].flatMap((account) => views.openOrders(account));
  expect(open.length).toBe(venue.core.engine.restingCount);
};

const expectOpen = (order: OrderView, open: OpenOrder | undefined): void => {
  const { account, orderId, side, type, timeInForce, listId, state } = order;
  expect(open).toMatchObject({ account, orderId, side, type, timeInForce, state });
  expect(open?.remaining).toBe(order.quantity - order.executedQuantity - order.preventedQuantity);
  // A pegged order's limit is not where it is.
  if (order.conditions?.peg === undefined) expect(open?.price).toBe(order.price);
  // The engine forgets lists that have ended.
  if (open?.listId !== 0) expect(listId).toBe(open?.listId);
};
