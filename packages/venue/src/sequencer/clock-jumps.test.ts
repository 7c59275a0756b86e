import { expect, test } from "vitest";
import type { OrderRequest } from "../commands/place-order.ts";
import { encodeVenueCommand, type VenueCommand } from "../commands/venue-command.ts";
import { readEvents } from "../events/venue-event.ts";
import { openFileJournal } from "../node/file-journal.ts";
import { openFileSnapshots } from "../node/file-snapshots.ts";
import { beginnings } from "../testing/command-flow.ts";
import { order } from "../testing/core-under-test.ts";
import { HandClock } from "../testing/hand-clock.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { Views } from "../views/views.ts";
import { openVenue } from "./open-venue.ts";
import type { Venue } from "./venue.ts";

const HOUR_MS = 3_600_000;

/** A venue on the disk, and what time its commands were given. */
const opened = async (
  root: string,
  hand: HandClock,
  views: Views,
): Promise<{ venue: Venue; submit: (command: VenueCommand) => Promise<number> }> => {
  const venue = await openVenue({
    journal: await openFileJournal({ directory: `${root}/journal`, segmentBytes: 65_536 }),
    snapshots: await openFileSnapshots({ directory: `${root}/snapshots` }),
    views: [views],
    clock: hand.clock,
    timer: hand.timer,
  });
  return {
    venue,
    submit: async (command) => (await venue.submit(encodeVenueCommand(command))).time,
  };
};

const goodTill = (expiresAt: number): OrderRequest =>
  order({ side: "buy", price: 90, quantity: 1, timeInForce: "gtd", conditions: { expiresAt } });

test("a clock that jumps back, while a venue runs and before it starts again, makes time stand still until it has caught up", async () => {
  const root = temporaryDirectory();
  const hand = new HandClock();
  hand.now = 10 * HOUR_MS;
  const views = new Views();
  const { submit, venue } = await opened(root, hand, views);
  for (const command of beginnings) await submit(command);
  const command: VenueCommand = {
    kind: "place_order",
    account: 1,
    clientOrderId: "mine",
    order: goodTill(11 * HOUR_MS),
    commandId: "once",
  };
  expect(await submit(command)).toBe(10 * HOUR_MS);

  hand.now -= 5 * HOUR_MS;
  expect(await submit({ kind: "time" })).toBe(10 * HOUR_MS);
  const again = await venue.submit(encodeVenueCommand(command));
  expect([...readEvents(again.events)].map(({ kind }) => kind)).toContain("repeated");
  expect(again.time).toBe(10 * HOUR_MS);
  // The alarm was set for an hour; the clock says that six are left.
  await hand.pass(HOUR_MS);
  expect(views.order(1, { clientOrderId: "mine" })?.status).toBe("open");
  const hash = venue.stateHash();
  await venue.stop();

  hand.now = HOUR_MS;
  const later = new Views();
  const started = await opened(root, hand, later);
  expect(started.venue.stateHash()).toBe(hash);
  expect(await started.submit({ kind: "time" })).toBe(10 * HOUR_MS);
  expect(later.order(1, { clientOrderId: "mine" })?.status).toBe("open");
  await hand.pass(10 * HOUR_MS);
  expect(await started.submit({ kind: "time" })).toBe(11 * HOUR_MS);
  expect(later.order(1, { clientOrderId: "mine" })?.status).toBe("expired");
  await started.venue.stop();
});
