import type { RecordViews, RecordWriter } from "@pincex/engine";
import { type MarketRules, marketFields, readMarketFields } from "../commands/list-market.ts";
import type { FeesPaidIn } from "../fees/fee-schedule.ts";
import { VenueEventKind } from "./event-record.ts";
import { rowReader, writeRow } from "./event-row.ts";

export interface AssetAdded {
  readonly kind: "asset_added";
  readonly asset: number;
  readonly code: string;
  readonly decimals: number;
}

/** Orders may be placed in the market. The engine's `market_added` stands before it. */
export interface MarketListed extends MarketRules {
  readonly kind: "market_listed";
}

/** A market asks other things of orders from now on; maxima and units stay. The engine's `market_changed` stands before it. */
export interface RulesChanged extends MarketRules {
  readonly kind: "rules_changed";
}

export interface AccountOpened {
  readonly kind: "account_opened";
  readonly account: number;
  readonly name: string;
}

export interface FeesSet {
  readonly kind: "fees_set";
  /** 0 stands for every market without fees of its own. */
  readonly market: number;
  /** 0 stands for every tier without fees of its own. */
  readonly tier: number;
  readonly makerPpm: number;
  readonly takerPpm: number;
  readonly paidIn: FeesPaidIn;
}

export const writeAssetAdded = (out: RecordWriter, event: Omit<AssetAdded, "kind">): void =>
  writeRow(out, VenueEventKind.assetAdded, [event.asset, event.decimals, event.code]);

export const readAssetAdded = (views: RecordViews, offset: number): AssetAdded => {
  const reader = rowReader(views, offset);
  const asset = reader.number();
  const decimals = reader.number();
  return { kind: "asset_added", asset, code: reader.text(), decimals };
};

export const writeMarketListed = (out: RecordWriter, rules: MarketRules): void =>
  writeRow(out, VenueEventKind.marketListed, marketFields(rules));

export const readMarketListed = (views: RecordViews, offset: number): MarketListed => ({
  kind: "market_listed",
  ...readMarketFields(rowReader(views, offset)),
});

export const writeRulesChanged = (out: RecordWriter, rules: MarketRules): void =>
  writeRow(out, VenueEventKind.rulesChanged, marketFields(rules));

export const readRulesChanged = (views: RecordViews, offset: number): RulesChanged => ({
  kind: "rules_changed",
  ...readMarketFields(rowReader(views, offset)),
});

export const writeAccountOpened = (out: RecordWriter, event: Omit<AccountOpened, "kind">): void =>
  writeRow(out, VenueEventKind.accountOpened, [event.account, event.name]);

export const readAccountOpened = (views: RecordViews, offset: number): AccountOpened => {
  const reader = rowReader(views, offset);
  return { kind: "account_opened", account: reader.number(), name: reader.text() };
};

export const writeFeesSet = (out: RecordWriter, event: Omit<FeesSet, "kind">): void =>
  writeRow(out, VenueEventKind.feesSet, [
    event.market,
    event.tier,
    event.makerPpm,
    event.takerPpm,
    event.paidIn === "quote" ? 1 : 0,
  ]);

export const readFeesSet = (views: RecordViews, offset: number): FeesSet => {
  const reader = rowReader(views, offset);
  return {
    kind: "fees_set",
    market: reader.number(),
    tier: reader.number(),
    makerPpm: reader.number(),
    takerPpm: reader.number(),
    paidIn: reader.flag() ? "quote" : "received",
  };
};
