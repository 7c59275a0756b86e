import { createHmac } from "node:crypto";
import type { DemoKey } from "../exchange/demo-keys.ts";

export interface Answer {
  readonly status: number;
  // What the API sends is checked by the tests that read it.
  readonly body: Record<string, unknown>;
}

export interface PlacedOrder {
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly status: string;
  readonly price: string;
  readonly origQty: string;
  readonly executedQty: string;
}

/** The server answered, and said no. */
export class OrderRefused extends Error {}

const PAGE = 1_000;

/** The few requests of a Binance client that the tests need, signed by hand. */
export class SignedClient {
  readonly #address: string;
  readonly #key: Pick<DemoKey, "apiKey" | "secret">;

  constructor(address: string, key: Pick<DemoKey, "apiKey" | "secret">) {
    this.#address = address;
    this.#key = key;
  }

  async request(
    method: "GET" | "POST" | "DELETE",
    path: string,
    parameters: Readonly<Record<string, string | number>> = {},
  ): Promise<Answer> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) query.set(name, String(value));
    query.set("timestamp", String(Date.now()));
    query.set("recvWindow", "60000");
    const signature = createHmac("sha256", this.#key.secret).update(query.toString()).digest("hex");
    const response = await fetch(`${this.#address}${path}?${query}&signature=${signature}`, {
      method,
      headers: { "X-MBX-APIKEY": this.#key.apiKey },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** Places a limit order in BTCUSDT; throws unless it is accepted. */
  async limit(
    side: "BUY" | "SELL",
    price: string,
    quantity: string,
    clientOrderId: string,
  ): Promise<PlacedOrder> {
    const { status, body } = await this.request("POST", "/api/v3/order", {
      symbol: "BTCUSDT",
      side,
      type: "LIMIT",
      timeInForce: "GTC",
      price,
      quantity,
      newClientOrderId: clientOrderId,
    });
    if (status !== 200) throw new OrderRefused(JSON.stringify(body));
    return body as unknown as PlacedOrder;
  }

  /** All orders in BTCUSDT that the server tells of, page by page. */
  async orders(): Promise<PlacedOrder[]> {
    const found: PlacedOrder[] = [];
    for (;;) {
      const orderId = (found.at(-1)?.orderId ?? 0) + 1;
      const parameters = { symbol: "BTCUSDT", limit: PAGE, orderId };
      const { body } = await this.request("GET", "/api/v3/allOrders", parameters);
      const page = body as unknown as PlacedOrder[];
      found.push(...page);
      if (page.length < PAGE) return found;
    }
  }
}
