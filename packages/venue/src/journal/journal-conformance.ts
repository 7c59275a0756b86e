// What every journal must do, for whoever writes one: plain checks that any test runner can run.

import { portableDigests } from "./digests.ts";
import { encodeFrame, GENESIS_HASH } from "./frame-codec.ts";
import type { Frame, Journal, SkippedCommand, StoredFrame } from "./journal.ts";

/** One journal, as the checks open it. */
export interface JournalUnderTest {
  /** Opens the journal for writing, empty at first; the one opened before was closed. */
  open(): Promise<Journal>;
  /** Opens it although the last one is still open, as a standby does that believes the writer dead. */
  takeOver(): Promise<Journal>;
}

/** One law, and what throws an error unless it holds. */
export interface JournalCheck {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/**
 * The laws of a journal. `fresh` is called once by each check, for a journal that nobody has used.
 *
 * @example
 * ```ts
 * import { memoryJournal } from "@pincex/venue";
 * import { journalConformance } from "@pincex/venue/journal-conformance";
 *
 * const checks = journalConformance(async () => {
 *   let last = undefined as ReturnType<typeof memoryJournal> | undefined;
 *   const open = async () => (last = last?.reopen() ?? memoryJournal());
 *   return { open, takeOver: open };
 * });
 * for (const { run } of checks) await run(); // with a test runner: test(name, run)
 * ```
 */
export const journalConformance = (
  fresh: () => Promise<JournalUnderTest>,
): readonly JournalCheck[] => [
  {
    name: "an empty journal ends at sequence 0 and gives its writer an epoch",
    run: async () => {
      const journal = await (await fresh()).open();
      same(await journal.head(), { epoch: 1, sequence: 0, hash: GENESIS_HASH });
      same(await framesOf(journal), []);
      await journal.close();
    },
  },
  {
    name: "frames come back as they were appended, chained by their hashes",
    run: async () => {
      const journal = await (await fresh()).open();
      let previousHash: Uint8Array = GENESIS_HASH;
      const expected: StoredFrame[] = [];
      for (const next of [frame(1, 1, 10, 20), frame(1, 3, 30), frame(1, 4, 40, 50, 60)]) {
        await journal.append(next);
        const { hash } = encodeFrame(next, previousHash, portableDigests);
        expected.push({ ...next, previousHash, hash });
        previousHash = hash;
      }
      same(await framesOf(journal), expected);
      same(await journal.head(), { epoch: 1, sequence: 6, hash: previousHash });
      await journal.close();
    },
  },
  {
    name: "reading starts with the frame that holds the sequence",
    run: async () => {
      const journal = await (await fresh()).open();
      await journal.append(frame(1, 1, 1, 2));
      await journal.append(frame(1, 3, 3, 4, 5));
      await journal.append(frame(1, 6, 6));
      const starts = async (from: number): Promise<number[]> =>
        (await framesOf(journal, from)).map(({ firstSequence }) => firstSequence);
      same(await starts(2), [1, 3, 6]);
      same(await starts(3), [3, 6]);
      same(await starts(5), [3, 6]);
      same(await starts(6), [6]);
      same(await starts(7), []);
      await journal.close();
    },
  },
  {
    name: "reading ends with what was the head when it began",
    run: async () => {
      const journal = await (await fresh()).open();
      await journal.append(frame(1, 1, 1));
      const reading = journal.read(1)[Symbol.asyncIterator]();
      same((await reading.next()).value?.firstSequence, 1);
      await journal.append(frame(1, 2, 2));
      same((await reading.next()).done, true);
      same((await framesOf(journal)).length, 2);
      await journal.close();
    },
  },
  ...wrongAppends().map(
    ([how, wrong]): JournalCheck => ({
      name: `an append that ${how} is refused and changes nothing`,
      run: async () => {
        const journal = await (await fresh()).open();
        await journal.append(frame(1, 1, 1, 2));
        const before = await journal.head();
        await rejects(journal.append(wrong), "journal_head_moved");
        same(await journal.head(), before);
        await journal.append(frame(1, 3, 3));
        same((await framesOf(journal)).length, 2);
        await journal.close();
      },
    }),
  ),
  {
    name: "of two appends at once, one is refused",
    run: async () => {
      const journal = await (await fresh()).open();
      const outcomes = await Promise.allSettled([
        journal.append(frame(1, 1, 1)),
        journal.append(frame(1, 1, 2)),
      ]);
      same(
        outcomes.map(({ status }) => status),
        ["fulfilled", "rejected"],
      );
      same((await framesOf(journal)).length, 1);
      await journal.close();
    },
  },
  {
    name: "opening it again raises the epoch and keeps the frames",
    run: async () => {
      const underTest = await fresh();
      const first = await underTest.open();
      await first.append(frame(1, 1, 1, 2));
      const { hash } = await first.head();
      await first.close();
      const second = await underTest.open();
      same(await second.head(), { epoch: 2, sequence: 2, hash });
      await second.append(frame(2, 3, 3));
      same(await epochsOf(second), [1, 2]);
      await second.close();
      const third = await underTest.open();
      same((await third.head()).epoch, 3);
      await third.close();
    },
  },
  {
    name: "a writer that was replaced can append no more",
    run: async () => {
      const underTest = await fresh();
      const sleeper = await underTest.open();
      await sleeper.append(frame(1, 1, 1));
      const successor = await underTest.takeOver();
      await rejects(sleeper.append(frame(1, 2, 666)), "journal_head_moved");
      await successor.append(frame(2, 2, 2));
      await rejects(sleeper.append(frame(1, 2, 666)), "journal_head_moved");
      await rejects(sleeper.append(frame(1, 3, 666)), "journal_head_moved");
      await sleeper.close();
      await successor.append(frame(2, 3, 3));
      same(await epochsOf(successor), [1, 2, 2]);
      await successor.close();
    },
  },
  {
    name: "a closed journal takes no more",
    run: async () => {
      const journal = await (await fresh()).open();
      await journal.close();
      await rejects(journal.append(frame(1, 1, 1)), "journal_dead");
    },
  },
  {
    name: "an append that is on its way when the journal is closed is finished",
    run: async () => {
      const underTest = await fresh();
      const journal = await underTest.open();
      const appended = journal.append(frame(1, 1, 1));
      await journal.close();
      await appended;
      const again = await underTest.open();
      same((await again.head()).sequence, 1);
      await again.close();
    },
  },
  ...wrongFrames.map(
    ([how, wrong]): JournalCheck => ({
      name: `a frame ${how} is refused`,
      run: async () => {
        const journal = await (await fresh()).open();
        await rejects(journal.append({ ...frame(1, 1, 1), ...wrong }), "RangeError");
        await journal.append(frame(1, 1, 1));
        await journal.close();
      },
    }),
  ),
  {
    name: "what is skipped is told to every reader, by sequence, once",
    run: async () => {
      const underTest = await fresh();
      const journal = await underTest.open();
      await journal.append(frame(1, 1, 1, 2, 3));
      same(await journal.skipped(), []);
      await journal.skip(skipped(3));
      await journal.skip(skipped(2));
      await journal.skip({ ...skipped(3), reason: "another" });
      same(await journal.skipped(), [skipped(2), skipped(3)]);
      await journal.close();
      const again = await underTest.open();
      same(await again.skipped(), [skipped(2), skipped(3)]);
      same((await framesOf(again)).length, 1);
      await again.close();
    },
  },
  ...[0, 4, 1.5].map(
    (sequence): JournalCheck => ({
      name: `a command ${sequence} that is not in the journal can't be skipped`,
      run: async () => {
        const journal = await (await fresh()).open();
        await journal.append(frame(1, 1, 1, 2, 3));
        await rejects(journal.skip(skipped(sequence)), "RangeError");
        same(await journal.skipped(), []);
        await journal.close();
      },
    }),
  ),
  {
    name: "a writer that was replaced or closed can't skip",
    run: async () => {
      const underTest = await fresh();
      const sleeper = await underTest.open();
      await sleeper.append(frame(1, 1, 1));
      const successor = await underTest.takeOver();
      await rejects(sleeper.skip(skipped(1)), "journal_head_moved");
      await sleeper.close();
      await rejects(sleeper.skip(skipped(1)), "journal_dead");
      same(await successor.skipped(), []);
      await successor.close();
    },
  },
  {
    name: "frames of every size come back whole",
    run: async () => {
      const journal = await (await fresh()).open();
      const counts = [1, 50, 500, 1, 5_000, 100_000, 3];
      let sequence = 0;
      for (const count of counts) {
        const amounts = Array.from({ length: count }, (_, index) => sequence + index + 1);
        await journal.append(frame(1, sequence + 1, ...amounts));
        sequence += count;
      }
      const read = await framesOf(journal);
      same(await countsOf(journal, 1), counts);
      same(
        read.map(({ payload }) => payload.length),
        counts.map((count) => count * 8),
      );
      for (const [index, { firstSequence }] of read.entries()) {
        same(await countsOf(journal, firstSequence), counts.slice(index));
      }
      await journal.close();
    },
  },
];

const wrongAppends = (): readonly (readonly [how: string, wrong: Frame])[] => [
  ["leaves a gap", frame(1, 4, 1)],
  ["repeats a sequence", frame(1, 2, 1)],
  ["is of another epoch", frame(2, 3, 1)],
];

const wrongFrames: readonly (readonly [how: string, wrong: Partial<Frame>])[] = [
  ["without commands", { count: 0 }],
  ["with half a word", { payload: new Uint8Array(12) }],
  ["with no bytes", { payload: new Uint8Array() }],
];

/** A journal keeps bytes: what they mean is not its business. */
const frame = (epoch: number, firstSequence: number, ...amounts: number[]): Frame => ({
  epoch,
  firstSequence,
  count: amounts.length,
  payload: new Uint8Array(Float64Array.from(amounts).buffer),
});

const skipped = (sequence: number): SkippedCommand => ({
  sequence,
  at: 1_700_000_000_000 + sequence,
  reason: "it's broken: «price»",
});

const framesOf = async (journal: Journal, from = 1): Promise<StoredFrame[]> => {
  const frames: StoredFrame[] = [];
  for await (const read of journal.read(from)) frames.push(read);
  return frames;
};

const countsOf = async (journal: Journal, from: number): Promise<number[]> =>
  (await framesOf(journal, from)).map(({ count }) => count);

const epochsOf = async (journal: Journal): Promise<number[]> =>
  (await framesOf(journal)).map(({ epoch }) => epoch);

const same = (actual: unknown, expected: unknown): void => {
  const [was, wanted] = [shown(actual), shown(expected)];
  if (was !== wanted) throw new Error(`expected ${wanted}, was ${was}`);
};

/** As text in which bytes are numbers and the order of fields doesn't matter. */
const shown = (value: unknown): string => JSON.stringify(plain(value));

const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return [...value];
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const fields = Object.entries(value).map(([name, field]) => [name, plain(field)] as const);
  return Object.fromEntries(fields.sort(([one], [other]) => (one < other ? -1 : 1)));
};

/** By an error of this code or, if it has none, of this name. */
const rejects = async (act: Promise<unknown>, expected: string): Promise<void> => {
  const outcome = await act.then(
    () => "success",
    (error: { readonly code?: string; readonly name?: string }) => error.code ?? error.name,
  );
  if (outcome !== expected) throw new Error(`expected ${expected}, was ${outcome}`);
};
