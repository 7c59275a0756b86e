import { expect, test } from "vitest";
import { encodeVenueCommand } from "../commands/venue-command.ts";
import { memoryJournal } from "../journal/memory-journal.ts";
import { openVenue } from "../sequencer/open-venue.ts";
import type { Venue, VenueOptions } from "../sequencer/venue.ts";
import { memorySnapshots } from "../snapshots/memory-snapshots.ts";
import { SequenceBook, sequencesIn } from "../testing/bus-conformance.ts";
import { Views } from "../views/views.ts";
import { consume } from "./consume.ts";
import { followVenue } from "./follow-venue.ts";
import { type MemoryBus, memoryBus } from "./memory-bus.ts";
import type { ViewSnapshots } from "./view-snapshots.ts";

type Options = Partial<VenueOptions>;

const journaled = () => {
  let journal = memoryJournal();
  return async (bus: MemoryBus, options: Options = {}): Promise<Venue> => {
    journal = journal.reopen();
    return openVenue({ journal, projections: [bus], clock: () => 1_000, ...options });
  };
};

/** Opens accounts with the numbers of the commands. */
const openAccounts = async (venue: Venue, count: number): Promise<void> => {
  for (let opened = 0; opened < count; opened += 1) {
    const account = venue.sequence + 1;
    await venue.submit(encodeVenueCommand({ kind: "open_account", account, name: `a${account}` }));
  }
  await venue.flushed();
};

/** Views at the venue's newest command, as its own process would hand them over. */
const snapshotsOf = (views: Views): ViewSnapshots => ({
  take: async () => ({
    sequence: views.sequence,
    sections: new Map([[views.name, views.snapshot()]]),
  }),
});

test("views that follow a bus are, byte for byte, those of the venue", async () => {
  const bus = memoryBus();
  const own = new Views();
  const venue = await journaled()(bus, { views: [own] });
  await openAccounts(venue, 3);
  const views = new Views();
  const follower = await followVenue({ bus, views: [views] });
  expect(follower.sequence).toBe(3);
  await openAccounts(venue, 2);
  await follower.reached(5);
  expect([...views.snapshot()]).toEqual([...own.snapshot()]);
  await follower.stop();
  await expect(follower.reached(6)).rejects.toThrow("stopped at 5");
  await venue.stop();
});

test("views that come too late begin with a snapshot, and are the same", async () => {
  const bus = memoryBus({ keepCommands: 4 });
  const own = new Views();
  const venue = await journaled()(bus, { views: [own] });
  await openAccounts(venue, 20);
  await expect(followVenue({ bus, views: [new Views()] })).rejects.toMatchObject({
    code: "consumer_behind",
    first: 1,
  });
  const views = new Views();
  const follower = await followVenue({ bus, views: [views], snapshots: snapshotsOf(own) });
  await openAccounts(venue, 2);
  await follower.reached(22);
  expect([...views.snapshot()]).toEqual([...own.snapshot()]);
  await follower.stop();
  await venue.stop();
});

test("a snapshot that the bus does not reach back to is taken again", async () => {
  const bus = memoryBus({ keepCommands: 4 });
  const own = new Views();
  const venue = await journaled()(bus, { views: [own] });
  await openAccounts(venue, 2);
  const old = await snapshotsOf(own).take(0);
  await openAccounts(venue, 18);
  const asked: number[] = [];
  const views = new Views();
  const snapshots: ViewSnapshots = {
    take: async (atLeast) => {
      asked.push(atLeast);
      return atLeast > old.sequence ? snapshotsOf(own).take(atLeast) : old;
    },
  };
  const follower = await followVenue({ bus, views: [views], snapshots });
  expect(asked).toEqual([0, expect.any(Number)]);
  expect([...views.snapshot()]).toEqual([...own.snapshot()]);
  await follower.stop();
  await venue.stop();
});

test("views that somebody reads are never moved by a gap: they stop where they are", async () => {
  const bus = memoryBus();
  const own = new Views();
  const venue = await journaled()(bus, { views: [own] });
  await openAccounts(venue, 2);
  const views = new Views();
  const follower = await followVenue({ bus, views: [views], snapshots: snapshotsOf(own) });
  await bus.apply(new Uint8Array(), 9, 9);
  expect(await follower.stopped).toMatchObject({ code: "consumer_behind", first: 3, last: 8 });
  expect(views.sequence).toBe(2);
  await venue.stop();
});

test("a view that throws stops the following, and says why", async () => {
  const bus = memoryBus();
  const venue = await journaled()(bus);
  const views = new Views();
  const follower = await followVenue({ bus, views: [views] });
  views.apply = () => {
    throw new RangeError("a view broke");
  };
  await openAccounts(venue, 1);
  await expect(follower.reached(1)).rejects.toThrow("a view broke");
  expect(await follower.stopped).toMatchObject({ message: "a view broke" });
  await venue.stop();
});

test("a start goes back to the snapshot from which the bus lacks nothing", async () => {
  const start = journaled();
  const snapshots = memorySnapshots();
  const bus = memoryBus();
  const first = await start(bus, { snapshots, snapshotEvery: 1_000 });
  await openAccounts(first, 5);
  await first.stop();
  const second = await start(bus, { snapshots });
  await openAccounts(second, 5);
  await second.stop();

  // A bus that has seen the first five commands only.
  const behind = memoryBus();
  await behind.apply(new Uint8Array(), 1, 5);
  const from: number[] = [];
  const onProgress = (progress: { readonly from: number }) => void from.push(progress.from);
  const third = await start(behind, { snapshots, onProgress });
  const book = new SequenceBook(5);
  const consumption = await consume({ bus: behind, projection: book });
  await consumption.reached(10);
  expect([from[0], book.sequences]).toEqual([5, [6, 7, 8, 9, 10]]);
  await consumption.stop();
  await third.stop();
});

test("a start does not go back to the first command for a bus that has nothing", async () => {
  const start = journaled();
  const snapshots = memorySnapshots();
  const first = await start(memoryBus(), { snapshots });
  await openAccounts(first, 5);
  await first.stop();
  const bus = memoryBus();
  const second = await start(bus, { snapshots });
  await openAccounts(second, 2);
  const published: number[] = [];
  const stop = new AbortController();
  for await (const delivery of bus.follow(5, stop.signal)) {
    if (delivery.kind === "events") published.push(...sequencesIn(delivery.events));
    if (delivery.last === 7) stop.abort();
  }
  expect(published).toEqual([6, 7]);
  const late = await consume({ bus, projection: new SequenceBook(2) });
  expect(await late.stopped).toMatchObject({ code: "consumer_behind", first: 3, last: 5 });
  await second.stop();
});
