import { Engine } from "../engine.ts";
import { EventKind } from "../events/event-layout.ts";
import type { EventRegister } from "../events/event-register.ts";
import { Side } from "../side.ts";

/** A message of the public survey: type (0 new, 1 cancel, 2 modify), side, ioc, quantity, id, price. */
export type SurveyMessage = readonly [number, number, number, number, number, number];

const NEW = 0;
const CANCEL = 1;
const MARKET = 1;
const ACCOUNT = 1;
const HIGHEST_PRICE = 2 ** 31 - 2;
const LARGEST_QUANTITY = 2 ** 22;

/**
 * The survey's protocol over the engine. It names orders by ids of its own, which it may use again, and has a "modify"
 * that cancels and enters anew; everything else is the engine's own.
 */
export class SurveyAdapter {
  /** Lines of the report stream. */
  readonly report: string[] = [];
  readonly #engine: Engine;
  /** The survey's ids by the engine's, and the other way round for orders that rest. */
  readonly #surveyIds: number[] = [0];
  readonly #orderIds: Map<number, number> = new Map();
  #sequence = 0;
  #trades: string[] = [];

  constructor() {
    this.#engine = new Engine({ handler: { event: (event) => this.#follow(event) } });
    this.#engine.addMarket(MARKET, HIGHEST_PRICE, LARGEST_QUANTITY, 1, 1, 0, 0);
  }

  apply([type, side, ioc, quantity, id, price]: SurveyMessage): void {
    const sequence = this.#sequence;
    if (type === NEW) {
      this.report.push(`0,${sequence},${side},${id},${price},${quantity}`);
      this.#enter(id, side, ioc, price, quantity);
    } else if (type === CANCEL) {
      const order = this.#resting(id);
      if (order === undefined) this.report.push(`4,${sequence},${id}`);
      else {
        this.#engine.cancel(MARKET, ACCOUNT, order.orderId);
        this.report.push(`2,${sequence},${Side[order.side]},${id},${order.price}`);
      }
    } else {
      this.#modify(id, price, quantity);
    }
    this.#sequence += 1;
  }

  #modify(id: number, price: number, quantity: number): void {
    const order = this.#resting(id);
    if (order === undefined) {
      this.report.push(`5,${this.#sequence},${id}`);
      return;
    }
    const side = Side[order.side];
    this.#engine.cancel(MARKET, ACCOUNT, order.orderId);
    this.#enter(id, side, 0, price, quantity);
    this.report.push(`3,${this.#sequence},${side},${id},${price},${quantity}`);
  }

  /** Trades come before cancels and modifications of the same message, and after its acknowledgement. */
  #enter(id: number, side: number, ioc: number, price: number, quantity: number): void {
    this.#surveyIds.push(id);
    this.#trades = [];
    const orderId = this.#engine.place(MARKET, ACCOUNT, side, 0, ioc, price, quantity, 0);
    this.report.push(...this.#trades);
    const rests = this.#engine.order(orderId) !== undefined;
    if (rests) this.#orderIds.set(id, orderId);
    else if (ioc === 1 && this.#dropped) {
      this.report.push(`2,${this.#sequence},${side},${id},${price}`);
    }
  }

  #dropped = false;

  #resting(id: number) {
    const orderId = this.#orderIds.get(id);
    return orderId === undefined ? undefined : this.#engine.order(orderId);
  }

  #follow(event: EventRegister): void {
    if (event.kind === EventKind.trade) {
      const maker = this.#surveyIds[event.makerOrderId];
      const taker = this.#surveyIds[event.takerOrderId];
      this.#trades.push(`1,${this.#sequence},${event.price},${event.quantity},${maker},${taker}`);
    }
    if (event.kind === EventKind.done) this.#dropped = event.remaining > 0;
  }
}
