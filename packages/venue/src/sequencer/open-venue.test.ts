import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeVenueCommand, type VenueCommand } from "../commands/venue-command.ts";
import { readEvents } from "../events/venue-event.ts";
import { memoryJournal } from "../journal/memory-journal.ts";
import { NEWEST_RULES } from "../rules/rules.ts";
import { memorySnapshots } from "../snapshots/memory-snapshots.ts";
import { beginnings, commandFlow } from "../testing/command-flow.ts";
import { listedMarket, MARKET, order, TICK_MS } from "../testing/core-under-test.ts";
import { HandClock } from "../testing/hand-clock.ts";
import { Views } from "../views/index.ts";
import { openVenue } from "./open-venue.ts";
import type { VenueNotice } from "./venue.ts";

const commands: readonly VenueCommand[] = [
  ...listedMarket,
  { kind: "open_account", account: 1, name: "ada" },
  { kind: "open_account", account: 2, name: "bob" },
  { kind: "credit_deposit", account: 1, asset: 1, amount: 10n ** 9n, reference: "" },
  { kind: "credit_deposit", account: 2, asset: 2, amount: 10n ** 12n, reference: "" },
  {
    kind: "place_order",
    account: 1,
    clientOrderId: "ask",
    order: order({ side: "sell", price: 5_000, quantity: 40 }),
  },
  {
    kind: "place_order",
    account: 2,
    clientOrderId: "bid",
    order: order({ side: "buy", price: 5_000, quantity: 25 }),
  },
];

/** What an account can see. */
const seenBy = (views: Views, account: number) => ({
  balances: views.balances(account),
  open: views.openOrders(account),
  fills: views.fills(account, {}),
});

test("a venue that is started again finds the same state and the same views, from a snapshot or from nothing", async () => {
  const kept = memoryJournal();
  const snapshots = memorySnapshots();
  const views = new Views();
  const venue = await openVenue({ journal: kept, snapshots, views: [views], clock: () => 1_000 });
  for (const command of commands) await venue.submit(encodeVenueCommand(command));
  const hash = venue.stateHash();
  await venue.stop();
  expect(views.fills(2, {}).map(({ quantity }) => quantity)).toEqual([25]);

  for (const start of [{ snapshots }, {}]) {
    const again = new Views();
    const restarted = await openVenue({
      journal: kept.reopen(),
      views: [again],
      clock: () => 0,
      ...start,
    });
    expect([restarted.sequence, restarted.stateHash()]).toEqual([commands.length, hash]);
    for (const account of [1, 2]) expect(seenBy(again, account)).toEqual(seenBy(views, account));
    await restarted.stop();
  }
});

test("a refused command is answered with its refusal, and bytes that are no command reject", async () => {
  const venue = await openVenue({ journal: memoryJournal(), clock: () => 1_000 });
  const opening = encodeVenueCommand({ kind: "open_account", account: 1, name: "ada" });
  await venue.submit(opening);
  const { events } = await venue.submit(opening);
  expect([...readEvents(events)].map(({ kind }) => kind)).toEqual(["applied", "refused"]);
  const cut = opening.slice(0, 16);
  await expect(venue.submit(cut)).rejects.toThrow(RangeError);
  expect(venue.sequence).toBe(2);
  await venue.stop();
});

test("whatever was asked of orders and markets, a start finds the same state, from a snapshot or from nothing", async () => {
  const run = async (flow: readonly VenueCommand[]): Promise<void> => {
    const kept = memoryJournal();
    const snapshots = memorySnapshots();
    const views = new Views();
    let now = 1_000;
    const options = { clock: () => now, timer: () => () => undefined };
    const shared = { snapshots, snapshotEvery: 7 };
    const venue = await openVenue({ journal: kept, views: [views], ...options, ...shared });
    for (const command of [...beginnings, ...flow]) {
      if (command.kind === "time") now += TICK_MS;
      await venue.submit(encodeVenueCommand(command));
    }
    const hash = venue.stateHash();
    for (const start of [{ snapshots }, {}]) {
      const again = new Views();
      const restarted = await openVenue({
        journal: kept.reopen(),
        views: [again],
        ...options,
        ...start,
      });
      expect(restarted.stateHash()).toBe(hash);
      expect(again.markets()).toEqual(views.markets());
      for (const account of [1, 2, 3])
        expect(seenBy(again, account)).toEqual(seenBy(views, account));
    }
  };
  await fc.assert(fc.asyncProperty(commandFlow, run), { numRuns: 20 });
});

test("an account that has gone silent has its orders cancelled when its time comes, also after a start", async () => {
  const kept = memoryJournal();
  const hand = new HandClock();
  const views = new Views();
  const { clock, timer } = hand;
  const venue = await openVenue({ journal: kept, views: [views], clock, timer });
  for (const command of commands) await venue.submit(encodeVenueCommand(command));
  const bid = (price: number, name: string): VenueCommand => ({
    kind: "place_order",
    account: 2,
    clientOrderId: name,
    order: order({ side: "buy", price, quantity: 1 }),
  });
  const silentAfter = (at: number): VenueCommand => ({
    kind: "order_command",
    account: 2,
    request: { kind: "cancel_all_after", at },
    clientOrderIds: [],
  });
  await venue.submit(encodeVenueCommand(bid(4_000, "one")));
  await venue.submit(encodeVenueCommand(silentAfter(2_000)));
  await venue.submit(encodeVenueCommand(silentAfter(3_000)));
  await hand.pass(1_999);
  expect(views.openOrders(2)).toHaveLength(1);
  await hand.pass(1);
  expect(views.openOrders(2)).toHaveLength(0);
  expect(views.order(2, { clientOrderId: "one" })).toMatchObject({
    status: "cancelled",
    updatedAt: 3_000,
  });
  expect(views.openOrders(1, MARKET)).toHaveLength(1);

  await venue.submit(encodeVenueCommand(bid(4_000, "two")));
  await venue.submit(encodeVenueCommand(silentAfter(4_000)));
  await venue.stop();
  const later = new HandClock();
  later.now = 9_000;
  const again = new Views();
  const restarted = await openVenue({
    journal: kept.reopen(),
    views: [again],
    clock: later.clock,
    timer: later.timer,
  });
  expect(again.openOrders(2)).toHaveLength(1);
  await later.pass(0);
  expect(again.openOrders(2)).toHaveLength(0);
  await restarted.stop();
});

test("raising the rules takes a snapshot, and a restart goes by them", async () => {
  const kept = memoryJournal();
  const snapshots = memorySnapshots();
  const saved: number[] = [];
  const options = {
    snapshots,
    clock: () => 1_000,
    onNotice: (notice: VenueNotice) => {
      if (notice.kind === "snapshot_saved") saved.push(notice.sequence);
    },
  };
  const venue = await openVenue({ journal: kept, ...options });
  for (const command of commands) await venue.submit(encodeVenueCommand(command));
  expect(saved).toEqual([]);
  await venue.submit(encodeVenueCommand({ kind: "raise_rules", rules: NEWEST_RULES }));
  await venue.submit(encodeVenueCommand({ kind: "time" }));
  expect(saved).toEqual([commands.length + 1]);

  const restarted = await openVenue({ journal: kept.reopen(), ...options });
  const again = await restarted.submit(
    encodeVenueCommand({ kind: "raise_rules", rules: NEWEST_RULES }),
  );
  expect([...readEvents(again.events)].at(-1)).toMatchObject({ code: "rules_not_higher" });
  await restarted.stop();
});

test("a command of rules that this release does not know is none", async () => {
  const venue = await openVenue({ journal: memoryJournal(), clock: () => 1_000 });
  const record = encodeVenueCommand({ kind: "raise_rules", rules: NEWEST_RULES });
  new Float64Array(record.buffer)[2] = NEWEST_RULES + 1;
  await expect(venue.submit(record)).rejects.toThrow("rules that this release knows");
  expect(venue.sequence).toBe(0);
  await venue.stop();
});
