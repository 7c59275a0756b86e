import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { BenchServer } from "./durable-gateway.ts";

/** `node:http` that reads each body and answers so many bytes, and does nothing else. */
export const openBareHttp = async (answerBytes: number): Promise<BenchServer> => {
  const body = "x".repeat(answerBytes);
  const headers = { "content-type": "application/json", "content-length": answerBytes };
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(201, headers).end(body));
  });
  return opened(server, async () => {});
};

/** `ws` that answers each message with so many bytes, and does nothing else. */
export const openBareWebSocket = async (answerBytes: number): Promise<BenchServer> => {
  const answer = "x".repeat(answerBytes);
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", (socket) => socket.on("message", () => socket.send(answer)));
  return opened(server, async () => sockets.close());
};

const opened = async (server: Server, close: () => Promise<void>): Promise<BenchServer> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      await close();
      server.closeAllConnections();
      server.close();
    },
  };
};
