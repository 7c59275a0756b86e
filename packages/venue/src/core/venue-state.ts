import { Books } from "@pincex/ledger";
import type { MarketRules } from "../commands/list-market.ts";
import { FeeSchedule } from "../fees/fee-schedule.ts";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";
import { AccountRegistry } from "../registries/accounts.ts";
import { AssetRegistry, type RegisteredAsset } from "../registries/assets.ts";
import { MarketRegistry } from "../registries/markets.ts";
import { NEWEST_RULES, OLDEST_RULES } from "../rules/rules.ts";
import { LedgerAccounts } from "./ledger-accounts.ts";
import { OpenOrders } from "./open-orders.ts";
import { RecentTrades } from "./recent-trades.ts";
import { RememberedCommands } from "./remembered-commands.ts";
import { Withdrawals } from "./withdrawals.ts";

/** A market with its two assets at hand. */
export interface ListedMarket extends MarketRules {
  readonly baseAsset: RegisteredAsset;
  readonly quoteAsset: RegisteredAsset;
}

/** Everything that the core knows beside the engine's books of orders. */
export class VenueState {
  readonly books: Books;
  readonly assets: AssetRegistry;
  readonly accounts: AccountRegistry;
  readonly markets: MarketRegistry<ListedMarket>;
  readonly fees: FeeSchedule;
  readonly orders: OpenOrders;
  readonly remembered: RememberedCommands;
  readonly withdrawals: Withdrawals;
  readonly recentTrades: RecentTrades;
  readonly ledgerAccounts: LedgerAccounts;
  /** The number of the rules by which commands are done. */
  rules: number;

  constructor(parts?: VenueParts, books: Books = new Books()) {
    this.books = books;
    this.assets = parts?.assets ?? new AssetRegistry();
    this.accounts = parts?.accounts ?? new AccountRegistry();
    this.markets = parts?.markets ?? new MarketRegistry();
    this.fees = parts?.fees ?? new FeeSchedule();
    this.orders = parts?.orders ?? new OpenOrders();
    this.remembered = parts?.remembered ?? new RememberedCommands();
    this.withdrawals = parts?.withdrawals ?? new Withdrawals();
    this.recentTrades = parts?.recentTrades ?? new RecentTrades();
    this.rules = parts?.rules ?? OLDEST_RULES;
    this.ledgerAccounts = new LedgerAccounts(books);
    this.ledgerAccounts.restore((asset) => this.assets.get(asset));
  }

  /** All but the books, which have their own snapshot. */
  write(writer: FieldWriter): void {
    writer.row(this.rules);
    this.assets.write(writer);
    this.accounts.write(writer);
    this.markets.write(writer);
    this.fees.write(writer);
    this.orders.write(writer);
    this.remembered.write(writer);
    this.withdrawals.write(writer);
    this.recentTrades.write(writer);
  }

  static read(reader: FieldReader, books: Books): VenueState {
    const rules = readRules(reader);
    const assets = AssetRegistry.read(reader);
    const accounts = AccountRegistry.read(reader);
    const markets = MarketRegistry.read(reader, (rules) => listedMarket(rules, assets));
    const fees = FeeSchedule.read(reader);
    const orders = OpenOrders.read(reader);
    const remembered = RememberedCommands.read(reader);
    const withdrawals = Withdrawals.read(reader);
    const recentTrades = RecentTrades.read(reader);
    const registries = { assets, accounts, markets, fees };
    const parts = { rules, ...registries, orders, remembered, withdrawals, recentTrades };
    return new VenueState(parts, books);
  }
}

type VenueParts = Omit<VenueState, "books" | "ledgerAccounts" | "write">;

const readRules = (reader: FieldReader): number => {
  const rules = reader.number();
  if (rules >= OLDEST_RULES && rules <= NEWEST_RULES) return rules;
  throw new RangeError(
    `expected rules that this release knows, ${OLDEST_RULES} to ${NEWEST_RULES}, was ${rules}`,
  );
};

export const listedMarket = (rules: MarketRules, assets: AssetRegistry): ListedMarket => {
  const baseAsset = assets.get(rules.base);
  const quoteAsset = assets.get(rules.quote);
  if (baseAsset === undefined || quoteAsset === undefined) {
    throw new RangeError(`expected market ${rules.market} between two known assets`);
  }
  return { ...rules, baseAsset, quoteAsset };
};
