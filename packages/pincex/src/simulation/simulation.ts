import type { MarketData } from "@pincex/market-data";
import { encodeVenueCommand, type Venue, type VenueCommand } from "@pincex/venue";
import type { Views } from "@pincex/venue/views";
import type { Intent, MarketSight, TraderSight } from "./market-sight.ts";
import {
  firstTurn,
  nextTurn,
  type SimulatedMarket,
  simulatedMarket,
  type TurnState,
} from "./market-turn.ts";

/** A market to keep moving, and the price in ticks that its traders begin at. */
export interface Stage {
  readonly market: number;
  readonly anchor: number;
}

export interface SimulationOptions {
  readonly venue: Pick<Venue, "submit">;
  readonly views: Views;
  readonly marketData: MarketData;
  /** Accounts with money of their own, at least as much as they are to quote. */
  readonly marketMaker: number;
  readonly noiseTraders: readonly number[];
  readonly stages: readonly Stage[];
  /** An integer; the same one gives the same lattice of quotes and the same draws. */
  readonly seed: number;
}

/** Between two turns of one market: five turns a second make five to ten commands. */
const TURN_MS = 200;
/** After a refusal by an overloaded or a stopping venue. */
const PAUSE_MS = 2_000;

/**
 * The simulated traders at work: one market maker and some noise traders that keep every stage's book filled on both sides
 * and trading. They see what any client sees, place ordinary orders, and adopt at a restart what they left resting.
 */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #acts: Act[];
  readonly #timers: Set<NodeJS.Timeout> = new Set();
  #running = false;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#acts = options.stages.map((stage) => this.#act(stage));
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#acts.forEach((act, index) => {
      // Not all markets in the same instant: their commands would queue behind each other.
      this.#later(act, Math.floor((TURN_MS * index) / this.#acts.length));
    });
  }

  /** Ends after the orders on their way were answered. What rests stays. */
  async stop(): Promise<void> {
    this.#running = false;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#acts.map(({ turn }) => turn));
  }

  #act({ market, anchor }: Stage): Act {
    const view = this.#options.views.market(market);
    if (view === undefined) throw new RangeError(`expected a listed market, was ${market}`);
    const simulated = simulatedMarket(view, { seed: this.#options.seed, anchor });
    const last = this.#options.marketData.trades(market, { limit: 1 }).at(-1);
    return {
      simulated,
      view,
      state: firstTurn(simulated, last),
      turn: Promise.resolve(),
    };
  }

  #later(act: Act, delayMs: number): void {
    if (!this.#running) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act.turn = this.#turn(act).then(
        () => this.#later(act, TURN_MS),
        () => this.#later(act, PAUSE_MS),
      );
    }, delayMs);
    this.#timers.add(timer);
  }

  async #turn(act: Act): Promise<void> {
    const { state, intents } = nextTurn(act.simulated, act.state, this.#sightOf(act));
    act.state = state;
    const market = act.view.market;
    await Promise.all(
      intents.map((intent) =>
        this.#options.venue.submit(encodeVenueCommand(commandOf(market, intent))),
      ),
    );
  }

  #sightOf({ view }: Act): MarketSight {
    const { marketData, marketMaker, noiseTraders } = this.#options;
    const { bid, ask } = marketData.bestQuotes(view.market);
    const owned = [marketMaker, ...noiseTraders].map((account) => this.#owned(account, view.base));
    const average = owned.reduce((sum, each) => sum + each, 0n) / BigInt(owned.length);
    return {
      bestBid: bid.price,
      bestAsk: ask.price,
      maker: this.#traderSight(view, marketMaker, average),
      noise: noiseTraders.map((account) => this.#traderSight(view, account, average)),
    };
  }

  #owned(account: number, asset: number): bigint {
    return (
      this.#options.views.balances(account).find((each) => each.asset === asset)?.balance ?? 0n
    );
  }

  #traderSight(view: MarketOfViews, account: number, averageOwned: bigint): TraderSight {
    const { views } = this.#options;
    const balances = views.balances(account);
    const base = balances.find(({ asset }) => asset === view.base);
    const quote = balances.find(({ asset }) => asset === view.quote);
    return {
      account,
      orders: views
        .openOrders(account, view.market)
        .map(({ orderId, side, price }) => ({ orderId, side, price })),
      availableLots: safely((base?.available ?? 0n) / view.lotUnits),
      availableNotional: safely((quote?.available ?? 0n) / view.tickLotUnits),
      surplusLots: safely(((base?.balance ?? 0n) - averageOwned) / view.lotUnits),
    };
  }
}

type MarketOfViews = NonNullable<ReturnType<Views["market"]>>;

interface Act {
  readonly simulated: SimulatedMarket;
  readonly view: MarketOfViews;
  state: TurnState;
  /** The turn that is being played, or the last one. */
  turn: Promise<void>;
}

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/** A wealth beyond 2^53 is told as 2^53 − 1: nobody orders as much. */
const safely = (amount: bigint): number => Number(amount > LARGEST ? LARGEST : amount);

const commandOf = (market: number, intent: Intent): VenueCommand => {
  const { account } = intent;
  if (intent.kind === "cancel") {
    return { kind: "cancel_order", account, market, orderId: intent.orderId, clientOrderId: "" };
  }
  const { side, type, price, quantity } = intent;
  const timeInForce = type === "market" ? "ioc" : "gtc";
  return {
    kind: "place_order",
    account,
    clientOrderId: "",
    order: { market, side, type, timeInForce, price, quantity, quoteQuantity: 0 },
  };
};
