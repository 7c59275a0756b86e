import { parseAmount } from "@pincex/ledger";
import {
  encodeVenueCommand,
  NEWEST_RULES,
  readEvents,
  type Venue,
  type VenueCommand,
} from "@pincex/venue";
import type { Views } from "@pincex/venue/views";
import { ExchangeNotStarted } from "./exchange-not-started.ts";
import { type AccountSetup, type AssetSetup, FEE_PPM, type MarketSetup } from "./exchange-setup.ts";
import { listingOf } from "./market-listing.ts";

export interface Setup {
  readonly assets: readonly AssetSetup[];
  readonly markets: readonly MarketSetup[];
  readonly accounts: readonly AccountSetup[];
}

/**
 * Brings the venue to what the setup says, by commands, and does nothing that was done before: what the registries know is
 * left as it is, so a crash in the middle of the first start is made good by the next one.
 */
export const setUp = async (
  venue: Pick<Venue, "submit">,
  views: Views,
  setup: Setup,
): Promise<void> => {
  await submitAll(venue, [
    ...newestRules(views),
    ...missingAssets(views, setup.assets),
    ...missingAccounts(views, setup.accounts),
  ]);
  await submitAll(venue, missingMarkets(views, setup.markets));
  await submitAll(venue, [
    ...missingFees(views),
    ...setup.accounts.flatMap((account) => missingDeposits(views, setup.assets, account)),
  ]);
};

/** Gives an account its demo deposits, unless it has had them. */
export const depositsTo = (
  venue: Pick<Venue, "submit">,
  views: Views,
  assets: readonly AssetSetup[],
  account: AccountSetup,
): Promise<void> => submitAll(venue, missingDeposits(views, assets, account));

/** Sent in one go, so that they share a write to the disk; the venue keeps their order. */
const submitAll = async (
  venue: Pick<Venue, "submit">,
  commands: readonly VenueCommand[],
): Promise<void> => {
  const submissions = await Promise.all(
    commands.map((command) => venue.submit(encodeVenueCommand(command))),
  );
  submissions.forEach(({ events }, index) => {
    for (const event of readEvents(events)) {
      if (event.kind !== "refused") continue;
      throw new ExchangeNotStarted(
        "setup_refused",
        `The first start could not ${commands[index]?.kind}: ${event.rule} (${event.code})`,
      );
    }
  });
};

/** Of a venue that has just begun. What one has that runs is its operator's to change. */
const newestRules = (views: Views): VenueCommand[] =>
  views.assets().length > 0 || views.rules === NEWEST_RULES
    ? []
    : [{ kind: "raise_rules", rules: NEWEST_RULES, commandId: `setup/rules/${NEWEST_RULES}` }];

const missingAssets = (views: Views, assets: readonly AssetSetup[]): VenueCommand[] => {
  let last = Math.max(0, ...views.assets().map(({ asset }) => asset));
  return assets
    .filter(({ code }) => views.asset(code) === undefined)
    .map(({ code, decimals }) => {
      last += 1;
      return { kind: "add_asset", asset: last, code, decimals, commandId: `setup/asset/${code}` };
    });
};

const missingAccounts = (views: Views, accounts: readonly AccountSetup[]): VenueCommand[] =>
  accounts
    .filter(({ account }) => views.account(account) === undefined)
    .map(({ account, name }) => ({
      kind: "open_account",
      account,
      name,
      commandId: `setup/account/${name}`,
    }));

const missingMarkets = (views: Views, markets: readonly MarketSetup[]): VenueCommand[] => {
  let last = Math.max(0, ...views.markets().map(({ market }) => market));
  return markets
    .filter(({ symbol }) => views.market(symbol) === undefined)
    .map((setup) => {
      last += 1;
      return { ...listingOf(setup, last, views), commandId: `setup/market/${setup.symbol}` };
    });
};

const missingFees = (views: Views): VenueCommand[] =>
  views
    .markets()
    .filter(({ makerPpm, takerPpm }) => makerPpm === 0 && takerPpm === 0)
    .slice(0, 1)
    .map(() => ({
      kind: "set_fees",
      market: 0,
      makerPpm: FEE_PPM,
      takerPpm: FEE_PPM,
      commandId: "setup/fees",
    }));

/**
 * An account that has never placed an order and owns nothing of an asset has not got its deposit yet. Command ids alone
 * would not do: the venue remembers them for a while, and a restart may come years later.
 */
const missingDeposits = (
  views: Views,
  assets: readonly AssetSetup[],
  { account, name, deposits }: AccountSetup,
): VenueCommand[] => {
  if (views.orders(account, { limit: 1 }).length > 0) return [];
  const owned = new Set(
    views
      .balances(account)
      .filter(({ balance }) => balance > 0n)
      .map(({ asset }) => asset),
  );
  return assets.flatMap((setup): VenueCommand[] => {
    const asset = views.asset(setup.code)?.asset;
    const amount = endowmentOf(setup, deposits);
    if (asset === undefined || owned.has(asset) || amount === 0n) return [];
    const reference = `setup/deposit/${name}/${setup.code}`;
    return [{ kind: "credit_deposit", account, asset, amount, reference, commandId: reference }];
  });
};

/** What so many demo deposits of an asset are, in its smallest units. */
const endowmentOf = ({ code, decimals, demoDeposit }: AssetSetup, deposits: number): bigint => {
  const parsed = parseAmount(demoDeposit, decimals);
  if (!parsed.ok) {
    throw new RangeError(
      `expected a demo deposit in ${code}, was "${demoDeposit}" (${parsed.code})`,
    );
  }
  return parsed.amount * BigInt(deposits);
};
