import { formatAmount } from "@pincex/ledger";
import { type Asset, FILLS_RETAINED } from "@pincex/venue/views";
import { expect } from "vitest";
import { createExchange, type Exchange } from "../exchange/create-exchange.ts";
import type { DemoKey } from "../exchange/demo-keys.ts";
import type { ExchangeOptions } from "../exchange/exchange-options.ts";
import { FollowingTrader } from "./following-trader.ts";
import { ServeProcess } from "./serve-process.ts";
import { OrderRefused, type PlacedOrder, SignedClient } from "./signed-client.ts";
import { sqlEqualsCore } from "./sql-equals-core.ts";

/** Each places its next order as soon as the last one was answered, until the server is gone. */
const STREAMS = 6;
const ROUNDS = 2;

const streamOrders = async (
  client: SignedClient,
  name: string,
  acknowledged: PlacedOrder[],
): Promise<void> => {
  for (let count = 0; ; count += 1) {
    // Bids far below the market rest; now and then one far above it trades with the market maker.
    const price = count % 5 === 4 ? "70000.00" : `${1_000 + (count % 500)}.00`;
    try {
      acknowledged.push(await client.limit("BUY", price, "0.00500", `${name}-${count}`));
    } catch (error) {
      // The server is gone. An order that it had refused would be a mistake of the test.
      if (error instanceof OrderRefused) throw error;
      return;
    }
  }
};

/** Where the exchange is, told to the command and to the library. */
export interface ServedPlace {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: Pick<ExchangeOptions, "databaseUrl" | "journal">;
}

/**
 * Kills `pincex serve` with SIGKILL while orders stream in, and starts it again: expects every acknowledged order to be
 * there, a trader who follows by WebSocket to have every fill and balance, and SQL to equal the core.
 */
export const killAndExpectAll = async ({ dataDir, env, options }: ServedPlace): Promise<void> => {
  const acknowledged: PlacedOrder[] = [];
  let trader: FollowingTrader | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const served = new ServeProcess(dataDir, env);
    const address = await served.address();
    const [key] = served.demoKeys() as [DemoKey];
    const client = new SignedClient(address, key);
    trader ??= new FollowingTrader(key);
    await trader.follow(address);
    const streams = Array.from({ length: STREAMS }, (_, stream) =>
      streamOrders(client, `r${round}s${stream}`, acknowledged),
    );
    const enough = acknowledged.length + 50 + Math.floor(Math.random() * 350);
    while (acknowledged.length < enough) await new Promise((later) => setTimeout(later, 3));
    served.signal("SIGKILL");
    expect(await served.ended).toBe("SIGKILL");
    await Promise.all(streams);
  }

  const served = new ServeProcess(dataDir, env);
  const client = new SignedClient(await served.address(), served.demoKeys()[0] as never);
  const orders = new Map((await client.orders()).map((order) => [order.orderId, order]));
  for (const { orderId, clientOrderId, price, origQty, executedQty } of acknowledged) {
    expect(orders.get(orderId)).toMatchObject({ clientOrderId, price, origQty });
    expect(Number(orders.get(orderId)?.executedQty)).toBeGreaterThanOrEqual(Number(executedQty));
  }
  expect(acknowledged.some(({ status }) => status === "FILLED")).toBe(true);
  await trader?.follow(await served.address());
  trader?.leave();
  served.signal("SIGTERM");
  expect(await served.ended).toBe(0);

  const exchange = await createExchange({ dataDir, port: 0, ...options });
  try {
    await sqlEqualsCore(exchange);
    const followed = trader as FollowingTrader;
    expect(followed.resyncs).toBe(0);
    const { fees, balances } = whatTraderHeard(followed);
    expect(fees.length).toBeGreaterThan(0);
    const has = whatVenueHas(exchange, 1);
    expect(fees).toEqual(has.fees);
    // Of assets that it never had, too.
    expect(balances.filter(({ total }) => Number(total) > 0)).toEqual(has.balances);
  } finally {
    await exchange.stop();
  }
};

/** The fills, each with its fee, and the balances that the venue has for an account. */
const whatVenueHas = ({ views }: Exchange, account: number) => ({
  fees: views
    .fills(account, { limit: FILLS_RETAINED })
    .map(({ tradeId, orderId, fee, feeAsset }) => [
      `${tradeId} ${orderId}`,
      formatAmount(fee, views.asset(feeAsset)?.decimals ?? 0),
    ]),
  balances: views.balances(account).map(({ asset, balance, held, available }) => {
    const { code, decimals } = views.asset(asset) as Asset;
    const text = (amount: bigint): string => formatAmount(amount, decimals);
    return { asset: code, total: text(balance), held: text(held), available: text(available) };
  }),
});

/** The same, as the trader has heard of it. */
const whatTraderHeard = ({ fills, balances }: FollowingTrader) => ({
  fees: Array.from(fills, ([id, { fee }]) => [id, fee]),
  balances: [...balances.values()],
});
