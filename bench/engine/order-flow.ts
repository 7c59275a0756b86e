import {
  Engine,
  EventKind,
  type EventRegister,
  OrderType,
  Side,
  TimeInForce,
} from "@pincex/engine";
import { CommandList } from "./command-list.ts";
import type { Mix } from "./mixes.ts";
import { Random } from "./random.ts";
import { CommandType, type Workload } from "./workload.ts";

const ACCOUNT = 1;
const MIDDLE = 50_000;
const MOST = 1_000_000;

/** A workload of a mix. The same seed makes the same workload on every machine. */
export const generated = (mix: Mix, seed: number): Workload => new OrderFlow(mix, seed).workload();

/**
 * Makes orders that fit the books as they then are: it runs an engine beside, to know what rests and at which prices. The
 * engine counts its ids as the workload does, because it accepts every order.
 */
class OrderFlow {
  readonly #mix: Mix;
  readonly #random: Random;
  readonly #commands: CommandList;
  readonly #engine: Engine;
  /** The middle of each symbol's market, which wanders. */
  readonly #middles: number[];
  /** Each symbol's resting orders, in no order; and where in its list each order is, from 1. */
  readonly #resting: number[][];
  readonly #places: Int32Array;

  constructor(mix: Mix, seed: number) {
    const commands = mix.symbols * mix.resting + mix.main;
    this.#mix = mix;
    this.#random = new Random(seed);
    this.#commands = new CommandList(commands);
    this.#engine = new Engine({ handler: { event: (event) => this.#follow(event) } });
    this.#middles = Array.from({ length: mix.symbols }, () => MIDDLE);
    this.#resting = Array.from({ length: mix.symbols }, () => []);
    this.#places = new Int32Array(commands + 1);
    for (let symbol = 0; symbol < mix.symbols; symbol += 1) {
      this.#engine.addMarket(symbol + 1, MOST, MOST, 1, 1, 1, 0);
    }
  }

  workload(): Workload {
    const { symbols, resting, main } = this.#mix;
    const setup = symbols * resting;
    for (let order = 0; order < setup; order += 1) this.#add(order % symbols, true);
    for (let turn = 0; turn < main; turn += 1) this.#next();
    return this.#commands.workload(setup, symbols);
  }

  #next(): void {
    const { symbols, adds, cancels, resting } = this.#mix;
    const symbol = this.#random.below(symbols);
    if (this.#random.below(16) === 0) this.#wander(symbol);
    const kind = this.#random.below(100);
    const count = this.#count(symbol);
    // Leans against growing and shrinking, so that the book stays about as large as it should be.
    const isTooLarge = count > resting * 1.1 && this.#random.chance(25);
    const isTooSmall = count < resting * 0.9 && this.#random.chance(25);
    if (count < 4) this.#add(symbol, false);
    else if (kind >= adds + cancels) this.#take(symbol);
    else if (kind < adds ? isTooLarge && cancels > 0 : !isTooSmall) this.#cancel(symbol);
    else this.#add(symbol, false);
  }

  #wander(symbol: number): void {
    this.#middles[symbol] = this.#middle(symbol) + (this.#random.chance(50) ? 1 : -1);
  }

  #add(symbol: number, isSetup: boolean): void {
    const side = this.#random.chance(50) ? Side.buy : Side.sell;
    const distance = 1 + this.#distance(isSetup);
    const middle = this.#middle(symbol);
    const price =
      side === Side.buy
        ? Math.min(middle - distance, (this.#best(symbol, Side.sell) || Infinity) - 1)
        : Math.max(middle + distance, this.#best(symbol, Side.buy) + 1);
    this.#place(symbol, CommandType.limit, side, TimeInForce.gtc, price, this.#lots(100));
  }

  #distance(isSetup: boolean): number {
    const { evenly, spread } = this.#mix;
    const isEven = evenly > 0 && (isSetup || this.#random.chance(30));
    return isEven ? this.#random.below(evenly) : this.#random.distance(spread);
  }

  /** A third each: a market order, and a limit a few ticks beyond the best price that may or may not rest. */
  #take(symbol: number): void {
    const side = this.#takingSide(symbol);
    const best = this.#best(symbol, 1 - side) || this.#middle(symbol);
    const reach = this.#random.below(6);
    const price = side === Side.buy ? best + reach : best - reach;
    const quantity = this.#lots(this.#count(symbol) > this.#mix.resting ? 160 : 100);
    const kind = this.#random.below(3);
    if (kind === 0) {
      this.#place(symbol, CommandType.market, side, TimeInForce.gtc, 0, quantity);
      return;
    }
    const timeInForce = kind === 1 ? TimeInForce.ioc : TimeInForce.gtc;
    this.#place(symbol, CommandType.limit, side, timeInForce, price, quantity);
  }

  /** The side that brings the best prices back towards the middle is likelier. */
  #takingSide(symbol: number): number {
    const bid = this.#best(symbol, Side.buy);
    const ask = this.#best(symbol, Side.sell);
    if (bid === 0) return Side.buy;
    if (ask === 0) return Side.sell;
    const buys = bid + ask < this.#middle(symbol) * 2 ? 70 : 30;
    return this.#random.chance(buys) ? Side.buy : Side.sell;
  }

  #place(
    symbol: number,
    type: number,
    side: number,
    timeInForce: number,
    price: number,
    quantity: number,
  ): void {
    const isMarket = type === CommandType.market;
    const orderId = this.#engine.place(
      symbol + 1,
      ACCOUNT,
      side,
      isMarket ? OrderType.market : OrderType.limit,
      isMarket ? TimeInForce.ioc : timeInForce,
      price,
      quantity,
      0,
    );
    this.#commands.add({ type, side, timeInForce, symbol, orderId, price, quantity });
    if (this.#engine.order(orderId) === undefined) return;
    const resting = this.#resting[symbol] as number[];
    this.#places[orderId] = resting.push(orderId);
  }

  /** Six in ten cancel one of the youngest orders, as people do. */
  #cancel(symbol: number): void {
    const resting = this.#resting[symbol] as number[];
    const young = this.#random.chance(60) ? Math.min(resting.length, 500) : resting.length;
    const orderId = resting[resting.length - 1 - this.#random.below(young)] as number;
    const side = this.#engine.order(orderId)?.side === "sell" ? Side.sell : Side.buy;
    const type = CommandType.cancel;
    const timeInForce = TimeInForce.gtc;
    this.#commands.add({ type, side, timeInForce, symbol, orderId, price: 0, quantity: 0 });
    this.#engine.cancel(symbol + 1, ACCOUNT, orderId);
  }

  #follow(event: EventRegister): void {
    if (event.kind !== EventKind.done) return;
    const place = this.#places[event.orderId] as number;
    if (place === 0) return;
    this.#places[event.orderId] = 0;
    const resting = this.#resting[event.market - 1] as number[];
    const last = resting.pop() as number;
    if (last === event.orderId) return;
    resting[place - 1] = last;
    this.#places[last] = place;
  }

  #best(symbol: number, side: number): number {
    return this.#engine.best(symbol + 1, side);
  }

  #middle(symbol: number): number {
    return this.#middles[symbol] as number;
  }

  #count(symbol: number): number {
    return this.#resting[symbol]?.length ?? 0;
  }

  #lots(most: number): number {
    return 1 + this.#random.below(most);
  }
}
