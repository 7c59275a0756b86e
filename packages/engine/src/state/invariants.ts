import { invariant } from "../invariant.ts";
import { bookSide } from "../memory/price-levels.ts";
import type { OrderBooks } from "../order-books.ts";
import { Side } from "../side.ts";
import { isCount, isMultipleOf } from "../whole-number.ts";

/** Throws `InvariantViolation` unless all that must hold between two commands does. Walks the whole state. */
export const checkInvariants = (books: OrderBooks): void => {
  const { markets, levels, orders, index } = books;
  invariant(isCount(books.nextOrderId) && books.nextOrderId > 0, "order ids count from 1");
  invariant(isCount(books.nextTradeId) && books.nextTradeId > 0, "trade ids count from 1");
  let orderCount = 0;
  let levelCount = 0;
  for (let row = 1; row <= markets.count; row += 1) {
    invariant(markets.row(markets.market(row)) === row, "every market is found by its number");
    const best = [Side.buy, Side.sell].map((side) => {
      const counted = checkSide(books, row, side);
      orderCount += counted.orders;
      levelCount += counted.levels;
      return levels.best(bookSide(row, side));
    });
    const [bid = 0, ask = 0] = best;
    invariant(
      bid === 0 || ask === 0 || levels.price(bid) < levels.price(ask),
      "a book is never crossed",
    );
  }
  invariant(orderCount === orders.count, "every order hangs in a level");
  invariant(orderCount === index.count(), "every order, and no other, has an entry by its id");
  invariant(levelCount === levels.count, "every level hangs in a book");
};

const checkSide = (
  books: OrderBooks,
  row: number,
  side: number,
): { orders: number; levels: number } => {
  const { levels, markets } = books;
  const counted = { orders: 0, levels: 0 };
  let better = Number.POSITIVE_INFINITY;
  const name = bookSide(row, side);
  for (let level = levels.best(name); level !== 0; level = levels.worse(level)) {
    invariant(levels.key(level) < better, "levels follow one another from best to worst");
    better = levels.key(level);
    const price = levels.price(level);
    invariant(levels.bookSide(level) === name, "a level knows its book");
    invariant(levels.find(name, price) === level, "every level is found by its price");
    invariant(
      price > 0 && price <= markets.maxPrice(row),
      "a price is within its market's maximum",
    );
    invariant(price % markets.priceIncrement(row) === 0, "a price is a multiple of its increment");
    counted.orders += checkLevel(books, row, level);
    counted.levels += 1;
  }
  const best = levels.best(name);
  invariant(
    levels.bestKey(name) === (best === 0 ? 0 : levels.key(best)),
    "the best key is the best level's",
  );
  return counted;
};

const checkLevel = (books: OrderBooks, row: number, level: number): number => {
  const { levels, orders } = books;
  let quantity = 0;
  let count = 0;
  let previous = 0;
  for (let slot = levels.first(level); slot !== 0; slot = orders.next(slot)) {
    checkOrder(books, row, slot);
    invariant(orders.level(slot) === level, "an order knows its level");
    invariant(orders.previous(slot) === previous, "a level's queue reads both ways");
    invariant(
      previous === 0 || orders.id(previous) < orders.id(slot),
      "older orders stand before younger ones",
    );
    quantity += orders.remaining(slot);
    count += 1;
    previous = slot;
  }
  invariant(count > 0, "a level has an order");
  invariant(levels.last(level) === previous, "a level knows the last of its queue");
  invariant(levels.orders(level) === count, "a level counts its orders");
  invariant(levels.quantity(level) === quantity, "a level's quantity is the sum of its orders'");
  return count;
};

const checkOrder = (books: OrderBooks, row: number, slot: number): void => {
  const { orders, markets, index } = books;
  const remaining = orders.remaining(slot);
  invariant(
    remaining > 0 && remaining <= orders.quantity(slot),
    "a resting order has something left",
  );
  invariant(
    orders.quantity(slot) <= markets.maxQuantity(row),
    "a quantity is within its market's maximum",
  );
  invariant(
    isMultipleOf(remaining, markets.quantityIncrement(row)),
    "a quantity is a multiple of its increment",
  );
  invariant(orders.account(slot) > 0, "a resting order has an owner");
  invariant(
    isCount(orders.id(slot)) && orders.id(slot) < books.nextOrderId,
    "ids come from the counter",
  );
  invariant(index.find(orders.id(slot)) === slot, "every order is found by its id");
};
