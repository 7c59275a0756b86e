import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

/**
 * What fees are taken from: `received`, each side's from what it receives; `quote`, both in the quote asset, so that a buyer
 * pays its fee on top of the price, and reserves for it.
 */
export type FeesPaidIn = "received" | "quote";

/** What trades cost, in millionths of what each side receives, or of the quote amount where fees are paid in that. */
export interface FeeRates {
  /** Below zero for a rebate: then fees are paid in quote, and no rebate is above the fee of the taker that it comes from. */
  readonly makerPpm: number;
  readonly takerPpm: number;
  readonly paidIn: FeesPaidIn;
}

const FREE: FeeRates = { makerPpm: 0, takerPpm: 0, paidIn: "received" };

/**
 * The rates by tier and market. What is set for the market goes before what is set for all markets, and in it what is set for
 * the tier before what is set for tier 0, which is everybody. Where nothing is set, trades are free.
 */
export class FeeSchedule {
  /** By market, in it by tier; market 0 and tier 0 stand for the others. */
  readonly #rates: Map<number, Map<number, FeeRates>> = new Map();

  set(market: number, tier: number, { makerPpm, takerPpm, paidIn }: FeeRates): void {
    const ofMarket = this.#rates.get(market) ?? new Map<number, FeeRates>();
    ofMarket.set(tier, { makerPpm, takerPpm, paidIn });
    this.#rates.set(market, ofMarket);
  }

  of(market: number, tier: number): FeeRates {
    return this.#setFor(market, tier) ?? this.#setFor(0, tier) ?? FREE;
  }

  write(writer: FieldWriter): void {
    writer.list(this.#rates, ([market, ofMarket]) => {
      writer.row(market);
      writer.list(ofMarket, ([tier, { makerPpm, takerPpm, paidIn }]) =>
        writer.row(tier, makerPpm, takerPpm, paidIn === "quote" ? 1 : 0),
      );
    });
  }

  static read(reader: FieldReader): FeeSchedule {
    const schedule = new FeeSchedule();
    reader.list(() => {
      const market = reader.number();
      reader.list(() => {
        const tier = reader.number();
        const makerPpm = reader.number();
        const takerPpm = reader.number();
        const paidIn = reader.flag() ? "quote" : "received";
        schedule.set(market, tier, { makerPpm, takerPpm, paidIn });
      });
    });
    return schedule;
  }

  #setFor(market: number, tier: number): FeeRates | undefined {
    const ofMarket = this.#rates.get(market);
    if (ofMarket === undefined) return undefined;
    return (tier === 0 ? undefined : ofMarket.get(tier)) ?? ofMarket.get(0);
  }
}
