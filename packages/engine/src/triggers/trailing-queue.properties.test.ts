import fc from "fast-check";
import { expect, test } from "vitest";
import { Side } from "../side.ts";
import { TrailingQueue } from "./trailing-queue.ts";

/** A trailing stop by itself, as the guide tells it. */
class TrailingStop {
  extreme: number;
  readonly #side: number;
  readonly #activation: number;

  constructor(side: number, extreme: number, activation: number) {
    this.#side = side;
    this.extreme = extreme;
    this.#activation = activation;
  }

  /** Answers whether the price moves it. */
  follow(price: number): boolean {
    const isReached = (limit: number): boolean =>
      this.#side === Side.buy ? price <= limit : price >= limit;
    const begins = this.extreme === 0 && (this.#activation === 0 || isReached(this.#activation));
    const moves = this.extreme !== 0 && this.extreme !== price && isReached(this.extreme);
    if (begins || moves) this.extreme = price;
    return begins || moves;
  }
}

const price = fc.integer({ min: 1, max: 12 });
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ follow: fc.oneof(price, fc.constant(0)) }) },
    fc.record({
      add: fc.tuple(fc.oneof(price, fc.constant(0)), fc.oneof(price, fc.constant(0))),
    }),
    fc.record({ remove: fc.nat() }),
  ),
  { maxLength: 60, size: "max" },
);

test.each(Object.entries(Side))(
  "for any prices / of the trailing stops of a %s those move that would move by themselves",
  (_, side) => {
    fc.assert(
      fc.property(steps, (flow) => {
        const moved: [slot: number, price: number][] = [];
        const queue = new TrailingQueue(side, (...move) => moved.push(move));
        const alone = new Map<number, TrailingStop>();
        let slots = 0;
        for (const step of flow) {
          if ("add" in step) {
            slots += 1;
            queue.add(slots, ...step.add);
            alone.set(slots, new TrailingStop(side, ...step.add));
          } else if ("remove" in step) {
            const slot = [...alone.keys()][step.remove % (alone.size || 1)];
            if (slot === undefined) continue;
            queue.remove(slot);
            alone.delete(slot);
          } else {
            const { follow } = step;
            queue.follow(follow);
            const moving = [...alone].filter(([, stop]) => follow !== 0 && stop.follow(follow));
            expect(moved.splice(0).sort(([one], [other]) => one - other)).toEqual(
              moving.map(([slot]) => [slot, follow]),
            );
          }
          expect(queue.slots().sort((one, other) => one - other)).toEqual([...alone.keys()]);
          expect(queue.isEmpty).toBe(alone.size === 0);
        }
      }),
    );
  },
);
