import {
  encodeVenueCommand,
  memoryJournal,
  openVenue,
  type Venue,
  VenueStopped,
} from "@pincex/venue";
import { Views } from "@pincex/venue/views";
import { describe, expect, test } from "vitest";
import { DEFAULT_ASSETS, DEFAULT_MARKETS, DEMO_ACCOUNTS, MARKET_MAKER } from "./exchange-setup.ts";
import { type Setup, setUp } from "./first-start.ts";

const setup: Setup = {
  assets: DEFAULT_ASSETS,
  markets: DEFAULT_MARKETS,
  accounts: [...DEMO_ACCOUNTS, MARKET_MAKER],
};

const newVenue = async (clock = () => 1_800_000_000_000) => {
  const views = new Views();
  return { views, venue: await openVenue({ journal: memoryJournal(), views: [views], clock }) };
};

const found = (views: Views) => ({
  assets: views.assets(),
  markets: views.markets(),
  balances: views.accounts().map(({ account, name }) => [name, views.balances(account)]),
});

/** Sets up as far as the first so many commands, as if the process had been killed there. */
const setUpKilledAfter = async (venue: Venue, views: Views, commands: number): Promise<void> => {
  const sent: Promise<unknown>[] = [];
  const submit: Venue["submit"] = async (record) => {
    if (sent.length === commands) throw new VenueStopped();
    const submission = venue.submit(record);
    sent.push(submission);
    return await submission;
  };
  await setUp({ submit }, views, setup).catch(() => undefined);
  await Promise.all(sent);
};

describe("the first start", () => {
  test("lists markets that trade at 0.1 %, and gives everybody their money", async () => {
    const { views, venue } = await newVenue();
    await setUp(venue, views, setup);
    expect(
      views.markets().map(({ symbol, makerPpm, takerPpm }) => [symbol, makerPpm, takerPpm]),
    ).toEqual([
      ["BTC-USDT", 1_000, 1_000],
      ["ETH-USDT", 1_000, 1_000],
      ["SOL-USDT", 1_000, 1_000],
    ]);
    expect(views.market("BTC-USDT")).toMatchObject({ lotUnits: 1_000n, tickLotUnits: 10n });
    expect(views.market("ETH-USDT")).toMatchObject({ lotUnits: 10n ** 14n, tickLotUnits: 100n });
    expect(views.market("SOL-USDT")).toMatchObject({ lotUnits: 10n ** 6n, tickLotUnits: 1_000n });
    expect(views.balances(1).map(({ balance }) => balance)).toEqual([
      10n * 10n ** 8n,
      200n * 10n ** 18n,
      5_000n * 10n ** 9n,
      1_000_000n * 10n ** 8n,
    ]);
    await venue.stop();
  });

  test("takes assets and markets of one's own", async () => {
    const { views, venue } = await newVenue();
    await setUp(venue, views, {
      assets: [
        { code: "GOLD", decimals: 3, demoDeposit: "2.5" },
        { code: "EUR", decimals: 4, demoDeposit: "0" },
      ],
      markets: [
        {
          symbol: "GOLD-EUR",
          tick: "0.01",
          lot: "0.01",
          maxPrice: "100000",
          minNotional: "1",
          referencePrice: "3400",
        },
      ],
      accounts: DEMO_ACCOUNTS,
    });
    expect(views.markets()).toMatchObject([
      { symbol: "GOLD-EUR", lotUnits: 10n, tickLotUnits: 1n, minNotional: 10_000 },
    ]);
    expect(views.balances(1)).toEqual([
      { asset: 1, balance: 2_500n, held: 0n, withdrawing: 0n, available: 2_500n },
    ]);
    await venue.stop();
  });

  test("killed after any command, the next start makes it whole and pays nobody twice", async () => {
    const whole = await newVenue();
    await setUp(whole.venue, whole.views, setup);
    const commands = whole.venue.sequence;
    for (let count = 0; count < commands; count += 1) {
      // A year passes before the next start: no memory of command ids is left to lean on.
      let now = 1_800_000_000_000;
      const { views, venue } = await newVenue(() => now);
      await setUpKilledAfter(venue, views, count);
      now += 31_536_000_000;
      await setUp(venue, views, setup);
      expect(found(views)).toEqual(found(whole.views));
      await venue.stop();
    }
    await whole.venue.stop();
  });

  test("a second start changes nothing, also for an account that has spent everything", async () => {
    const { views, venue } = await newVenue();
    await setUp(venue, views, setup);
    for (const [account, side] of [
      [1, "sell"],
      [2, "buy"],
    ] as const) {
      const terms = { market: 1, type: "limit", timeInForce: "gtc", quoteQuantity: 0 } as const;
      const order = { ...terms, side, price: 6_000_000, quantity: 1_000_000 };
      const command = { kind: "place_order", account, clientOrderId: "", order } as const;
      await venue.submit(encodeVenueCommand(command));
    }
    expect(views.balances(1)[0]?.balance).toBe(0n);
    const sequence = venue.sequence;
    await setUp(venue, views, setup);
    expect(venue.sequence).toBe(sequence);
    await venue.stop();
  });

  test.each([
    [{ symbol: "BTC-EUR" }, "its symbol must be two assets of the setup"],
    [{ tick: "0.0000001" }, "A tick times a lot is a whole number"],
    [{ tick: "one" }, "A size is digits"],
  ])("a market with %j is refused in a sentence", async (wrong, sentence) => {
    const { views, venue } = await newVenue();
    const [market] = DEFAULT_MARKETS;
    const markets = [{ ...(market as (typeof DEFAULT_MARKETS)[0]), ...wrong }];
    await expect(setUp(venue, views, { ...setup, markets })).rejects.toMatchObject({
      code: "setup_refused",
      message: expect.stringContaining(sentence),
    });
    await venue.stop();
  });
});
