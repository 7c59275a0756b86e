import type { Engine, RecordWriter } from "@pincex/engine";
import type { AddAsset } from "../commands/add-asset.ts";
import type { ListMarket } from "../commands/list-market.ts";
import type { OpenAccount } from "../commands/open-account.ts";
import type { SetFees } from "../commands/set-fees.ts";
import {
  writeAccountOpened,
  writeAssetAdded,
  writeFeesSet,
  writeMarketListed,
} from "../events/registered.ts";
import { PPM } from "../fees/fee-charge.ts";
import { FEES_FIXED_AT_ENTRY } from "../rules/rules.ts";
import { isTier } from "./account-change.ts";
import { type CommandRefusal, refused } from "./command-refusal.ts";
import { listedMarket, type VenueState } from "./venue-state.ts";

const MAX_NUMBER = 2_147_483_647;
const MAX_DECIMALS = 30;
/** Times the most ticks × lots, 2^53, an amount stays below 2^127: whatever an order asks for, it can be written down. */
const UNITS_LIMIT = 1n << 74n;

export const addAsset = (
  state: VenueState,
  { asset, code, decimals }: AddAsset,
  out: RecordWriter,
): CommandRefusal | undefined => {
  if (!isNumber(asset)) return refused("asset_number_out_of_range");
  if (state.assets.get(asset) !== undefined) return refused("asset_already_added");
  if (!/^[A-Z0-9]{1,16}$/.test(code)) return refused("asset_code_malformed");
  if (state.assets.byCode(code) !== undefined) return refused("asset_code_taken");
  if (decimals < 0 || decimals > MAX_DECIMALS) return refused("decimals_out_of_range");
  const added = state.assets.add({ asset, code, decimals });
  writeAssetAdded(out, added);
  state.ledgerAccounts.openVenue(added, out);
  return undefined;
};

export const openAccount = (
  state: VenueState,
  { account, name }: OpenAccount,
  out: RecordWriter,
): CommandRefusal | undefined => {
  if (!isNumber(account)) return refused("account_number_out_of_range");
  if (state.accounts.has(account)) return refused("account_already_open");
  if (!/^[!-~]{1,64}$/.test(name)) return refused("account_name_malformed");
  if (state.accounts.byName(name) !== undefined) return refused("account_name_taken");
  state.accounts.open({ account, name });
  writeAccountOpened(out, { account, name });
  return undefined;
};

export const setFees = (
  state: VenueState,
  { market, makerPpm, takerPpm, tier = 0, paidIn = "received" }: SetFees,
  out: RecordWriter,
): CommandRefusal | undefined => {
  if (market !== 0 && state.markets.get(market) === undefined) return refused("unknown_market");
  const lowest = paidIn === "quote" ? -PPM : 0;
  if (makerPpm < lowest || makerPpm > PPM) return refused("maker_fee_out_of_range");
  if (takerPpm < 0 || takerPpm > PPM) return refused("taker_fee_out_of_range");
  if (!isTier(tier)) return refused("tier_out_of_range");
  const isOfRules1 = tier === 0 && paidIn === "received";
  if (!isOfRules1 && state.rules < FEES_FIXED_AT_ENTRY) return refused("fees_need_newer_rules");
  state.fees.set(market, tier, { makerPpm, takerPpm, paidIn });
  writeFeesSet(out, { market, tier, makerPpm, takerPpm, paidIn });
  return undefined;
};

/** The venue's rules of a listing; the engine has its own about numbers, and refuses by its event. */
const listingRefusal = (
  state: VenueState,
  { symbol, base, quote, lotUnits, tickLotUnits }: ListMarket,
): CommandRefusal | undefined => {
  if (!/^[A-Z0-9-]{1,32}$/.test(symbol)) return refused("symbol_malformed");
  if (state.markets.bySymbol(symbol) !== undefined) return refused("symbol_taken");
  if (state.assets.get(base) === undefined) return refused("base_unknown");
  if (state.assets.get(quote) === undefined) return refused("quote_unknown");
  if (base === quote) return refused("base_is_quote");
  if (lotUnits <= 0n || lotUnits >= UNITS_LIMIT) return refused("lot_units_out_of_range");
  if (tickLotUnits <= 0n || tickLotUnits >= UNITS_LIMIT) {
    return refused("tick_lot_units_out_of_range");
  }
  return undefined;
};

/** Lists the market in the engine, whose event may refuse it: `engineRefusal` is asked after. */
export const listMarket = (
  state: VenueState,
  engine: Engine,
  command: ListMarket,
  engineRefusal: () => CommandRefusal | undefined,
  out: RecordWriter,
): CommandRefusal | undefined => {
  const refusal = listingRefusal(state, command);
  if (refusal !== undefined) return refusal;
  engine.addMarket(
    command.market,
    command.maxPrice,
    command.maxQuantity,
    command.priceIncrement,
    command.quantityIncrement,
    command.minQuantity,
    command.minNotional,
  );
  const rejected = engineRefusal();
  if (rejected !== undefined) return rejected;
  const { kind: _, commandId: __, ...rules } = command;
  state.markets.list(listedMarket(rules, state.assets));
  writeMarketListed(out, rules);
  return undefined;
};

const isNumber = (value: number): boolean => value > 0 && value <= MAX_NUMBER;
