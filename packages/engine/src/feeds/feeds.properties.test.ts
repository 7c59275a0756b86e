import fc from "fast-check";
import { expect, test } from "vitest";
import type { EngineCommand } from "../commands/command.ts";
import { Engine } from "../engine.ts";
import type { EngineHandler } from "../engine-handler.ts";
import { Side, type SideName } from "../side.ts";
import { conditionedFlow, dependentFlow } from "../testing/conditioned-flow.ts";
import { MARKETS } from "../testing/order-flow.ts";
import { OrderFeed, type OrderFeedMessage } from "./order-feed.ts";
import { type TopOfBook, TopOfBookFeed, topOfBook } from "./top-of-book.ts";

const numRuns = Math.ceil(Number(process.env["PINCEX_ENGINE_FLOWS"] ?? 120) / 4);

interface Shown {
  readonly orderId: number;
  readonly price: number;
  readonly quantity: number;
}

/** A book that somebody keeps who hears the order-level feed and nothing else: every side in the order of the messages. */
class KeptBook {
  readonly #orders: Map<number, Shown & { market: number; side: SideName }> = new Map();

  hear(message: OrderFeedMessage): void {
    const { orderId } = message;
    const known = this.#orders.get(orderId);
    if (message.kind === "order_shown") {
      expect(known).toBeUndefined();
      this.#orders.set(orderId, message);
    } else {
      if (known === undefined) throw new Error(`#${orderId} is not known`);
      if (message.kind === "order_gone") this.#orders.delete(orderId);
      else this.#orders.set(orderId, { ...known, quantity: message.quantity });
    }
  }

  queue(market: number, side: SideName): Shown[] {
    const found = [...this.#orders.values()].filter(
      (order) => order.market === market && order.side === side,
    );
    const better = side === "buy" ? -1 : 1;
    return found
      .sort((one, other) => better * (one.price - other.price))
      .map(({ orderId, price, quantity }) => ({ orderId, price, quantity }));
  }
}

const queueOf = (engine: Engine, market: number, side: SideName): Shown[] => {
  const open = new Map(engine.openOrders(market).map((order) => [order.orderId, order]));
  return [...engine.restingOrders(market, Side[side])].map(({ orderId, price }) => ({
    orderId,
    price,
    quantity: open.get(orderId)?.shown ?? 0,
  }));
};

const opened = (handler: EngineHandler): Engine => {
  const engine = new Engine({ handler });
  for (const market of MARKETS) engine.perform(market);
  return engine;
};

const flows: [string, fc.Arbitrary<EngineCommand[]>][] = [
  ["flow of all commands", conditionedFlow],
  ["flow of orders that depend on others", dependentFlow],
];

test.each(flows)(
  "for any %s / who hears the order-level feed has every queue as it is",
  (_, flow) => {
    fc.assert(
      fc.property(flow, (commands) => {
        const kept = new KeptBook();
        const feed = new OrderFeed((message) => kept.hear(message));
        const engine = opened(feed);
        for (const command of commands) {
          engine.perform(command);
          feed.settle();
          for (const { market } of MARKETS) {
            for (const side of ["buy", "sell"] as const)
              expect(kept.queue(market, side)).toEqual(queueOf(engine, market, side));
          }
        }
      }),
      { numRuns },
    );
  },
);

test.each(flows)("for any %s / a feed restored in between goes on the same", (_, flow) => {
  fc.assert(
    fc.property(flow, fc.nat(40), (commands, cut) => {
      const kept = new KeptBook();
      let feed = new OrderFeed((message) => kept.hear(message));
      const engine = opened({ event: (event) => feed.event(event) });
      commands.forEach((command, index) => {
        engine.perform(command);
        feed.settle();
        if (index === cut) {
          const state = structuredClone(feed.state());
          feed = OrderFeed.restored((message) => kept.hear(message), state);
          expect(feed.state()).toEqual(state);
        }
      });
      for (const { market } of MARKETS) {
        for (const side of ["buy", "sell"] as const)
          expect(kept.queue(market, side)).toEqual(queueOf(engine, market, side));
      }
    }),
    { numRuns },
  );
});

test.each(flows)(
  "for any %s / the top of the book is told when it changes, and only then",
  (_, flow) => {
    fc.assert(
      fc.property(flow, (commands) => {
        const told = new Map<number, TopOfBook>();
        const feed = new TopOfBookFeed((top) => {
          expect(top).not.toEqual(told.get(top.market));
          told.set(top.market, top);
        });
        const engine = opened(feed);
        for (const command of commands) {
          engine.perform(command);
          feed.settle(engine);
          for (const { market } of MARKETS) {
            const none = { market, bid: undefined, ask: undefined };
            expect(told.get(market) ?? none).toEqual(topOfBook(engine, market));
          }
        }
      }),
      { numRuns },
    );
  },
);
