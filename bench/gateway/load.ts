/** What the parent asks of the process of clients: keep the connections busy until so many orders have been answered. */
export interface Load {
  readonly by: "rest" | "web-socket";
  readonly port: number;
  readonly connections: number;
  /** How many orders a connection sends before the first is answered; by REST one. */
  readonly outstanding: number;
  readonly orders: number;
  readonly keys: readonly LoadKey[];
}

export interface LoadKey {
  readonly apiKey: string;
  readonly secret: string;
}

/** How it went, from the first order to the last answer. */
export interface LoadResult {
  readonly seconds: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly p999: number };
  readonly refused: number;
  readonly firstRefusal: string;
  /** Bytes of an answer's body. */
  readonly answerBytes: number;
}

/** Buy and sell take turns at one price, so that every second order is a match. */
export const orderBody = (turn: number): string =>
  `{"market":"BTC-USDT","side":"${turn % 2 === 0 ? "sell" : "buy"}","type":"limit","price":"50000","quantity":"0.0001"}`;
