import fc from "fast-check";
import { expect, test } from "vitest";
import { turns } from "../testing/controlled-journal.ts";
import { ByteRing } from "./byte-ring.ts";
import { LaneReader, LaneWriter } from "./lane.ts";

/** What one of the two threads does next. */
type Step =
  | { readonly kind: "send" | "try"; readonly length: number }
  | { readonly kind: "bell" }
  | { readonly kind: "turn" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("send"), length: fc.nat(700) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("try"), length: fc.nat(40) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("bell") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("turn") }) },
) as fc.Arbitrary<Step>;

/** Both ends of a lane. A bell is heard when its thread gets to it. */
class TwoThreads {
  readonly sent: string[] = [];
  readonly received: string[] = [];
  readonly #bells: (() => void)[] = [];
  readonly #writer: LaneWriter;
  readonly #reader: LaneReader;

  constructor(bytes: number) {
    const memory = ByteRing.memory(bytes);
    this.#writer = new LaneWriter(memory, () => this.#bells.push(() => this.#reader.read()));
    this.#reader = new LaneReader(
      memory,
      (kind, number, payload) => this.received.push(`${kind} ${number} ${payload}`),
      () => this.#bells.push(() => this.#writer.fed()),
    );
  }

  async do(next: Step, index: number): Promise<void> {
    if (next.kind === "bell") this.#bells.shift()?.();
    else if (next.kind === "turn") await turns(1);
    else this.#send(next.kind, index, next.length);
  }

  /** Until nobody has anything to do. */
  async rest(): Promise<void> {
    do {
      for (const bell of this.#bells.splice(0)) bell();
      await turns(2);
    } while (this.#bells.length > 0);
    await this.#writer.emptied();
  }

  #send(how: "send" | "try", index: number, length: number): void {
    const payload = Uint8Array.from({ length }, (_, at) => index + at);
    if (how === "send") this.#writer.send(index, index / 2, payload);
    else if (!this.#writer.trySend(index, index / 2, payload)) return;
    this.sent.push(`${index} ${index / 2} ${payload}`);
  }
}

test("whatever goes into a lane comes out once, whole and in order, and nobody sleeps on something to do", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(64, 128, 1_024),
      fc.array(step, { maxLength: 60, size: "max" }),
      async (bytes, steps) => {
        const threads = new TwoThreads(bytes);
        for (const [index, next] of steps.entries()) await threads.do(next, index);
        await threads.rest();
        expect(threads.received).toEqual(threads.sent);
      },
    ),
    { numRuns: 200 },
  );
});

test.each([0, 32, 100, 2 ** 31])("a ring of %d bytes is refused", (bytes) => {
  expect(() => ByteRing.memory(bytes)).toThrow(RangeError);
});
