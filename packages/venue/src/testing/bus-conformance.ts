import { RecordWriter, recordKind, recordLength, recordViews } from "@pincex/engine";
import { describe, expect, test } from "vitest";
import { consume } from "../bus/consume.ts";
import type { Delivery, EventBus } from "../bus/event-bus.ts";
import { appliedSequence, writeApplied } from "../events/applied.ts";
import { VenueEventKind } from "../events/event-record.ts";
import type { Projection } from "../projection/projection.ts";

/** What a kind of bus shows to the suite. */
export interface BusUnderTest {
  readonly bus: EventBus;
  /** What the venue publishes to. */
  readonly publisher: Projection;
}

/** The events of commands that did nothing. */
export const eventsOf = (first: number, last: number): Uint8Array => {
  const out = new RecordWriter();
  for (let sequence = first; sequence <= last; sequence += 1) {
    writeApplied(out, sequence, 1_000 + sequence, 1);
  }
  return out.finished();
};

/** The sequence numbers of the commands whose events these are. */
export const sequencesIn = (events: Uint8Array): number[] => {
  const views = recordViews(events);
  const sequences: number[] = [];
  for (let at = 0; at < events.length; at += recordLength(views, at)) {
    if (recordKind(views, at) === VenueEventKind.applied)
      sequences.push(appliedSequence(views, at));
  }
  return sequences;
};

/** A consumer that writes down each command, and refuses what does not follow on what it has. */
export class SequenceBook implements Projection {
  readonly name = "sequence-book";
  readonly sequences: number[] = [];
  /** How long it takes over a batch. */
  delayMs = 0;
  #start: number;

  constructor(start = 0) {
    this.#start = start;
  }

  async position(): Promise<number> {
    return this.sequences.at(-1) ?? this.#start;
  }

  async apply(events: Uint8Array, first: number, last: number): Promise<void> {
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    const sequences = sequencesIn(events);
    expect([sequences[0], sequences.at(-1)]).toEqual([first, last]);
    expect(first).toBe((await this.position()) + 1);
    this.sequences.push(...sequences);
  }
}

export const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** What every implementation of `EventBus` must do, with the publisher that belongs to it. It keeps 100 commands. */
export const describeBus = (name: string, fresh: () => Promise<BusUnderTest>): void => {
  const publish = ({ publisher }: BusUnderTest, first: number, last: number): Promise<void> =>
    publisher.apply(eventsOf(first, last), first, last);

  /** The deliveries after a position until the command `last`, or until it ends. */
  const delivered = async (bus: EventBus, position: number, last: number): Promise<Delivery[]> => {
    const stop = new AbortController();
    const deliveries: Delivery[] = [];
    for await (const delivery of bus.follow(position, stop.signal)) {
      deliveries.push(delivery);
      if (delivery.last >= last) stop.abort();
    }
    return deliveries;
  };

  const sequencesOf = (deliveries: readonly Delivery[]): number[] =>
    deliveries.flatMap((delivery) => {
      if (delivery.kind === "resync") return [];
      const sequences = sequencesIn(delivery.events);
      expect(sequences).toEqual(upTo(delivery.last, delivery.first));
      return sequences;
    });

  describe(`${name} keeps the law of a bus`, () => {
    test("an empty bus stands at 0, and a consumer waits for its first command", async () => {
      const it = await fresh();
      expect([await it.bus.head(), await it.publisher.position()]).toEqual([0, 0]);
      const waiting = delivered(it.bus, 0, 2);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await publish(it, 1, 2);
      expect(sequencesOf(await waiting)).toEqual([1, 2]);
      expect([await it.bus.head(), await it.publisher.position()]).toEqual([2, 2]);
    });

    test("each consumer is delivered all that follows on its own position, in order", async () => {
      const it = await fresh();
      for (const [first, last] of [
        [1, 3],
        [4, 4],
        [5, 9],
      ] as const) {
        await publish(it, first, last);
      }
      expect(sequencesOf(await delivered(it.bus, 0, 9))).toEqual(upTo(9));
      expect(sequencesOf(await delivered(it.bus, 4, 9))).toEqual(upTo(9, 5));
    });

    test("a position within a batch is delivered the rest of it", async () => {
      const it = await fresh();
      await publish(it, 1, 10);
      expect(sequencesOf(await delivered(it.bus, 7, 10))).toEqual([8, 9, 10]);
    });

    test("a batch that is published again is delivered once, in whatever other batches", async () => {
      const it = await fresh();
      for (const [first, last] of [
        [1, 4],
        [1, 4],
        [1, 2],
        [3, 6],
        [6, 8],
      ] as const) {
        await publish(it, first, last);
      }
      expect(sequencesOf(await delivered(it.bus, 0, 8))).toEqual(upTo(8));
    });

    test("events are the bytes that were published", async () => {
      const it = await fresh();
      await publish(it, 1, 3);
      const [delivery] = await delivered(it.bus, 0, 3);
      const events = delivery?.kind === "events" ? delivery.events : new Uint8Array();
      expect([...events]).toEqual([...eventsOf(1, 3)]);
    });

    test("who lacks what was trimmed is told to resync, with what it lacks, and no more", async () => {
      const it = await fresh();
      for (let first = 1; first < 2_000; first += 10) await publish(it, first, first + 9);
      const deliveries = await delivered(it.bus, 5, 2_000);
      expect(deliveries).toEqual([{ kind: "resync", first: 6, last: expect.any(Number) }]);
      const last = deliveries[0]?.last ?? 0;
      expect(last).toBeLessThanOrEqual(1_900);
      expect(sequencesOf(await delivered(it.bus, last, 2_000))).toEqual(upTo(2_000, last + 1));
    });

    test("who lacks what was never published is told to resync", async () => {
      const it = await fresh();
      await publish(it, 1, 2);
      await publish(it, 8, 9);
      const [before, resync, ...rest] = await delivered(it.bus, 0, 9);
      expect(before && sequencesOf([before])).toEqual([1, 2]);
      expect(resync).toEqual({ kind: "resync", first: 3, last: 7 });
      expect(rest).toEqual([]);
      expect(sequencesOf(await delivered(it.bus, 7, 9))).toEqual([8, 9]);
    });

    test("who is ahead of the bus waits until the bus has passed", async () => {
      const it = await fresh();
      await publish(it, 1, 2);
      const waiting = delivered(it.bus, 3, 5);
      await publish(it, 3, 4);
      await publish(it, 5, 5);
      expect(sequencesOf(await waiting)).toEqual([4, 5]);
    });

    test("a signal that was aborted ends it, before and while it waits", async () => {
      const it = await fresh();
      await publish(it, 1, 2);
      for await (const _ of it.bus.follow(0, AbortSignal.abort())) expect.unreachable();
      const stop = new AbortController();
      const ended = (async () => {
        for await (const _ of it.bus.follow(2, stop.signal)) expect.unreachable();
      })();
      await new Promise((resolve) => setTimeout(resolve, 20));
      stop.abort();
      await ended;
    });

    test("a projection is led along it from its own position, and stops where it is told", async () => {
      const it = await fresh();
      await publish(it, 1, 20);
      const projection = new SequenceBook(5);
      const first = await consume({ bus: it.bus, projection });
      await first.reached(20);
      await first.stop();
      expect(await first.stopped).toBeUndefined();
      await publish(it, 21, 30);
      expect(projection.sequences).toEqual(upTo(20, 6));

      const second = await consume({ bus: it.bus, projection });
      await second.reached(30);
      expect([second.position, projection.sequences]).toEqual([30, upTo(30, 6)]);
      await second.stop();
      await expect(second.reached(31)).rejects.toThrow("stopped at 30");
    });

    test("a projection that lacks what the bus has no more is behind, and says what it lacks", async () => {
      const it = await fresh();
      await publish(it, 11, 12);
      const consumption = await consume({ bus: it.bus, projection: new SequenceBook(4) });
      const behind = { code: "consumer_behind", first: 5, last: 10 };
      await expect(consumption.reached(12)).rejects.toMatchObject(behind);
      expect(await consumption.stopped).toMatchObject(behind);
    });

    test("a slow projection holds up neither the publisher nor another projection", async () => {
      const it = await fresh();
      const slow = new SequenceBook();
      slow.delayMs = 20;
      const quick = new SequenceBook();
      const consumptions = [
        await consume({ bus: it.bus, projection: slow }),
        await consume({ bus: it.bus, projection: quick }),
      ];
      for (let first = 1; first < 50; first += 10) {
        await publish(it, first, first + 9);
        await consumptions[1]?.reached(first + 9);
      }
      expect(slow.sequences.length).toBeLessThan(50);
      await consumptions[0]?.reached(50);
      expect([slow.sequences, quick.sequences]).toEqual([upTo(50), upTo(50)]);
      for (const consumption of consumptions) await consumption.stop();
    });
  });
};
