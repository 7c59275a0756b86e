import { Allocation, type AllocationRule, BY_TIME } from "../allocation/allocation.ts";
import type { PriceBand } from "../commands/command.ts";
import { NO_PROTECTION, type Protection, protects } from "../protection/protection.ts";
import { powerOfTwoFrom } from "../whole-number.ts";
import {
  ALLOCATES,
  CONDITIONED,
  HAS_BANDS,
  IS_FOLLOWED,
  IS_PROTECTED,
  LAST_PRICE,
  MARK_PRICE,
  MAX_PRICE,
  MAX_QUANTITY,
  MIN_NOTIONAL,
  MIN_QUANTITY,
  NUMBER,
  PHASE,
  PHASE_BITS,
  PRICE_INCREMENT,
  QUANTITY_INCREMENT,
  REFERENCE_PRICE,
  ROW_BYTES,
} from "./market-layout.ts";

/** What a market allows. Prices in ticks, quantities in lots, notional in ticks × lots. */
export interface MarketRules {
  readonly maxPrice: number;
  readonly maxQuantity: number;
  readonly priceIncrement: number;
  readonly quantityIncrement: number;
  readonly minQuantity: number;
  readonly minNotional: number;
}

/** What of a market can change while it is there: all but its maxima. */
export interface ChangeableRules
  extends Omit<MarketRules, "maxPrice" | "maxQuantity">,
    Protection {}

/** Markets are rows of small numbers, so that thousands cost next to nothing. Row 0 is no market. */
export class MarketTable {
  private i32: Int32Array;
  private f64: Float64Array;
  /** Open addressing: pairs of market number and row, at most half full. Markets are never removed. */
  private entries: Int32Array;
  /** By row: of the markets that have any, so that the others' rows need no room for it. */
  private readonly protections: Map<number, Protection> = new Map();
  /** The rows of the markets that have ever changed. */
  private readonly changed: Set<number> = new Set();
  /** Of the markets that allocate otherwise than by time, by row. */
  private readonly allocations: Map<number, AllocationRule> = new Map();
  /** Of the markets with price increments by band, by row. */
  private readonly bands: Map<number, readonly PriceBand[]> = new Map();
  /** How many markets there are: rows 1 to `count`. */
  count = 0;

  constructor(capacity: number) {
    const buffer = new ArrayBuffer((capacity + 1) * ROW_BYTES);
    this.i32 = new Int32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.entries = new Int32Array(powerOfTwoFrom((capacity + 1) * 4));
  }

  /** The row of the market with this number; 0 if there is none. */
  row(market: number): number {
    const entry = this.entryFor(market);
    return this.entries[entry + 1] as number;
  }

  add(market: number, rules: MarketRules): number {
    this.count += 1;
    const row = this.count;
    if ((row + 1) * ROW_BYTES > this.i32.byteLength) this.growRecords();
    if (row * 4 > this.entries.length) this.growRows();
    this.enter(market, row);
    this.i32[(row << 4) + NUMBER] = market;
    this.i32[(row << 4) + MAX_PRICE] = rules.maxPrice;
    this.f64[(row << 3) + MAX_QUANTITY] = rules.maxQuantity;
    this.setUnits(row, rules);
    return row;
  }

  change(row: number, rules: ChangeableRules): void {
    this.changed.add(row);
    this.setUnits(row, rules);
    const { collarBasisPoints, bandBasisPoints, onBreach, maxOpenOrders } = rules;
    const protection = { collarBasisPoints, bandBasisPoints, onBreach, maxOpenOrders };
    const isProtected = protects(protection);
    if (isProtected) this.protections.set(row, protection);
    else this.protections.delete(row);
    this.i32[(row << 4) + CONDITIONED] = this.conditioned(row) | (isProtected ? IS_PROTECTED : 0);
  }

  /** Whether the market has ever changed: what rests there can be off its increments. */
  hasChanged(row: number): boolean {
    return this.changed.has(row);
  }

  protection(row: number): Protection {
    return this.protections.get(row) ?? NO_PROTECTION;
  }

  /** The rows by the numbers of their markets. */
  rowsByNumber(): number[] {
    const rows = Array.from({ length: this.count }, (_, index) => index + 1);
    return rows.sort((one, other) => this.market(one) - this.market(other));
  }

  market(row: number): number {
    return this.i32[(row << 4) + NUMBER] as number;
  }

  /** One of `Phase`. */
  phase(row: number): number {
    return (this.i32[(row << 4) + PHASE] as number) & PHASE_BITS;
  }

  setPhase(row: number, phase: number): void {
    const word = (row << 4) + PHASE;
    this.i32[word] = ((this.i32[word] as number) & ~PHASE_BITS) | phase;
  }

  /** Whether the lots of a level are allocated otherwise than by time. */
  allocates(row: number): boolean {
    return ((this.i32[(row << 4) + PHASE] as number) & ALLOCATES) !== 0;
  }

  allocation(row: number): AllocationRule {
    return this.allocations.get(row) ?? BY_TIME;
  }

  setAllocation(row: number, rule: AllocationRule): void {
    const word = (row << 4) + PHASE;
    if (rule.allocation === Allocation.price_time) {
      this.allocations.delete(row);
      this.i32[word] = (this.i32[word] as number) & ~ALLOCATES;
    } else {
      this.allocations.set(row, rule);
      this.i32[word] = (this.i32[word] as number) | ALLOCATES;
    }
  }

  /** Whether there are orders that follow what rests: pegged and all-or-none ones. */
  isFollowed(row: number): boolean {
    return ((this.i32[(row << 4) + PHASE] as number) & IS_FOLLOWED) !== 0;
  }

  setFollowed(row: number, isFollowed: boolean): void {
    const word = (row << 4) + PHASE;
    this.i32[word] = ((this.i32[word] as number) & ~IS_FOLLOWED) | (isFollowed ? IS_FOLLOWED : 0);
  }

  /** By rising price; none, if one increment is for all prices. */
  priceBands(row: number): readonly PriceBand[] {
    return this.bands.get(row) ?? [];
  }

  setPriceBands(row: number, bands: readonly PriceBand[]): void {
    const word = (row << 4) + PHASE;
    this.changed.add(row);
    if (bands.length === 0) {
      this.bands.delete(row);
      this.i32[word] = (this.i32[word] as number) & ~HAS_BANDS;
    } else {
      this.bands.set(row, bands);
      this.i32[word] = (this.i32[word] as number) | HAS_BANDS;
    }
  }

  /** Ticks: the last trade's price; 0 before the first. */
  lastPrice(row: number): number {
    return this.i32[(row << 4) + LAST_PRICE] as number;
  }

  setLastPrice(row: number, price: number): void {
    this.i32[(row << 4) + LAST_PRICE] = price;
  }

  /** Ticks; 0 if none was set. */
  markPrice(row: number): number {
    return this.i32[(row << 4) + MARK_PRICE] as number;
  }

  setMarkPrice(row: number, price: number): void {
    this.i32[(row << 4) + MARK_PRICE] = price;
  }

  /** How many orders that are more than plain rest or wait in the market. */
  conditioned(row: number): number {
    return (this.i32[(row << 4) + CONDITIONED] as number) & ~IS_PROTECTED;
  }

  setConditioned(row: number, count: number): void {
    const word = (row << 4) + CONDITIONED;
    this.i32[word] = ((this.i32[word] as number) & IS_PROTECTED) | count;
  }

  /** Whether the market trades continuously by price, then time, has no protection, and only plain orders are in it. */
  isPlain(row: number): boolean {
    const word = row << 4;
    return ((this.i32[word + PHASE] as number) | (this.i32[word + CONDITIONED] as number)) === 0;
  }

  /** Whether all lots that rest in the market can be seen on its levels: as in a plain one, whatever its price increments are. */
  isCountedByLevels(row: number): boolean {
    const word = row << 4;
    const state = (this.i32[word + PHASE] as number) & ~HAS_BANDS;
    return (state | (this.i32[word + CONDITIONED] as number)) === 0;
  }

  /**
   * Whether the market is open, and has no protection and no bands: plain orders may then come to rest and be cancelled as in a plain market,
   * whatever else is there.
   */
  isCalm(row: number): boolean {
    const word = row << 4;
    const phase = (this.i32[word | PHASE] as number) & (PHASE_BITS | HAS_BANDS);
    return (phase | ((this.i32[word | CONDITIONED] as number) & IS_PROTECTED)) === 0;
  }

  /** Ticks: the one that was set; 0 if none was. */
  referencePriceSet(row: number): number {
    return this.i32[(row << 4) + REFERENCE_PRICE] as number;
  }

  setReferencePrice(row: number, price: number): void {
    this.i32[(row << 4) + REFERENCE_PRICE] = price;
  }

  /** Ticks: what protection goes by; 0 if there is nothing to go by yet. */
  referencePrice(row: number): number {
    return this.referencePriceSet(row) || this.lastPrice(row);
  }

  maxPrice(row: number): number {
    return this.i32[(row << 4) + MAX_PRICE] as number;
  }

  priceIncrement(row: number): number {
    return this.i32[(row << 4) + PRICE_INCREMENT] as number;
  }

  /** The increment that a price is to be a multiple of. */
  priceIncrementAt(row: number, price: number): number {
    if (((this.i32[(row << 4) + PHASE] as number) & HAS_BANDS) === 0)
      return this.priceIncrement(row);
    const bands = this.bands.get(row);
    const band = bands?.findLast(({ from }) => price >= from);
    return band === undefined ? this.priceIncrement(row) : band.increment;
  }

  maxQuantity(row: number): number {
    return this.f64[(row << 3) + MAX_QUANTITY] as number;
  }

  quantityIncrement(row: number): number {
    return this.f64[(row << 3) + QUANTITY_INCREMENT] as number;
  }

  minQuantity(row: number): number {
    return this.f64[(row << 3) + MIN_QUANTITY] as number;
  }

  /**
   * Whether an order with plain terms breaks none of the market's rules: those of `rules/placement-rules.ts`, which says
   * which one if it does. `false` for row 0.
   */
  admitsPlain(row: number, terms: number, price: number, quantity: number): boolean {
    const { i32, f64 } = this;
    const word = row << 4;
    const double = row << 3;
    const isMarketOrder = (terms >> 8) & 1;
    if (price <= 0 ? price < 0 || isMarketOrder === 0 : price > (i32[word | MAX_PRICE] as number))
      return false;
    const priceIncrement = i32[word | PRICE_INCREMENT] as number;
    // Most increments are 1, and both divisions take long.
    if (priceIncrement !== 1 && price % priceIncrement !== 0) return false;
    const increment = f64[double | QUANTITY_INCREMENT] as number;
    const increments = increment === 1 ? quantity : quantity / increment;
    return (
      quantity > 0 &&
      quantity >= (f64[double | MIN_QUANTITY] as number) &&
      quantity <= (f64[double | MAX_QUANTITY] as number) &&
      Math.floor(increments) * increment === quantity &&
      (isMarketOrder === 1 || price * quantity >= (f64[double | MIN_NOTIONAL] as number))
    );
  }

  minNotional(row: number): number {
    return this.f64[(row << 3) + MIN_NOTIONAL] as number;
  }

  private setUnits(row: number, rules: Omit<MarketRules, "maxPrice" | "maxQuantity">): void {
    this.i32[(row << 4) + PRICE_INCREMENT] = rules.priceIncrement;
    this.f64[(row << 3) + QUANTITY_INCREMENT] = rules.quantityIncrement;
    this.f64[(row << 3) + MIN_QUANTITY] = rules.minQuantity;
    this.f64[(row << 3) + MIN_NOTIONAL] = rules.minNotional;
  }

  private enter(market: number, row: number): void {
    const entry = this.entryFor(market);
    this.entries[entry] = market;
    this.entries[entry + 1] = row;
  }

  /** The entry of a market, or the free one where it would be. */
  private entryFor(market: number): number {
    const mask = this.entries.length - 1;
    let entry = ((Math.imul(market, 0x9e3779b1) >>> 7) << 1) & mask;
    while (this.entries[entry + 1] !== 0 && this.entries[entry] !== market)
      entry = (entry + 2) & mask;
    return entry;
  }

  private growRecords(): void {
    const buffer = new ArrayBuffer(this.i32.byteLength * 2);
    const grown = new Int32Array(buffer);
    grown.set(this.i32);
    this.i32 = grown;
    this.f64 = new Float64Array(buffer);
  }

  private growRows(): void {
    this.entries = new Int32Array(this.entries.length * 2);
    for (let row = 1; row < this.count; row += 1) this.enter(this.market(row), row);
  }
}
