import type { BookLevel, Engine } from "../engine.ts";
import type { EngineHandler } from "../engine-handler.ts";
import { EventKind } from "../events/event-layout.ts";
import type { EventRegister } from "../events/event-register.ts";
import { Side } from "../side.ts";

/** The best that everybody sees on both sides of a market. */
export interface TopOfBook {
  readonly market: number;
  /** `undefined`: nothing is shown on that side. */
  readonly bid: BookLevel | undefined;
  readonly ask: BookLevel | undefined;
}

/** The best levels of a market as they are now. */
export const topOfBook = (engine: Engine, market: number): TopOfBook => {
  const [bid] = engine.depth(market, Side.buy, 1);
  const [ask] = engine.depth(market, Side.sell, 1);
  return { market, bid, ask };
};

/**
 * The best bid and offer (L1), whenever they change: price, lots or number of orders. Give it every event, and `settle` after
 * each command with the engine: it then tells the markets whose top is no longer what was told last.
 *
 * @example
 * ```ts
 * import { Engine, OrderType, Side, TimeInForce, TopOfBookFeed } from "@pincex/engine";
 *
 * const asks: (number | undefined)[] = [];
 * const feed = new TopOfBookFeed(({ ask }) => asks.push(ask?.price));
 * const engine = new Engine({ handler: feed });
 * engine.addMarket(1, 1_000, 1_000, 1, 1, 0, 0);
 * for (const price of [103, 101, 102]) {
 *   engine.place(1, 7, Side.sell, OrderType.limit, TimeInForce.gtc, price, 5, 0);
 *   feed.settle(engine);
 * }
 * asks; // => [103, 101]
 * ```
 */
export class TopOfBookFeed implements EngineHandler {
  readonly #listener: (top: TopOfBook) => void;
  readonly #touched: Set<number> = new Set();
  readonly #told: Map<number, TopOfBook> = new Map();

  constructor(listener: (top: TopOfBook) => void) {
    this.#listener = listener;
  }

  event(event: EventRegister): void {
    if (event.kind === EventKind.levelChanged) this.#touched.add(event.market);
  }

  /** A command is done: tells what it has changed, by market in the order of their first changes. */
  settle(engine: Engine): void {
    for (const market of this.#touched) {
      const top = topOfBook(engine, market);
      const before = this.#told.get(market);
      if (isSame(top.bid, before?.bid) && isSame(top.ask, before?.ask)) continue;
      this.#told.set(market, top);
      this.#listener(top);
    }
    this.#touched.clear();
  }
}

const isSame = (one: BookLevel | undefined, other: BookLevel | undefined): boolean =>
  one?.price === other?.price && one?.quantity === other?.quantity && one?.orders === other?.orders;
