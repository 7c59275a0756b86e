import { describe, expect, test } from "vitest";
import { portableDigests } from "../journal/digests.ts";
import { encodeFrame, GENESIS_HASH } from "../journal/frame-codec.ts";
import type { Frame, Journal, StoredFrame } from "../journal/journal.ts";
import { toyPayload } from "./toy-machine.ts";

/** What a kind of journal shows to the suite. */
export interface JournalUnderTest {
  /** Opens the journal for writing, empty at first; the one opened before was closed. */
  open(): Promise<Journal>;
  /** Opens it although the last one is still open, as a standby does that believes the writer dead. */
  takeOver(): Promise<Journal>;
}

const framesOf = async (journal: Journal, from = 1): Promise<StoredFrame[]> => {
  const frames: StoredFrame[] = [];
  for await (const frame of journal.read(from)) frames.push(frame);
  return frames;
};

const frame = (epoch: number, firstSequence: number, ...amounts: number[]): Frame => ({
  epoch,
  firstSequence,
  count: amounts.length,
  payload: toyPayload(amounts),
});

const headMoved = expect.objectContaining({ code: "journal_head_moved" });
const dead = expect.objectContaining({ code: "journal_dead" });

/** What every implementation of `Journal` must do. */
export const describeJournal = (name: string, fresh: () => Promise<JournalUnderTest>): void => {
  describe(`${name} keeps the law of a journal`, () => {
    test("an empty journal ends at sequence 0 and gives its writer an epoch", async () => {
      const journal = await (await fresh()).open();
      expect(await journal.head()).toEqual({ epoch: 1, sequence: 0, hash: GENESIS_HASH });
      expect(await framesOf(journal)).toEqual([]);
      await journal.close();
    });

    test("frames come back as they were appended, chained by their hashes", async () => {
      const journal = await (await fresh()).open();
      const appended = [frame(1, 1, 10, 20), frame(1, 3, 30), frame(1, 4, 40, 50, 60)];
      let previousHash = GENESIS_HASH;
      const expected: StoredFrame[] = [];
      for (const next of appended) {
        await journal.append(next);
        const { hash } = encodeFrame(next, previousHash, portableDigests);
        expected.push({ ...next, previousHash, hash });
        previousHash = hash;
      }
      const plain = (frames: StoredFrame[]) =>
        frames.map((read) => ({
          ...read,
          payload: [...read.payload],
          hash: [...read.hash],
          previousHash: [...read.previousHash],
        }));
      expect(plain(await framesOf(journal))).toEqual(plain(expected));
      const head = await journal.head();
      expect({ ...head, hash: [...head.hash] }).toEqual({
        epoch: 1,
        sequence: 6,
        hash: [...previousHash],
      });
      await journal.close();
    });

    test("reading starts with the frame that holds the sequence", async () => {
      const journal = await (await fresh()).open();
      await journal.append(frame(1, 1, 1, 2));
      await journal.append(frame(1, 3, 3, 4, 5));
      await journal.append(frame(1, 6, 6));
      const starts = async (from: number) =>
        (await framesOf(journal, from)).map(({ firstSequence }) => firstSequence);
      expect(await starts(2)).toEqual([1, 3, 6]);
      expect(await starts(3)).toEqual([3, 6]);
      expect(await starts(5)).toEqual([3, 6]);
      expect(await starts(6)).toEqual([6]);
      expect(await starts(7)).toEqual([]);
      await journal.close();
    });

    test.each([
      ["leaves a gap", frame(1, 4, 1)],
      ["repeats a sequence", frame(1, 2, 1)],
      ["is of another epoch", frame(2, 3, 1)],
    ])("an append that %s is refused and changes nothing", async (_, wrong) => {
      const journal = await (await fresh()).open();
      await journal.append(frame(1, 1, 1, 2));
      const before = await journal.head();
      await expect(journal.append(wrong)).rejects.toEqual(headMoved);
      expect(await journal.head()).toEqual(before);
      await journal.append(frame(1, 3, 3));
      expect((await framesOf(journal)).length).toBe(2);
      await journal.close();
    });

    test("of two appends at once, one is refused", async () => {
      const journal = await (await fresh()).open();
      const outcomes = await Promise.allSettled([
        journal.append(frame(1, 1, 1)),
        journal.append(frame(1, 1, 2)),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
      expect((await framesOf(journal)).length).toBe(1);
      await journal.close();
    });

    test("opening it again raises the epoch and keeps the frames", async () => {
      const underTest = await fresh();
      const first = await underTest.open();
      await first.append(frame(1, 1, 1, 2));
      const { hash } = await first.head();
      await first.close();
      const second = await underTest.open();
      expect(await second.head()).toEqual({ epoch: 2, sequence: 2, hash });
      await second.append(frame(2, 3, 3));
      expect((await framesOf(second)).map(({ epoch }) => epoch)).toEqual([1, 2]);
      await second.close();
      const third = await underTest.open();
      expect((await third.head()).epoch).toBe(3);
      await third.close();
    });

    test("a writer that was replaced can append no more", async () => {
      const underTest = await fresh();
      const sleeper = await underTest.open();
      await sleeper.append(frame(1, 1, 1));
      const successor = await underTest.takeOver();
      await expect(sleeper.append(frame(1, 2, 666))).rejects.toEqual(headMoved);
      await successor.append(frame(2, 2, 2));
      await expect(sleeper.append(frame(1, 2, 666))).rejects.toEqual(headMoved);
      await expect(sleeper.append(frame(1, 3, 666))).rejects.toEqual(headMoved);
      await sleeper.close();
      await successor.append(frame(2, 3, 3));
      expect((await framesOf(successor)).map(({ epoch }) => epoch)).toEqual([1, 2, 2]);
      await successor.close();
    });

    test("a closed journal takes no more", async () => {
      const journal = await (await fresh()).open();
      await journal.close();
      await expect(journal.append(frame(1, 1, 1))).rejects.toEqual(dead);
    });

    test("an append that is on its way when the journal is closed is finished", async () => {
      const underTest = await fresh();
      const journal = await underTest.open();
      const appended = journal.append(frame(1, 1, 1));
      await journal.close();
      await appended;
      const again = await underTest.open();
      expect((await again.head()).sequence).toBe(1);
      await again.close();
    });

    test.each([
      ["without commands", { count: 0 }],
      ["with half a word", { payload: new Uint8Array(12) }],
      ["with no bytes", { payload: new Uint8Array() }],
    ])("a frame %s is refused", async (_, wrong) => {
      const journal = await (await fresh()).open();
      await expect(journal.append({ ...frame(1, 1, 1), ...wrong })).rejects.toThrow(RangeError);
      await journal.append(frame(1, 1, 1));
      await journal.close();
    });

    test("frames of every size come back whole", async () => {
      const journal = await (await fresh()).open();
      let sequence = 0;
      for (const count of [1, 50, 500, 1, 5_000, 3]) {
        const amounts = Array.from({ length: count }, (_, index) => sequence + index + 1);
        await journal.append(frame(1, sequence + 1, ...amounts));
        sequence += count;
      }
      const read = await framesOf(journal);
      expect(read.map(({ count }) => count)).toEqual([1, 50, 500, 1, 5_000, 3]);
      expect(read.map(({ payload }) => payload.length)).toEqual(
        [1, 50, 500, 1, 5_000, 3].map((count) => count * 24),
      );
      await journal.close();
    });
  });
};
