import { createHmac } from "node:crypto";
import { connect } from "node:net";

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

/** The first answer in `received`, once all of it is there. */
const firstAnswer = (
  received: string,
): { status: number; body: string; length: number } | undefined => {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const bodyLength = Number(/content-length: (\d+)/i.exec(received.slice(0, headEnd))?.[1] ?? 0);
  const length = headEnd + 4 + bodyLength;
  if (received.length < length) return undefined;
  return {
    status: Number(received.slice(9, 12)),
    body: received.slice(headEnd + 4, length),
    length,
  };
};

/** One keep-alive connection: the next request goes out when the last one was answered. */
const client = (
  port: number,
  nextRequest: () => string | undefined,
  answered: (status: number, body: string) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let received = "";
    const send = (): void => {
      const request = nextRequest();
      if (request === undefined) socket.end(resolve);
      else socket.write(request);
    };
    socket.setEncoding("latin1");
    socket.on("connect", send);
    socket.on("error", reject);
    socket.on("data", (chunk: string) => {
      received += chunk;
      const answer = firstAnswer(received);
      if (answer === undefined) return;
      received = received.slice(answer.length);
      answered(answer.status, answer.body);
      send();
    });
  });

/** Sockets and strings by hand: an HTTP client library would cost more than the server that is measured. */
const run = async (load: HttpLoad): Promise<HttpLoadResult> => {
  let turn = 0;
  let refused = 0;
  let firstRefusal = "";
  const nextRequest = (): string | undefined => {
    if (turn === load.orders) return undefined;
    const key = load.keys[turn % load.keys.length];
    if (key === undefined) throw new RangeError("expected at least one API key, was none");
    const path = `/api/v3/order?${orderQuery(turn, key.secret)}`;
    turn += 1;
    return `POST ${path} HTTP/1.1\r\nhost: localhost\r\nx-mbx-apikey: ${key.apiKey}\r\ncontent-length: 0\r\n\r\n`;
  };
  const answered = (status: number, body: string): void => {
    if (status === 200) return;
    refused += 1;
    firstRefusal ||= body;
  };
  const start = performance.now();
  await Promise.all(
    Array.from({ length: load.connections }, () => client(load.port, nextRequest, answered)),
  );
  return { seconds: (performance.now() - start) / 1000, refused, firstRefusal };
};

process.on("message", (load: HttpLoad) => {
  void run(load).then((result) => process.send?.(result));
});
