import ccxt from "ccxt";
import type { HmacKey } from "../api-key.ts";
import type { TestExchange } from "./test-exchange.ts";

export type CcxtClient = InstanceType<typeof ccxt.pro.binance>;

/** An unmodified ccxt, told only where the exchange is. */
export const ccxtClient = async (
  { http, webSocket }: TestExchange,
  { apiKey, secret }: HmacKey,
): Promise<CcxtClient> => {
  const client = new ccxt.pro.binance({
    apiKey,
    secret,
    urls: {
      api: {
        public: `${http}/api/v3`,
        private: `${http}/api/v3`,
        v1: `${http}/api/v1`,
        sapi: `${http}/sapi/v1`,
        fapiPublic: `${http}/fapi/v1`,
        dapiPublic: `${http}/dapi/v1`,
        ws: {
          // ccxt takes an address for spot if it contains "/stream".
          spot: `${webSocket}/stream/ws`,
          "ws-api": { spot: `${webSocket}/ws-api/v3` },
        },
      },
    },
  });
  // ccxt refuses ws:// without TLS before this was called once.
  await client.loadHttpProxyAgent();
  return client;
};
