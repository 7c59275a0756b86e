import { expect } from "vitest";
import { createExchange } from "../exchange/create-exchange.ts";
import type { ExchangeOptions } from "../exchange/exchange-options.ts";
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
 * there, and SQL to equal the core.
 */
export const killAndExpectAll = async ({ dataDir, env, options }: ServedPlace): Promise<void> => {
  const acknowledged: PlacedOrder[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const served = new ServeProcess(dataDir, env);
    const client = new SignedClient(await served.address(), served.demoKeys()[0] as never);
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
  served.signal("SIGTERM");
  expect(await served.ended).toBe(0);

  const exchange = await createExchange({ dataDir, port: 0, ...options });
  try {
    await sqlEqualsCore(exchange);
  } finally {
    await exchange.stop();
  }
};
