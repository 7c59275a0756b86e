import { describe, expect, test } from "vitest";
import { eachCommand } from "../journal/frame-payload.ts";
import type { Journal } from "../journal/journal.ts";
import { type MemoryJournal, memoryJournal } from "../journal/memory-journal.ts";
import { controlledJournal, turns } from "../testing/controlled-journal.ts";
import { HandClock } from "../testing/hand-clock.ts";
import { ToyProjection, ToyView } from "../testing/toy-followers.ts";
import { add, bomb, readAdded, toyMachine, wakeAt } from "../testing/toy-machine.ts";
import { openSequencer } from "./open-sequencer.ts";
import type { Submission, Venue, VenueOptions } from "./venue.ts";

const opened = (journal: Journal, options: Partial<VenueOptions> = {}): Promise<Venue> =>
  openSequencer({ journal, clock: () => 1_000, ...options }, toyMachine);

/** What each promise has come to: a sequence number, an error's code, or still waiting. */
const outcomes = (submissions: readonly Promise<Submission>[]): Promise<(number | string)[]> =>
  Promise.all(
    submissions.map((submission) =>
      Promise.race([
        submission.then(
          ({ sequence }) => sequence,
          (error) => error.code ?? error.name,
        ),
        turns(3).then(() => "waiting"),
      ]),
    ),
  );

/** Submits a command whose outcome is looked at later. */
const sent = (venue: Venue, command: Uint8Array): Promise<Submission> => {
  const submission = venue.submit(command);
  submission.catch(() => undefined);
  return submission;
};

const timesIn = async (journal: Journal): Promise<number[]> => {
  const times: number[] = [];
  for await (const frame of journal.read(1)) eachCommand(frame, (_, time) => times.push(time));
  return times;
};

describe("a command that is submitted", () => {
  test("is answered with its sequence, its time and its events", async () => {
    const venue = await opened(memoryJournal());
    const first = await venue.submit(add(5));
    const second = await venue.submit(add(7));
    expect([first.sequence, first.time]).toEqual([1, 1_000]);
    expect(readAdded(first.events)).toEqual([{ sequence: 1, time: 1_000, amount: 5, total: 5 }]);
    expect(readAdded(second.events)).toEqual([{ sequence: 2, time: 1_000, amount: 7, total: 12 }]);
    expect(venue.sequence).toBe(2);
    expect(venue.stateHash()).toMatch(/^2:12:/);
    await venue.stop();
  });

  test.each([
    ["of half a word", new Uint8Array(12)],
    ["of no bytes", new Uint8Array()],
    ["that is longer than its record", new Uint8Array([...add(1), ...add(2)])],
    ["that is cut short", add(1, 32).subarray(0, 24)],
    ["of an unknown kind", new Uint8Array([199, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  ])("with bytes %s is refused before it gets a sequence number", async (_, bytes) => {
    const venue = await opened(memoryJournal());
    const around = [add(1), bytes, add(2)].map((command) => sent(venue, command));
    expect(await outcomes(around)).toEqual([1, "RangeError", 2]);
    expect(venue.stateHash()).toMatch(/^2:3:/);
    await venue.stop();
  });

  test("may stand anywhere in its buffer", async () => {
    const venue = await opened(memoryJournal());
    const crooked = new Uint8Array(19);
    crooked.set(add(9), 3);
    const { events } = await venue.submit(crooked.subarray(3));
    expect(readAdded(events)[0]?.amount).toBe(9);
    await venue.stop();
  });
});

describe("group commit", () => {
  test("what arrives while an append is on its way is the next frame", async () => {
    const kept = memoryJournal();
    const journal = controlledJournal(kept);
    journal.hold();
    const venue = await opened(journal);
    const first = [venue.submit(add(1)), venue.submit(add(2))];
    await turns();
    expect(journal.asked).toBe(1);
    const second = [venue.submit(add(3)), venue.submit(add(4)), venue.submit(add(5))];
    await turns();
    expect(journal.asked).toBe(1);
    expect(await outcomes([...first, ...second])).toEqual(Array(5).fill("waiting"));
    await journal.letGo();
    expect(await outcomes([...first, ...second])).toEqual([1, 2, "waiting", "waiting", "waiting"]);
    expect(journal.asked).toBe(2);
    await journal.letGo();
    expect(await outcomes(second)).toEqual([3, 4, 5]);
    const counts: number[] = [];
    for await (const frame of kept.read(1)) counts.push(frame.count);
    expect(counts).toEqual([2, 3]);
    await venue.stop();
  });

  test("the core runs ahead of the disk, views and sequence don't", async () => {
    const journal = controlledJournal(memoryJournal());
    journal.hold();
    const view = new ToyView();
    const venue = await opened(journal, { views: [view] });
    const submitted = venue.submit(add(5));
    await turns();
    expect(venue.stateHash()).toMatch(/^1:5:/);
    expect([venue.sequence, view.total]).toEqual([0, 0]);
    await journal.letGo();
    expect([venue.sequence, view.total]).toEqual([1, 5]);
    await submitted;
    await venue.stop();
  });

  test("whoever is answered reads from views what it wrote", async () => {
    const view = new ToyView();
    const venue = await opened(memoryJournal(), { views: [view] });
    const seen = await Promise.all(
      [1, 2, 3].map((amount) => venue.submit(add(amount)).then(() => view.last >= amount)),
    );
    expect(seen).toEqual([true, true, true]);
    await venue.stop();
  });

  test("a frame has a limit, and what is beyond it is the next", async () => {
    const kept = memoryJournal();
    const venue = await opened(kept, { queueLimit: 100 });
    const large = Array.from({ length: 40 }, (_, index) => venue.submit(add(index, 65_536)));
    await Promise.all(large);
    const counts: number[] = [];
    for await (const frame of kept.read(1)) counts.push(frame.count);
    expect(counts).toEqual([16, 16, 8]);
    await venue.stop();
  });
});

describe("time", () => {
  test("never goes back, neither in a run nor across a restart", async () => {
    const kept = memoryJournal();
    const told = [5_000, 4_000, 6_000.7];
    let now = 0;
    const venue = await opened(kept, { clock: () => told[now++] ?? 0 });
    for (const amount of [1, 2, 3]) await venue.submit(add(amount));
    await venue.stop();
    const again = kept.reopen();
    const later = await opened(again, { clock: () => 100 });
    expect((await later.submit(add(4))).time).toBe(6_000);
    await later.stop();
    expect(await timesIn(kept)).toEqual([5_000, 5_000, 6_000, 6_000]);
  });

  test("a clock that tells none is a mistake of the host", async () => {
    const venue = await opened(memoryJournal(), { clock: () => Number.NaN });
    await expect(venue.submit(add(1))).rejects.toThrow(RangeError);
    await venue.stop();
  });
});

describe("overload", () => {
  test("is refused before a sequence number is given, with a hint when to retry", async () => {
    const journal = controlledJournal(memoryJournal());
    journal.hold();
    const venue = await opened(journal, { queueLimit: 3 });
    const waiting = [1, 2, 3].map((amount) => venue.submit(add(amount)));
    await expect(venue.submit(add(4))).rejects.toMatchObject({
      code: "venue_overloaded",
      retryAfterMs: expect.any(Number),
    });
    await journal.letGo();
    expect(await outcomes(waiting)).toEqual([1, 2, 3]);
    const after = venue.submit(add(5));
    await turns();
    await journal.letGo();
    expect((await after).sequence).toBe(4);
    await venue.stop();
  });

  test("a projection that falls too far behind is waited for", async () => {
    const projection = new ToyProjection();
    projection.faults = ["unreachable"];
    const venue = await opened(memoryJournal(), {
      projections: [projection],
      projectionQueueBytes: 32,
    });
    await venue.submit(add(1));
    await venue.submit(add(2));
    await expect(venue.submit(add(3))).rejects.toMatchObject({ code: "venue_overloaded" });
    await venue.flushed();
    await venue.submit(add(3));
    await venue.flushed();
    expect(projection.amounts).toEqual([1, 2, 3]);
    await venue.stop();
  });
});

describe("when an append fails", () => {
  test.each(["lost", "kept_but_failed"] as const)(
    "%s: nobody is told what nobody knows",
    async (fate) => {
      const kept = memoryJournal();
      const journal = controlledJournal(kept);
      journal.hold();
      const view = new ToyView();
      const venue = await opened(journal, { views: [view] });
      const onItsWay = [sent(venue, add(1)), sent(venue, add(2))];
      await turns();
      const behind = sent(venue, add(3));
      await journal.letGo(fate);
      expect(await outcomes([...onItsWay, behind])).toEqual([
        "outcome_unknown",
        "outcome_unknown",
        "venue_stopped",
      ]);
      expect(view.last).toBe(0);
      await expect(venue.submit(add(4))).rejects.toMatchObject({ code: "venue_stopped" });
      expect(await venue.stopped).toMatchObject({ code: "EIO" });
      await venue.stop();
      const recovered = await opened(kept.reopen());
      expect(recovered.sequence).toBe(fate === "lost" ? 0 : 2);
      await recovered.stop();
    },
  );

  test("a writer that was replaced stops", async () => {
    const kept = memoryJournal();
    const venue = await opened(kept);
    await venue.submit(add(1));
    kept.reopen();
    await expect(venue.submit(add(2))).rejects.toMatchObject({
      code: "outcome_unknown",
      cause: { code: "journal_head_moved" },
    });
    await venue.stop();
  });
});

describe("when the core throws", () => {
  test("the command never gets into the journal, and what was on its way is finished", async () => {
    const kept = memoryJournal();
    const journal = controlledJournal(kept);
    journal.hold();
    const venue = await opened(journal);
    const onItsWay = sent(venue, add(1));
    await turns();
    const sameFrame = sent(venue, add(2));
    const poison = sent(venue, bomb());
    const after = sent(venue, add(3));
    await journal.letGo();
    expect(await outcomes([onItsWay, sameFrame, poison, after])).toEqual([
      1,
      "venue_stopped",
      "venue_stopped",
      "venue_stopped",
    ]);
    expect((await venue.stopped)?.message).toBe("the toy broke");
    await venue.stop();
    const recovered = await opened(kept.reopen());
    expect(recovered.stateHash()).toMatch(/^1:1:/);
    await recovered.stop();
  });

  test("a view that throws stops the venue after the command was kept", async () => {
    const kept = memoryJournal();
    const view = new ToyView();
    const venue = await opened(kept, { views: [view] });
    view.last = 99;
    await expect(venue.submit(add(1))).rejects.toMatchObject({ code: "outcome_unknown" });
    await venue.stop();
    expect((await kept.reopen().head()).sequence).toBe(1);
  });
});

describe("projections", () => {
  const following = async (
    faults: ToyProjection["faults"],
  ): Promise<{ venue: Venue; projection: ToyProjection; kept: MemoryJournal }> => {
    const projection = new ToyProjection();
    projection.faults = faults;
    const kept = memoryJournal();
    const venue = await opened(kept, { projections: [projection] });
    return { venue, projection, kept };
  };

  test("follow behind, and flushed waits for them", async () => {
    const { venue, projection } = await following([]);
    await Promise.all([1, 2, 3].map((amount) => venue.submit(add(amount))));
    await venue.flushed();
    expect(projection.amounts).toEqual([1, 2, 3]);
    await venue.stop();
  });

  test("are tried again when they can't be reached, and not twice when only the answer was lost", async () => {
    const { venue, projection } = await following(["unreachable", "applied", "unreachable"]);
    await venue.submit(add(1));
    await venue.submit(add(2));
    await venue.submit(add(3));
    await venue.flushed();
    expect(projection.amounts).toEqual([1, 2, 3]);
    await venue.stop();
  });

  test("that refuse what they are given stop the venue", async () => {
    const { venue } = await following(["broken"]);
    await venue.submit(add(1));
    expect((await venue.stopped)?.message).toBe("violates a constraint");
    await expect(venue.flushed()).rejects.toThrow("violates a constraint");
    await expect(venue.submit(add(2))).rejects.toMatchObject({ code: "venue_stopped" });
    await venue.stop();
  });

  test("that went back by themselves stop the venue", async () => {
    const { venue, projection } = await following([]);
    await venue.submit(add(1));
    await venue.submit(add(2));
    await venue.flushed();
    projection.faults = ["unreachable"];
    projection.amounts = [1];
    await venue.submit(add(3));
    expect((await venue.stopped)?.message).toMatch(
      /expected the projection toy-sql at 2 or 3, was at 1/,
    );
    await venue.stop();
  });

  test("that can't be reached don't keep the venue from stopping, and catch up at the next start", async () => {
    const { venue, projection, kept } = await following(Array(20).fill("unreachable"));
    await venue.submit(add(1));
    await venue.submit(add(2));
    await venue.stop();
    expect(projection.amounts).toEqual([]);
    projection.faults = [];
    const again = await opened(kept.reopen(), { projections: [projection] });
    await again.flushed();
    expect(projection.amounts).toEqual([1, 2]);
    await again.stop();
  });
});

describe("stop", () => {
  test("finishes what was taken, then takes no more", async () => {
    const kept = memoryJournal();
    const venue = await opened(kept);
    const submitted = [1, 2, 3].map((amount) => venue.submit(add(amount)));
    const stopping = venue.stop();
    await expect(venue.submit(add(4))).rejects.toMatchObject({ code: "venue_stopped" });
    await Promise.all([stopping, venue.stop()]);
    expect(await outcomes(submitted)).toEqual([1, 2, 3]);
    expect(await venue.stopped).toBeUndefined();
    expect((await kept.reopen().head()).sequence).toBe(3);
  });
});

test.each([
  [{ snapshotEvery: 0 }],
  [{ queueLimit: 1.5 }],
  [{ projectionQueueBytes: -1 }],
  [{ views: [new ToyView("a"), new ToyView("a")] }],
  [{ views: [new ToyView("core")] }],
])("options that make no sense are refused: %o", async (options) => {
  await expect(opened(memoryJournal(), options)).rejects.toThrow(RangeError);
});

describe("what falls due", () => {
  const withHandClock = async () => {
    const hand = new HandClock();
    const journal = memoryJournal();
    const venue = await opened(journal, { clock: hand.clock, timer: hand.timer });
    return { hand, journal, venue };
  };

  test("makes the venue tell itself the time, when it is due and not before", async () => {
    const { hand, journal, venue } = await withHandClock();
    await venue.submit(wakeAt(1_500));
    await hand.pass(499);
    expect(venue.sequence).toBe(1);
    await hand.pass(1);
    expect(venue.sequence).toBe(2);
    expect(await timesIn(journal)).toEqual([1_000, 1_500]);
    expect(hand.set).toEqual([]);
    await venue.stop();
  });

  test("sooner than something else rings first, and later for what is still due", async () => {
    const { hand, journal, venue } = await withHandClock();
    await venue.submit(wakeAt(9_000));
    await venue.submit(wakeAt(1_200));
    expect(hand.set.map(({ at }) => at)).toEqual([1_200]);
    await venue.submit(wakeAt(3_000));
    // Set for what is no more, it rings, finds nothing due, and is set anew.
    await hand.pass(200);
    expect(hand.set.map(({ at }) => at)).toEqual([3_000]);
    expect(venue.sequence).toBe(3);
    await hand.pass(1_800);
    expect(await timesIn(journal)).toEqual([1_000, 1_000, 1_000, 3_000]);
    await venue.stop();
  });

  test("is done after a start, if its time came in between", async () => {
    const { journal, venue } = await withHandClock();
    await venue.submit(wakeAt(1_500));
    await venue.stop();
    const hand = new HandClock();
    hand.now = 2_000;
    const { clock, timer } = hand;
    const again = await opened(journal.reopen(), { clock, timer });
    await hand.pass(0);
    expect(again.sequence).toBe(2);
    await again.stop();
  });

  test("rings no more once the venue has stopped", async () => {
    const { hand, venue } = await withHandClock();
    await venue.submit(wakeAt(1_500));
    await venue.stop();
    expect(hand.set).toEqual([]);
  });
});

test("a law of the state that is broken stops the venue, and says which", async () => {
  const machine = toyMachine.create();
  const forbidden = { ...toyMachine, create: () => Object.assign(machine, { forbidden: 3 }) };
  const venue = await openSequencer({ journal: memoryJournal(), clock: () => 1 }, forbidden);
  expect((await venue.submit(add(1))).sequence).toBe(1);
  // It is durable and answered for; nothing comes after it.
  expect((await venue.submit(add(2))).sequence).toBe(2);
  expect(await venue.stopped).toMatchObject({ message: "the toy's total is forbidden" });
  await expect(venue.submit(add(1))).rejects.toMatchObject({ code: "venue_stopped" });
  await venue.stop();
});
