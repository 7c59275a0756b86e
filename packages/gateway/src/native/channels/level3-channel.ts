import type { OrderBooks, OrdersUpdate, PublicOrder } from "@pincex/market-data";
import type { MarketNumbers } from "../../market-numbers.ts";
import { type StreamSource, type StreamUpdate, updates } from "../../streaming/stream.ts";
import type { PublicBody } from "../message-schemas.ts";
import { timeText } from "../messages.ts";
import type { ChannelInputs } from "./channel-inputs.ts";

type Change = PublicBody<"level3">["update"]["changes"][number];

/** The book order by order, numbered by its changes; each message has those of one command. */
export const level3Source = (
  numbers: MarketNumbers,
  orderBooks: OrderBooks,
  { replay }: ChannelInputs,
): StreamSource => {
  const { market } = numbers.market;
  const update = ({ at, sequence, changes }: OrdersUpdate): StreamUpdate => {
    const body: PublicBody<"level3">["update"] = {
      at: timeText(at),
      changes: changes.map((change) => changeMessage(numbers, change)),
    };
    return { seq: sequence, body };
  };
  const order = ({ orderId, price, quantity }: PublicOrder): [string, string, string] => [
    String(orderId),
    numbers.price(price),
    numbers.quantity(quantity),
  ];
  return {
    number: () => orderBooks.book(market, 0).sequence,
    start: (tell) => {
      const hear = (told: OrdersUpdate): void => {
        if (told.market === market) tell(update(told));
      };
      orderBooks.on("orders", hear);
      return () => orderBooks.off("orders", hear);
    },
    flush: () => {},
    snapshot: (): PublicBody<"level3">["snapshot"] => {
      const { bids, asks } = orderBooks.book(market, Number.MAX_SAFE_INTEGER);
      return { bids: bids.map(order), asks: asks.map(order) };
    },
    since: (seq) => {
      const changes = replay.orders(market, seq);
      return changes && updates(changes, update);
    },
  };
};

const changeMessage = (numbers: MarketNumbers, change: OrdersUpdate["changes"][number]): Change => {
  const id = String(change.orderId);
  switch (change.kind) {
    case "order_shown": {
      const { side, price, quantity } = change;
      return {
        kind: "shown",
        id,
        side,
        price: numbers.price(price),
        quantity: numbers.quantity(quantity),
      };
    }
    case "order_changed":
      return { kind: "changed", id, quantity: numbers.quantity(change.quantity) };
    case "order_gone":
      return { kind: "gone", id };
  }
};
