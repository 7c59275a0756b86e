import { invariant } from "../invariant.ts";
import { Place } from "../memory/condition-store.ts";
import { bookSide, type PriceLevels } from "../memory/price-levels.ts";
import type { OrderBooks } from "../order-books.ts";
import { keepsUncrossed } from "../phases/phase-rules.ts";
import { Side } from "../side.ts";
import { isCount, isMultipleOf } from "../whole-number.ts";

/** Throws `InvariantViolation` unless all that must hold between two commands does. Walks the whole state. */
export const checkInvariants = (books: OrderBooks): void => {
  const { markets, levels, hidden, orders, index, conditions } = books;
  invariant(isCount(books.nextOrderId) && books.nextOrderId > 0, "order ids count from 1");
  invariant(isCount(books.nextTradeId) && books.nextTradeId > 0, "trade ids count from 1");
  invariant(isCount(books.time), "time is a whole number");
  let orderCount = 0;
  let conditionedCount = 0;
  const levelCounts = new Map<PriceLevels, number>([
    [levels, 0],
    [hidden, 0],
  ]);
  for (let row = 1; row <= markets.count; row += 1) {
    invariant(markets.row(markets.market(row)) === row, "every market is found by its number");
    for (const [book, counted] of levelCounts) {
      const found = [Side.buy, Side.sell].map((side) => checkSide(books, book, row, side));
      levelCounts.set(
        book,
        found.reduce((sum, count) => sum + count, counted),
      );
    }
    const all = books.ordersOf(row);
    orderCount += all.length;
    const conditioned = all.filter((slot) => conditions.has(slot)).length;
    conditionedCount += conditioned;
    invariant(markets.conditioned(row) === conditioned, "a market counts its conditioned orders");
    checkWaiting(books, row);
    checkCounts(books, row, all);
    checkLists(books, row, all);
    checkNames(books, all);
    invariant(
      markets.isFollowed(row) === (books.pegged.hasAny(row) || books.allOrNone.of(row).length > 0),
      "a market knows whether orders follow what rests",
    );
    const bid = books.bestPrice(row, Side.buy);
    const ask = books.bestPrice(row, Side.sell);
    invariant(
      !keepsUncrossed(markets.phase(row)) || bid === 0 || ask === 0 || bid < ask,
      "a book is never crossed",
    );
  }
  invariant(orderCount === orders.count, "every order hangs in a level, or waits");
  invariant(orderCount === index.count(), "every order, and no other, has an entry by its id");
  invariant(conditionedCount === conditions.count, "every record of conditions is an order's");
  for (const [book, counted] of levelCounts) {
    invariant(counted === book.count, "every level hangs in a book");
  }
};

/** Answers how many levels there are. */
const checkSide = (books: OrderBooks, book: PriceLevels, row: number, side: number): number => {
  const { markets } = books;
  let count = 0;
  let better = Number.POSITIVE_INFINITY;
  const name = bookSide(row, side);
  for (let level = book.best(name); level !== 0; level = book.worse(level)) {
    invariant(book.key(level) < better, "levels follow one another from best to worst");
    better = book.key(level);
    const price = book.price(level);
    invariant(book.bookSide(level) === name, "a level knows its book");
    invariant(book.find(name, price) === level, "every level is found by its price");
    invariant(
      price > 0 && price <= markets.maxPrice(row),
      "a price is within its market's maximum",
    );
    invariant(
      markets.hasChanged(row) || price % markets.priceIncrement(row) === 0,
      "in a market that never changed, a price is a multiple of its increment",
    );
    checkLevel(books, book, row, level);
    count += 1;
  }
  const best = book.best(name);
  invariant(
    book.bestKey(name) === (best === 0 ? 0 : book.key(best)),
    "the best key is the best level's",
  );
  return count;
};

const checkLevel = (books: OrderBooks, book: PriceLevels, row: number, level: number): void => {
  const { orders } = books;
  let quantity = 0;
  let count = 0;
  let previous = 0;
  for (let slot = book.first(level); slot !== 0; slot = orders.next(slot)) {
    checkOrder(books, row, slot);
    invariant(orders.level(slot) === level, "an order knows its level");
    invariant(books.bookOf(slot) === book, "an order knows its book");
    invariant(orders.previous(slot) === previous, "a level's queue reads both ways");
    quantity += orders.remaining(slot);
    count += 1;
    previous = slot;
  }
  invariant(count > 0, "a level has an order");
  invariant(book.last(level) === previous, "a level knows the last of its queue");
  invariant(book.orders(level) === count, "a level counts its orders");
  invariant(book.quantity(level) === quantity, "a level's quantity is the sum of its orders'");
};

const checkOrder = (books: OrderBooks, row: number, slot: number): void => {
  const { orders, markets, index, conditions } = books;
  const remaining = books.remainingOf(slot);
  const shown = orders.remaining(slot);
  const display = conditions.displayQuantity(slot);
  invariant(shown > 0 && remaining <= orders.quantity(slot), "a resting order has something left");
  invariant(display === 0 || shown <= display, "an iceberg shows no more than it says");
  invariant(display !== 0 || shown === remaining, "only icebergs have a reserve");
  invariant(
    orders.quantity(slot) <= markets.maxQuantity(row),
    "a quantity is within its market's maximum",
  );
  invariant(
    markets.hasChanged(row) || isMultipleOf(remaining, markets.quantityIncrement(row)),
    "in a market that never changed, a quantity is a multiple of its increment",
  );
  invariant(orders.account(slot) > 0, "a resting order has an owner");
  invariant(
    isCount(orders.id(slot)) && orders.id(slot) < books.nextOrderId,
    "ids come from the counter",
  );
  invariant(index.find(orders.id(slot)) === slot, "every order is found by its id");
};

const checkCounts = (books: OrderBooks, row: number, slots: readonly number[]): void => {
  const accounts = slots.map((slot) => books.orders.account(slot));
  const { maxOpenOrders } = books.markets.protection(row);
  for (const account of maxOpenOrders === 0 ? [] : new Set(accounts)) {
    const open = accounts.filter((each) => each === account).length;
    invariant(
      books.openOrders.count(row, account) === open,
      "where orders are limited, an account's are counted",
    );
  }
};

/** Every order that is in a list, and no other, is one of the orders that a list has. */
const checkLists = (books: OrderBooks, row: number, slots: readonly number[]): void => {
  const { index, conditions, lists } = books;
  let count = 0;
  for (const list of lists.of(row)) {
    const ids = list.working === 0 ? list.legs : [list.working, ...list.legs];
    for (const id of ids) {
      const slot = index.find(id);
      invariant(slot !== 0, "an order of a list is open");
      invariant(conditions.listId(slot) === list.id, "an order of a list knows its list");
      count += 1;
    }
    if (list.working === 0) continue;
    for (const id of list.legs)
      invariant(
        conditions.place(index.find(id)) === Place.pending,
        "what a working order is for is pending",
      );
  }
  const inLists = slots.filter((slot) => conditions.listId(slot) !== 0).length;
  invariant(count === inLists, "an order's list has the order");
  const isInBook = (id: number): boolean => !books.isWaiting(index.find(id));
  invariant(
    lists.of(row).every(({ working, legs }) => working !== 0 || legs.filter(isInBook).length < 2),
    "of a pair at most one is in the book",
  );
};

const checkNames = (books: OrderBooks, slots: readonly number[]): void => {
  const { conditions, orders, clientOrderIds } = books;
  for (const slot of slots) {
    const name = conditions.clientOrderId(slot);
    invariant(
      name === 0 || clientOrderIds.find(orders.account(slot), name) === slot,
      "an order is found by its owner's name for it",
    );
  }
};

const checkWaiting = (books: OrderBooks, row: number): void => {
  const { orders, index } = books;
  for (const slot of [...books.waitingOf(row), ...books.pending.of(row)]) {
    invariant(books.isWaiting(slot), "an order that waits knows that it does");
    invariant(books.rowOf(slot) === row, "an order that waits knows its market");
    invariant(orders.account(slot) > 0, "a waiting order has an owner");
    invariant(index.find(orders.id(slot)) === slot, "every order is found by its id");
  }
};
