import { decodeEvent, Engine, type EngineEvent, type SideName } from "@pincex/engine";
import type { Intent, MarketRules, MarketSight, TraderSight } from "../market-sight.ts";
import { firstTurn, nextTurn, type SimulatedMarket, type TurnState } from "../market-turn.ts";

type Trade = Extract<EngineEvent, { kind: "trade" }>;
type Rejected = Extract<EngineEvent, { kind: "rejected" }>;
interface Open {
  readonly account: number;
  readonly side: SideName;
  readonly price: number;
  remaining: number;
}

export const TOY_RULES: MarketRules = {
  market: 1,
  maxPrice: 100_000_000,
  maxQuantity: 90_000_000,
  priceIncrement: 1,
  quantityIncrement: 1,
  minQuantity: 1,
  minNotional: 50_000_000,
};

const MAKER = 1;
const NOISE = [2, 3, 4];
const FEE_PPM = 1_000;

/** The real engine, and the plainest accounting that could judge the traders: lots and ticks × lots, fees taken, no holds. */
export class ToyMarket {
  readonly simulated: SimulatedMarket;
  readonly trades: Trade[] = [];
  readonly rejections: Rejected[] = [];
  readonly intents: Intent[] = [];
  readonly #engine: Engine;
  readonly #open = new Map<number, Open>();
  readonly #lots: Map<number, number>;
  readonly #notional: Map<number, number>;
  state: TurnState;

  constructor(simulated: SimulatedMarket, endowment: { lots: number; notional: number }) {
    this.simulated = simulated;
    this.#lots = new Map([MAKER, ...NOISE].map((account) => [account, endowment.lots]));
    this.#notional = new Map([MAKER, ...NOISE].map((account) => [account, endowment.notional]));
    this.#engine = new Engine({
      handler: { event: ({ views }) => this.#follow(decodeEvent(views, 0)) },
    });
    const {
      market,
      maxPrice,
      maxQuantity,
      priceIncrement,
      quantityIncrement,
      minQuantity,
      minNotional,
    } = simulated.rules;
    this.#engine.addMarket(
      market,
      maxPrice,
      maxQuantity,
      priceIncrement,
      quantityIncrement,
      minQuantity,
      minNotional,
    );
    this.state = firstTurn(simulated);
  }

  get openOrders(): number {
    return this.#open.size;
  }

  levels(side: SideName): number {
    return this.#engine.depth(this.simulated.rules.market, side === "buy" ? 0 : 1, 1_000).length;
  }

  /** Whatever everybody could still spend, holds subtracted; below zero would be money out of nothing. */
  leastAvailable(): number {
    const { maker, noise } = this.sight();
    return Math.min(
      ...[maker, ...noise].flatMap((each) => [each.availableLots, each.availableNotional]),
    );
  }

  sight(): MarketSight {
    const { market } = this.simulated.rules;
    return {
      bestBid: this.#engine.best(market, 0),
      bestAsk: this.#engine.best(market, 1),
      maker: this.#traderSight(MAKER),
      noise: NOISE.map((account) => this.#traderSight(account)),
    };
  }

  turn(): void {
    const { state, intents } = nextTurn(this.simulated, this.state, this.sight());
    this.state = state;
    for (const intent of intents) this.#submit(intent);
  }

  turns(count: number): this {
    for (let turn = 0; turn < count; turn += 1) this.turn();
    return this;
  }

  #submit(intent: Intent): void {
    this.intents.push(intent);
    const { market } = this.simulated.rules;
    if (intent.kind === "cancel") {
      this.#engine.cancel(market, intent.account, intent.orderId);
      return;
    }
    const { account, side, type, price, quantity } = intent;
    const [typeCode, timeInForce] = type === "market" ? [1, 1] : [0, 0];
    const sideCode = side === "buy" ? 0 : 1;
    this.#engine.place(
      market,
      account,
      sideCode as 0,
      typeCode as 0,
      timeInForce as 0,
      price,
      quantity,
      0,
    );
  }

  #traderSight(account: number): TraderSight {
    const orders = [...this.#open].filter(([, order]) => order.account === account);
    const held = (side: SideName, worth: (order: Open) => number): number =>
      orders.reduce((sum, [, order]) => sum + (order.side === side ? worth(order) : 0), 0);
    const lots = this.#lots.get(account) ?? 0;
    const total = [...this.#lots.values()].reduce((sum, owned) => sum + owned, 0);
    return {
      account,
      orders: orders.map(([orderId, { side, price }]) => ({ orderId, side, price })),
      availableLots: lots - held("sell", ({ remaining }) => remaining),
      availableNotional:
        (this.#notional.get(account) ?? 0) -
        held("buy", ({ remaining, price }) => remaining * price),
      surplusLots: lots - Math.floor(total / this.#lots.size),
    };
  }

  #follow(event: EngineEvent): void {
    if (event.kind === "rejected") this.rejections.push(event);
    if (event.kind === "accepted" && event.type === "limit") {
      const { account, side, price, quantity } = event;
      this.#open.set(event.orderId, { account, side, price, remaining: quantity });
    }
    if (event.kind === "done") this.#open.delete(event.orderId);
    if (event.kind === "trade") this.#settle(event);
  }

  #settle(trade: Trade): void {
    this.trades.push(trade);
    for (const orderId of [trade.makerOrderId, trade.takerOrderId]) {
      const order = this.#open.get(orderId);
      if (order !== undefined) order.remaining -= trade.quantity;
    }
    const [buyer, seller] =
      trade.takerSide === "buy"
        ? [trade.takerAccount, trade.makerAccount]
        : [trade.makerAccount, trade.takerAccount];
    const notional = trade.price * trade.quantity;
    const afterFee = (amount: number): number => amount - Math.ceil((amount / 1_000_000) * FEE_PPM);
    this.#add(this.#lots, buyer, afterFee(trade.quantity));
    this.#add(this.#lots, seller, -trade.quantity);
    this.#add(this.#notional, buyer, -notional);
    this.#add(this.#notional, seller, afterFee(notional));
  }

  #add(wealth: Map<number, number>, account: number, amount: number): void {
    wealth.set(account, (wealth.get(account) ?? 0) + amount);
  }
}
