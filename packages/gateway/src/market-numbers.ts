import { type DecimalScale, decimalScale } from "@pincex/engine/decimal";
import { formatAmount, parseAmount } from "@pincex/ledger";
import { marketScale } from "@pincex/venue";
import type { Asset, MarketView, Views } from "@pincex/venue/views";

/** Ticks × lots: what an order or a volume is worth before it is written in the quote asset. */
export type TickLots = number | bigint;

/**
 * A market's numbers as people write them, and back: prices in ticks, quantities in lots, notionals in ticks × lots.
 * Nothing is rounded on the way in: what does not fit is refused.
 */
export class MarketNumbers {
  readonly market: MarketView;
  readonly base: Asset;
  readonly quote: Asset;
  readonly #units: MarketUnits;

  constructor(market: MarketView, units: MarketUnits) {
    this.market = market;
    this.base = units.base;
    this.quote = units.quote;
    this.#units = units;
  }

  get priceDecimals(): number {
    return this.#units.price.decimals;
  }

  price(ticks: number): string {
    const { tickMantissa, price } = this.#units;
    return written(ticks, tickMantissa, price.decimals);
  }

  quantity(lots: number): string {
    const { lotMantissa, quantity } = this.#units;
    return written(lots, lotMantissa, quantity.decimals);
  }

  /** A price in ticks; see `DecimalScale` for what is refused. */
  parsePrice(text: string): ReturnType<DecimalScale["parse"]> {
    return this.#units.price.parse(text);
  }

  /** A quantity in lots. */
  parseQuantity(text: string): ReturnType<DecimalScale["parse"]> {
    return this.#units.quantity.parse(text);
  }

  /** In the quote asset. */
  notional(tickLots: TickLots): string {
    return written(tickLots, this.market.tickLotUnits, this.quote.decimals);
  }

  /** An amount of the quote asset in ticks × lots: it must be a multiple of what one tick × one lot costs. */
  parseNotional(text: string): ReturnType<DecimalScale["parse"]> {
    const parsed = parseAmount(text, this.quote.decimals);
    if (!parsed.ok) {
      return {
        ok: false,
        code: parsed.code === "decimal_too_precise" ? "decimal_off_increment" : parsed.code,
      };
    }
    const { tickLotUnits } = this.market;
    if (parsed.amount % tickLotUnits !== 0n) return { ok: false, code: "decimal_off_increment" };
    const tickLots = parsed.amount / tickLotUnits;
    if (tickLots > BigInt(Number.MAX_SAFE_INTEGER))
      return { ok: false, code: "decimal_out_of_range" };
    return { ok: true, value: Number(tickLots) };
  }

  /** Decimals of the quote asset that a notional of this market can have. */
  get notionalDecimals(): number {
    const unit = withoutTrailingZeros(this.notional(1));
    return unit.includes(".") ? unit.length - unit.indexOf(".") - 1 : 0;
  }

  /** A price that is an average, for display: cut after `decimals` digits. 0 where there is no volume. */
  averagePrice(quoteVolume: TickLots, volume: number, decimals = 8): string {
    if (volume === 0) return formatAmount(0n, decimals);
    const scale = 10n ** BigInt(Math.max(decimals - this.priceDecimals, 0));
    const average = (BigInt(quoteVolume) * this.#units.tickMantissa * scale) / BigInt(volume);
    return formatAmount(average, Math.max(decimals, this.priceDecimals));
  }
}

/** What never changes about a market: its tick and its lot, and the assets that they are counted in. */
interface MarketUnits {
  readonly base: Asset;
  readonly quote: Asset;
  readonly price: DecimalScale;
  readonly quantity: DecimalScale;
  /** The digits of the tick and the lot: a price is ticks × mantissa × 10^-decimals. Books print a thousand at once. */
  readonly tickMantissa: bigint;
  readonly lotMantissa: bigint;
}

const unitsOf = (market: MarketView, base: Asset, quote: Asset): MarketUnits => {
  const { tickSize, lotSize } = marketScale(market, base, quote);
  return {
    base,
    quote,
    price: decimalScale(tickSize),
    quantity: decimalScale(lotSize),
    tickMantissa: mantissaOf(tickSize),
    lotMantissa: mantissaOf(lotSize),
  };
};

/**
 * A count of units of so many of an asset's smallest, as decimals. Where the product is a safe integer, and it nearly always is, numbers do:
 * an order's answer has six of these, and a `bigint` costs three times as much.
 */
const written = (count: TickLots, unit: bigint, decimals: number): string => {
  const amount = Number(count) * Number(unit);
  if (!(amount >= 0 && amount <= Number.MAX_SAFE_INTEGER)) {
    return formatAmount(BigInt(count) * unit, decimals);
  }
  const digits = String(amount).padStart(decimals + 1, "0");
  if (decimals === 0) return digits;
  const point = digits.length - decimals;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
};

const mantissaOf = (unit: string): bigint => BigInt(unit.replace(".", ""));

const withoutTrailingZeros = (text: string): string =>
  text.includes(".") ? text.replace(/\.?0+$/, "") : text;

/** The numbers of a venue's markets. Rules are read afresh each time, since they may change; units are worked out once. */
export class MarketDirectory {
  readonly #views: Views;
  readonly #units = new Map<number, MarketUnits>();
  readonly #numbers = new Map<number, MarketNumbers>();
  readonly #bySymbol = new Map<string, number>();

  constructor(views: Views) {
    this.#views = views;
  }

  all(): MarketNumbers[] {
    return this.#views.markets().map((market) => this.#numbersOf(market));
  }

  /** By the venue's symbol, such as "BTC-USDT", or its number. */
  find(symbolOrNumber: string | number): MarketNumbers | undefined {
    const market = this.#views.market(symbolOrNumber);
    return market === undefined ? undefined : this.#numbersOf(market);
  }

  /** By a symbol that a dialect derives from the venue's, such as "BTCUSDT". */
  findBy(dialectSymbol: string, derive: (market: MarketView) => string): MarketNumbers | undefined {
    const known = this.#bySymbol.get(dialectSymbol);
    if (known !== undefined) return this.find(known);
    const market = this.#views.markets().find((candidate) => derive(candidate) === dialectSymbol);
    if (market === undefined) return undefined;
    this.#bySymbol.set(dialectSymbol, market.market);
    return this.#numbersOf(market);
  }

  /** Made anew when the market has changed. */
  #numbersOf(market: MarketView): MarketNumbers {
    const known = this.#numbers.get(market.market);
    if (known?.market === market) return known;
    const units = this.#units.get(market.market) ?? this.#workOutUnits(market);
    const numbers = new MarketNumbers(market, units);
    this.#numbers.set(market.market, numbers);
    return numbers;
  }

  #workOutUnits(market: MarketView): MarketUnits {
    const base = this.#views.asset(market.base);
    const quote = this.#views.asset(market.quote);
    if (base === undefined || quote === undefined) {
      throw new Error(`expected the assets of ${market.symbol} in the views`);
    }
    const units = unitsOf(market, base, quote);
    this.#units.set(market.market, units);
    return units;
  }
}
