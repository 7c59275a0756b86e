import type { AllocationName } from "../allocation/allocation.ts";
import type { ChangeMarket, SetAllocation, SetPriceIncrements } from "../commands/command.ts";
import { MOST_BANDS } from "../commands/command-layout.ts";
import type { OnBreachName } from "../protection/protection.ts";
import { type BookRefusal, refused } from "./book-refusal.ts";
import type { BookUnits } from "./book-units.ts";
import { MARKET } from "./order-terms.ts";

/** What a book asks of orders. What is left out is as it was in the beginning. */
export interface MarketRules {
  /** Prices are whole multiples of this, which is one of the book's own increment. */
  readonly priceIncrement?: string;
  /** Quantities are whole multiples of this, which is one of the book's own increment. */
  readonly quantityIncrement?: string;
  readonly minQuantity?: string;
  /** The least price × quantity. */
  readonly minNotional?: string;
  /** How far a limit order's price may be from the reference price, in hundredths of a per cent; 0: anywhere. */
  readonly collarBasisPoints?: number;
  /** How far a trade's price may be from the reference price, in hundredths of a per cent; 0: anywhere. */
  readonly bandBasisPoints?: number;
  /** What follows when an order would trade outside the band: it ends unless told otherwise. */
  readonly onBreach?: OnBreachName;
  /** Open orders of one account; 0: any number. */
  readonly maxOpenOrders?: number;
}

/** How the quantity that an order takes from a price level is shared. All but the first are of `pro_rata`, and none unless told. */
export interface MarketAllocation {
  readonly allocation: AllocationName;
  /** The order at the front of the queue gets at most this first. */
  readonly topOrderMaximum?: string;
  /** The lead market maker's account. */
  readonly leadAccount?: number;
  /** 0 to 100: this part goes to the lead market maker's orders next. */
  readonly leadPercent?: number;
  /** 0 to 100: this part goes by time next. */
  readonly fifoPercent?: number;
  /** Smaller pro-rata shares are none. */
  readonly minimumShare?: string;
}

/** From a price on, another increment. */
export interface DecimalPriceBand {
  readonly from: string;
  readonly increment: string;
}

type Reading<Command> = { readonly ok: true; readonly command: Command } | BookRefusal;

export const readRules = (units: BookUnits, rules: MarketRules): Reading<ChangeMarket> => {
  const priceIncrement = units.price.parse(rules.priceIncrement ?? units.price.unit);
  if (!priceIncrement.ok) return refused(priceIncrement.code, "priceIncrement");
  const quantityIncrement = units.quantity.parse(rules.quantityIncrement ?? units.quantity.unit);
  if (!quantityIncrement.ok) return refused(quantityIncrement.code, "quantityIncrement");
  const minQuantity = units.quantity.parse(rules.minQuantity ?? "0");
  if (!minQuantity.ok) return refused(minQuantity.code, "minQuantity");
  const minNotional = units.notional.parse(rules.minNotional ?? "0");
  if (!minNotional.ok) return refused(minNotional.code, "minNotional");
  return {
    ok: true,
    command: {
      kind: "change_market",
      market: MARKET,
      priceIncrement: priceIncrement.value,
      quantityIncrement: quantityIncrement.value,
      minQuantity: minQuantity.value,
      minNotional: minNotional.value,
      collarBasisPoints: rules.collarBasisPoints ?? 0,
      bandBasisPoints: rules.bandBasisPoints ?? 0,
      onBreach: rules.onBreach ?? "expire",
      maxOpenOrders: rules.maxOpenOrders ?? 0,
    },
  };
};

export const readAllocation = (
  units: BookUnits,
  {
    allocation,
    minimumShare = "0",
    fifoPercent = 0,
    topOrderMaximum = "0",
    ...lead
  }: MarketAllocation,
): Reading<SetAllocation> => {
  const share = units.quantity.parse(minimumShare);
  if (!share.ok) return refused(share.code, "minimumShare");
  const top = units.quantity.parse(topOrderMaximum);
  if (!top.ok) return refused(top.code, "topOrderMaximum");
  return {
    ok: true,
    command: {
      kind: "set_allocation",
      market: MARKET,
      allocation,
      minimumShare: share.value,
      fifoPercent,
      topOrderMaximum: top.value,
      ...lead,
    },
  };
};

export const readBands = (
  units: BookUnits,
  bands: readonly DecimalPriceBand[],
): Reading<SetPriceIncrements> => {
  // More would have no record.
  if (bands.length > MOST_BANDS) return refused("price_bands_out_of_range", "bands");
  const parsed: { from: number; increment: number }[] = [];
  for (const band of bands) {
    const from = units.price.parse(band.from);
    if (!from.ok) return refused(from.code, "bands");
    const increment = units.price.parse(band.increment);
    if (!increment.ok) return refused(increment.code, "bands");
    parsed.push({ from: from.value, increment: increment.value });
  }
  return { ok: true, command: { kind: "set_price_increments", market: MARKET, bands: parsed } };
};
