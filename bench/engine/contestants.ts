import { Engine, EventKind, type EventRegister } from "@pincex/engine";
import * as hftLimitOrderBook from "hft-limit-order-book";
import * as nodejsOrderBook from "nodejs-order-book";
import { secondsOf } from "./stopwatch.ts";
import { encoded, type Step, type Workload } from "./workload.ts";

/** What was done, and how long the main part took. All contestants must agree on trades and volume. */
export interface Outcome {
  readonly seconds: number;
  readonly steps: number;
  readonly trades: number;
  readonly volume: number;
}

/** Runs the setup, then measures the first `steps` of the main part. */
export interface Contestant {
  readonly name: string;
  run(workload: Workload, steps: number): Outcome;
}

class Tally {
  trades = 0;
  volume = 0;

  event(event: EventRegister): void {
    if (event.kind !== EventKind.trade) return;
    this.trades += 1;
    this.volume += event.quantity;
  }
}

/** Ours: encoded commands in bulk, every event written and handed to a handler that reads the trades. */
export const ours: Contestant = {
  name: "@pincex/engine",
  run(workload, steps) {
    const setup = encoded(workload.setup);
    const main = encoded(workload.main.slice(0, steps));
    const tally = new Tally();
    const engine = new Engine({ handler: tally });
    engine.addMarket(1, 1_000_000, 1_000_000, 1, 1, 1, 0);
    engine.processAll(setup.views, 0, setup.length);
    tally.trades = 0;
    tally.volume = 0;
    const seconds = secondsOf(() => engine.processAll(main.views, 0, main.length));
    return { seconds, steps, trades: tally.trades, volume: tally.volume };
  },
};

/** What both packages answer to an order. */
interface Processed {
  readonly done: readonly { readonly id?: string }[];
  readonly partial: { readonly id?: string } | null;
  readonly quantityLeft: number;
}

interface PackageBook {
  limit(order: {
    id: string;
    side: "buy" | "sell";
    price: number;
    size: number;
    timeInForce: "GTC" | "IOC";
  }): Processed;
  cancel(id: string): unknown;
}

/** A package of one author, in two generations with one interface. */
const packaged = (name: string, open: () => PackageBook): Contestant => ({
  name,
  run({ setup, main }, steps) {
    const book = open();
    // Ids are strings there. They are made beforehand, to measure the book alone.
    const ids = Array.from({ length: setup.length + steps + 1 }, (_, id) => `${id}`);
    for (const step of setup) perform(book, step, ids);
    const measured = main.slice(0, steps);
    let trades = 0;
    let volume = 0;
    const seconds = secondsOf(() => {
      for (const step of measured) {
        const processed = perform(book, step, ids);
        if (processed === undefined) continue;
        trades += tradesOf(processed, ids[step.orderId]);
        volume += step.quantity - processed.quantityLeft;
      }
    });
    return { seconds, steps, trades, volume };
  },
});

/** The orders that an answer names beside the one that came in are the makers. */
const tradesOf = ({ done, partial }: Processed, id: string | undefined): number => {
  const makers = done.filter((order) => order.id !== id).length;
  return partial === null || partial.id === id ? makers : makers + 1;
};

const perform = (book: PackageBook, step: Step, ids: readonly string[]): Processed | undefined => {
  const id = ids[step.orderId] as string;
  if (step.quantity === 0) {
    book.cancel(id);
    return undefined;
  }
  const { side, price, quantity: size } = step;
  return book.limit({
    id,
    side,
    price,
    size,
    timeInForce: step.timeInForce === "gtc" ? "GTC" : "IOC",
  });
};

export const peers: readonly Contestant[] = [
  packaged("nodejs-order-book", () => new nodejsOrderBook.OrderBook() as unknown as PackageBook),
  packaged(
    "hft-limit-order-book",
    () => new hftLimitOrderBook.OrderBook() as unknown as PackageBook,
  ),
];
