import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";

/** What the parent asks of this process: keep `connections` busy until `orders` requests have been answered. */
export interface HttpLoad {
  readonly port: number;
  readonly connections: number;
  readonly orders: number;
  readonly keys: readonly { readonly apiKey: string; readonly secret: string }[];
}

/** How it went: wall time from the first request to the last answer, and what was not answered with 200. */
export interface HttpLoadResult {
  readonly seconds: number;
  readonly refused: number;
  readonly firstRefusal: string;
}

/** Buy and sell take turns at one price, so that every second order is a match. */
const orderQuery = (turn: number, secret: string): string => {
  const side = turn % 2 === 0 ? "SELL" : "BUY";
  const query = `symbol=BTCUSDT&side=${side}&type=LIMIT&timeInForce=GTC&quantity=0.0001&price=50000&newOrderRespType=ACK&timestamp=${Date.now()}`;
  return `${query}&signature=${createHmac("sha256", secret).update(query).digest("hex")}`;
};

const run = async (load: HttpLoad): Promise<HttpLoadResult> => {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  let turn = 0;
  let refused = 0;
  let firstRefusal = "";
  const placeOne = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const mine = turn++;
      const key = load.keys[mine % load.keys.length];
      if (key === undefined) throw new RangeError("expected at least one API key, was none");
      const sent = request(
        {
          agent,
          host: "127.0.0.1",
          port: load.port,
          method: "POST",
          path: `/api/v3/order?${orderQuery(mine, key.secret)}`,
          headers: { "x-mbx-apikey": key.apiKey, "content-length": "0" },
        },
        (answer) => {
          let body = "";
          answer.on("data", (chunk: Buffer) => {
            if (answer.statusCode !== 200) body += chunk.toString();
          });
          answer.on("end", () => {
            if (answer.statusCode !== 200) {
              refused += 1;
              firstRefusal ||= body;
            }
            resolve();
          });
          answer.on("error", reject);
        },
      );
      sent.on("error", reject);
      sent.end();
    });
  const client = async (): Promise<void> => {
    while (turn < load.orders) await placeOne();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: load.connections }, client));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return { seconds, refused, firstRefusal };
};

process.on("message", (load: HttpLoad) => {
  void run(load).then((result) => process.send?.(result));
});
