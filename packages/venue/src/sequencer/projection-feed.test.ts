import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Projection } from "../projection/projection.ts";
import { ProjectionFeed } from "./projection-feed.ts";

const HALF_A_BATCH = 1 << 19;

/** Notes what it hears, and does what it is given when told to. */
class HeldProjection implements Projection {
  readonly name = "held";
  readonly heard: string[] = [];
  #written = 0;
  #given = 0;
  #onItsWay: { last: number; resolve: () => void; reject: (error: Error) => void } | undefined;
  #next: { first: number; last: number; bytes: number } | undefined;

  get isBusy(): boolean {
    return this.#onItsWay !== undefined;
  }

  async position(): Promise<number> {
    return this.#written;
  }

  apply(events: Uint8Array, first: number, last: number): Promise<void> {
    this.heard.push(`apply ${first}-${last}`);
    expect(this.isBusy).toBe(false);
    expect(first).toBe(this.#written + 1);
    this.#given = last;
    const foreseen = this.#next;
    if (foreseen?.first === first) {
      expect({ first, last, bytes: events.length }).toEqual(foreseen);
      this.#next = undefined;
    }
    return new Promise((resolve, reject) => {
      this.#onItsWay = { last, resolve, reject };
    });
  }

  prepare(events: Uint8Array, first: number, last: number): void {
    this.heard.push(`prepare ${first}-${last}`);
    // It is given that, or waits to be given it again.
    expect(this.#given).toBe(first - 1);
    expect(this.#next).toBeUndefined();
    this.#next = { first, last, bytes: events.length };
  }

  /** Ends what is on its way: written or not, and with an answer or without one. */
  end({ written = true, answered = true } = {}): void {
    const ended = this.#onItsWay;
    if (ended === undefined) return;
    this.#onItsWay = undefined;
    if (written) this.#written = ended.last;
    if (answered) ended.resolve();
    else ended.reject(Object.assign(new Error("connection lost"), { code: "ECONNRESET" }));
  }
}

const led = (projection: Projection): ProjectionFeed =>
  new ProjectionFeed({
    projection,
    position: 0,
    onFailure: (error) => {
      throw error;
    },
    onNotice: () => {},
  });

const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("tells what follows once no more goes into it, and keeps to that", async () => {
  const projection = new HeldProjection();
  const feed = led(projection);
  for (let last = 1; last <= 3; last++) feed.push(new Uint8Array(HALF_A_BATCH), last);
  // The first was alone when it came; what follows it may still grow.
  expect(projection.heard).toEqual(["apply 1-1"]);
  feed.push(new Uint8Array(8), 4);
  expect(projection.heard).toEqual(["apply 1-1", "prepare 2-3"]);
  feed.push(new Uint8Array(8), 5);
  projection.end();
  await aMoment();
  expect(projection.heard).toEqual(["apply 1-1", "prepare 2-3", "apply 2-3"]);
  projection.end();
  await aMoment();
  expect(projection.heard.slice(3)).toEqual(["apply 4-5"]);
  projection.end();
  await feed.reached(5);
  expect(feed.queuedBytes).toBe(0);
});

test("tells it at once where much waits", async () => {
  const projection = new HeldProjection();
  const feed = led(projection);
  for (let last = 1; last <= 7; last++) feed.push(new Uint8Array(HALF_A_BATCH), last);
  projection.end();
  await aMoment();
  expect(projection.heard).toEqual(["apply 1-1", "prepare 2-3", "apply 2-3", "prepare 4-5"]);
});

test("tells nothing where nobody wants to hear it", async () => {
  const heard: string[] = [];
  const plain: Projection = {
    name: "plain",
    position: async () => 0,
    apply: async (_, first, last) => void heard.push(`apply ${first}-${last}`),
  };
  const feed = led(plain);
  for (let last = 1; last <= 5; last++) feed.push(new Uint8Array(HALF_A_BATCH), last);
  await feed.reached(5);
  expect(heard).toEqual(["apply 1-1", "apply 2-3", "apply 4-5"]);
});

test("property: every command once and in order, whatever was foreseen and whichever answers are lost", async () => {
  const piece = fc.record({ push: fc.integer({ min: 8, max: 1 << 20 }) });
  const ended = fc.record({ written: fc.boolean(), answered: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 2, arbitrary: piece }, ended), { maxLength: 30 }),
      async (steps) => {
        const projection = new HeldProjection();
        const feed = led(projection);
        let last = 0;
        for (const step of steps) {
          if ("push" in step) feed.push(new Uint8Array(step.push), ++last);
          // What was answered was written.
          else projection.end(step.answered ? {} : step);
          await aMoment();
        }
        const written = feed.reached(last);
        const ending = setInterval(() => projection.end(), 1);
        await written;
        clearInterval(ending);
        expect(await projection.position()).toBe(last);
        expect([feed.position, feed.queuedBytes]).toEqual([last, 0]);
      },
    ),
    { numRuns: 30 },
  );
}, 60_000);
