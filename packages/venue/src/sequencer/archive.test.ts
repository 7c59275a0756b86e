import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFileJournal } from "../node/file-journal.ts";
import { openFileSnapshots } from "../node/file-snapshots.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { ToyProjection, ToyView } from "../testing/toy-followers.ts";
import { add, toyMachine } from "../testing/toy-machine.ts";
import { openSequencer } from "./open-sequencer.ts";
import type { Venue, VenueNotice, VenueOptions } from "./venue.ts";

const opened = async (root: string, options: Partial<VenueOptions> = {}): Promise<Venue> =>
  openSequencer(
    {
      journal: await openFileJournal({ directory: join(root, "journal"), segmentBytes: 4_096 }),
      snapshots: await openFileSnapshots({ directory: join(root, "snapshots") }),
      snapshotEvery: 50,
      clock: () => 1_000,
      ...options,
    },
    toyMachine,
  );

const submitAll = async (venue: Venue, count: number): Promise<void> => {
  for (let amount = 1; amount <= count; amount += 1) await venue.submit(add(amount));
};

/** The first sequences of the segments in a directory. */
const segmentsIn = (directory: string): number[] =>
  readdirSync(directory)
    .flatMap((name) => /^(\d{16})\.journal$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

test("segments that no start needs go into the archive, and a projection that begins with nothing is filled from there", async () => {
  const root = temporaryDirectory();
  const venue = await opened(root);
  await submitAll(venue, 400);
  await venue.stop();
  const archived = segmentsIn(join(root, "journal", "archive"));
  const live = segmentsIn(join(root, "journal"));
  expect(archived[0]).toBe(1);
  expect(archived.length).toBeGreaterThan(4);
  // What the older of the two snapshots needs is still here.
  const [oldest = 0] = readdirSync(join(root, "snapshots")).map((name) =>
    Number.parseInt(name, 10),
  );
  expect(live[0]).toBeLessThanOrEqual(oldest + 1);
  expect(live[1] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(oldest + 1);

  const projection = new ToyProjection();
  const view = new ToyView();
  const again = await opened(root, { projections: [projection], views: [view] });
  await again.flushed();
  expect(projection.amounts.length).toBe(400);
  expect(view.total).toBe((400 * 401) / 2);
  await again.stop();

  rmSync(join(root, "snapshots"), { recursive: true });
  const fromNothing = await opened(root);
  expect(fromNothing.stateHash()).toBe(again.stateHash());
  await fromNothing.stop();
});

test("nothing that the slowest projection lacks is archived", async () => {
  const root = temporaryDirectory();
  const projection = new ToyProjection();
  projection.faults = Array.from({ length: 1_000 }, () => "unreachable" as const);
  const venue = await opened(root, { projections: [projection] });
  await submitAll(venue, 300);
  await venue.stop();
  expect(segmentsIn(join(root, "journal"))[0]).toBe(1);
  projection.faults = [];
  const again = await opened(root, { projections: [projection] });
  await again.flushed();
  expect(projection.amounts.length).toBe(300);
  await submitAll(again, 1);
  await again.stop();
  expect(segmentsIn(join(root, "journal"))[0]).toBeGreaterThan(100);
});

test("trading goes on when segments can't be moved, and somebody hears of it", async () => {
  const root = temporaryDirectory();
  const notices: VenueNotice[] = [];
  const venue = await opened(root, { onNotice: (notice) => notices.push(notice) });
  writeFileSync(join(root, "journal", "archive"), "in the way");
  await submitAll(venue, 300);
  expect(venue.sequence).toBe(300);
  await venue.stop();
  expect(notices).toContainEqual(expect.objectContaining({ kind: "archive_failed" }));
});
