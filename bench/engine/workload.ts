import { Engine, EventKind, type EventRegister, RecordWriter, writeCommand } from "@pincex/engine";
import { Random } from "./random.ts";

/** One order or cancel of a workload. A cancel has the id of its order, and no quantity. */
export interface Step {
  readonly orderId: number;
  readonly side: "buy" | "sell";
  readonly timeInForce: "gtc" | "ioc";
  readonly price: number;
  readonly quantity: number;
}

/** Commands for one market in the engine's ids: the first orders of the book, then what is measured. */
export interface Workload {
  readonly name: string;
  readonly description: string;
  readonly setup: readonly Step[];
  readonly main: readonly Step[];
}

/** What to make: shares in per cent, the rest are orders that trade at once. */
interface Mix {
  readonly name: string;
  readonly resting: number;
  readonly adds: number;
  readonly cancels: number;
  readonly spread: number;
}

const MIXES: readonly Mix[] = [
  { name: "mixed", resting: 10_000, adds: 50, cancels: 38, spread: 8 },
  { name: "match", resting: 2_000, adds: 50, cancels: 0, spread: 2 },
];

export const workloads = (steps: number): Workload[] =>
  MIXES.map((mix) => new Maker(mix).make(steps));

/** The setup or the main part of a workload as the engine's records. */
export const encoded = (steps: readonly Step[]): RecordWriter => {
  const writer = new RecordWriter(steps.length * 40);
  for (const { orderId, side, timeInForce, price, quantity } of steps) {
    if (quantity === 0) {
      writeCommand(writer, { kind: "cancel", market: 1, account: 1, orderId });
    } else {
      const terms = { side, timeInForce, price, quantity, quoteQuantity: 0 };
      writeCommand(writer, { kind: "place", market: 1, account: 1, type: "limit", ...terms });
    }
  }
  return writer;
};

/** Makes orders that fit the book as it then is: it runs an engine beside, to know what rests and at which prices. */
class Maker {
  readonly #mix: Mix;
  readonly #random: Random = new Random(42);
  readonly #engine: Engine;
  #middle = 50_000;
  /** Orders that rest, in no order, and where in that list each is. */
  readonly #resting: number[] = [];
  readonly #places: Map<number, number> = new Map();

  constructor(mix: Mix) {
    this.#mix = mix;
    this.#engine = new Engine({ handler: { event: (event) => this.#follow(event) } });
    this.#engine.addMarket(1, 1_000_000, 1_000_000, 1, 1, 1, 0);
  }

  make(steps: number): Workload {
    const { name, resting, adds, cancels } = this.#mix;
    const setup = Array.from({ length: resting }, () => this.#add());
    const main = Array.from({ length: steps }, () => this.#next());
    const taking = 100 - adds - cancels;
    const description = `${resting} orders resting, then ${adds} % rest, ${cancels} % cancel, ${taking} % trade at once`;
    return { name, description, setup, main };
  }

  #next(): Step {
    if (this.#random.below(16) === 0) this.#middle += this.#random.chance(50) ? 1 : -1;
    const { adds, cancels, resting } = this.#mix;
    const kind = this.#random.below(100);
    // Leans against growing and shrinking, so that the book stays as large as it should be.
    const count = this.#resting.length;
    if (kind < adds) return count > resting * 1.1 && cancels > 0 ? this.#cancel() : this.#add();
    if (kind < adds + cancels) return count < resting * 0.9 ? this.#add() : this.#cancel();
    return this.#take();
  }

  #add(): Step {
    const side = this.#random.chance(50) ? "buy" : "sell";
    const distance = 1 + this.#random.distance(this.#mix.spread);
    const price =
      side === "buy"
        ? Math.min(this.#middle - distance, (this.#engine.best(1, 1) || Infinity) - 1)
        : Math.max(this.#middle + distance, this.#engine.best(1, 0) + 1);
    return this.#place(side, "gtc", price, 1 + this.#random.below(100));
  }

  #take(): Step {
    const side =
      this.#engine.best(1, 1) === 0 || (this.#engine.best(1, 0) !== 0 && this.#random.chance(50))
        ? "sell"
        : "buy";
    const best = this.#engine.best(1, side === "buy" ? 1 : 0) || this.#middle;
    const reach = this.#random.below(6);
    const most = this.#resting.length > this.#mix.resting ? 180 : 100;
    const quantity = 1 + this.#random.below(most);
    const timeInForce = this.#random.chance(67) ? "ioc" : "gtc";
    return this.#place(side, timeInForce, side === "buy" ? best + reach : best - reach, quantity);
  }

  #place(side: "buy" | "sell", timeInForce: "gtc" | "ioc", price: number, quantity: number): Step {
    const sideCode = side === "buy" ? 0 : 1;
    const tif = timeInForce === "gtc" ? 0 : 1;
    const orderId = this.#engine.place(1, 1, sideCode, 0, tif, price, quantity, 0);
    if (this.#engine.order(orderId) !== undefined) {
      this.#places.set(orderId, this.#resting.length);
      this.#resting.push(orderId);
    }
    return { orderId, side, timeInForce, price, quantity };
  }

  #cancel(): Step {
    // Six in ten cancel one of the youngest orders, as people do.
    const count = this.#resting.length;
    const among = this.#random.chance(60) ? Math.min(count, 500) : count;
    const orderId = this.#resting[count - 1 - this.#random.below(among)] as number;
    this.#engine.cancel(1, 1, orderId);
    return { orderId, side: "buy", timeInForce: "gtc", price: 0, quantity: 0 };
  }

  #follow(event: EventRegister): void {
    if (event.kind !== EventKind.done) return;
    const place = this.#places.get(event.orderId);
    if (place === undefined) return;
    this.#places.delete(event.orderId);
    const last = this.#resting.pop() as number;
    if (last === event.orderId) return;
    this.#resting[place] = last;
    this.#places.set(last, place);
  }
}
