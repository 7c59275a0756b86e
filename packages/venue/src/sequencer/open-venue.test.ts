import { expect, test } from "vitest";
import { encodeVenueCommand, type VenueCommand } from "../commands/venue-command.ts";
import { readEvents } from "../events/venue-event.ts";
import { memoryJournal } from "../journal/memory-journal.ts";
import { memorySnapshots } from "../snapshots/memory-snapshots.ts";
import { listedMarket, order } from "../testing/core-under-test.ts";
import { Views } from "../views/index.ts";
import { openVenue } from "./open-venue.ts";

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
