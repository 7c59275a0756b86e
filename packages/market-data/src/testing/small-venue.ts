import { type Engine, RecordWriter, recordViews } from "@pincex/engine";
import { encodeVenueCommand, type VenueCommand, VenueCore, type View } from "@pincex/venue";

const ASSETS = { base: 1, quote: 2 };

/** The two markets of the small venue. */
export const MARKETS: readonly [number, number] = [1, 2];

/** Its traders; each owns plenty of everything. */
export const ALICE = 1;
export const BOB = 2;

const listMarket = (market: number, symbol: string): VenueCommand => ({
  kind: "list_market",
  market,
  symbol,
  ...ASSETS,
  lotUnits: 1n,
  tickLotUnits: 1n,
  maxPrice: 1_000_000,
  maxQuantity: 1_000_000,
  priceIncrement: 1,
  quantityIncrement: 1,
  minQuantity: 1,
  minNotional: 0,
});

/** A venue core whose events a view follows, batch by batch as a sequencer would have it. */
export class SmallVenue {
  readonly #core: VenueCore = new VenueCore();
  readonly #view: Pick<View, "apply">;
  #sequence = 0;

  constructor(view: Pick<View, "apply">, at: number) {
    this.#view = view;
    const credit = (account: number, asset: number): VenueCommand => ({
      kind: "credit_deposit",
      account,
      asset,
      amount: 10n ** 18n,
      reference: `${account}/${asset}`,
    });
    this.batch(at, [
      { kind: "add_asset", asset: ASSETS.base, code: "BASE", decimals: 0 },
      { kind: "add_asset", asset: ASSETS.quote, code: "QUOTE", decimals: 0 },
      listMarket(MARKETS[0], "BASE-QUOTE"),
      listMarket(MARKETS[1], "BASE-QUOTE-2"),
      { kind: "open_account", account: ALICE, name: "alice" },
      { kind: "open_account", account: BOB, name: "bob" },
      credit(ALICE, ASSETS.base),
      credit(ALICE, ASSETS.quote),
      credit(BOB, ASSETS.base),
      credit(BOB, ASSETS.quote),
    ]);
  }

  get engine(): Engine {
    return this.#core.engine;
  }

  /** Applies commands at one time, and lets the view follow them as one batch. */
  batch(at: number, commands: readonly VenueCommand[]): void {
    const out = new RecordWriter();
    for (const command of commands) {
      this.#sequence += 1;
      this.#core.apply(this.#sequence, at, recordViews(encodeVenueCommand(command)), 0, out);
    }
    this.#view.apply(out.views, 0, out.length);
  }

  /** A limit order that rests if it does not trade. */
  static order(
    account: number,
    side: "buy" | "sell",
    price: number,
    quantity: number,
    market: number = MARKETS[0],
  ): VenueCommand {
    return {
      kind: "place_order",
      account,
      clientOrderId: "",
      order: { market, side, type: "limit", timeInForce: "gtc", price, quantity, quoteQuantity: 0 },
    };
  }
}
