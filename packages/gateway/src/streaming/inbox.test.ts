import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { Connection } from "./connection.ts";
import { Inbox, MOST_WAITING } from "./inbox.ts";

let server: Server;
let connection: Connection;
let client: WebSocket;

beforeAll(async () => {
  const sockets = new WebSocketServer({ noServer: true });
  server = createServer().on("upgrade", (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      connection = new Connection(webSocket, socket, "/");
    });
  });
  server.listen(0);
  await once(server, "listening");
});
afterAll(() => server.close());
beforeEach(async () => {
  client = new WebSocket(`ws://localhost:${(server.address() as AddressInfo).port}`);
  await once(client, "open");
});
afterEach(() => client.terminate());

test("what takes longer is waited for, in order; what needs no wait is done at once", async () => {
  const done: string[] = [];
  const inbox = new Inbox(connection, (text) => {
    if (text !== "slow") return void done.push(text);
    return new Promise((resolve) => setTimeout(resolve, 20)).then(() => void done.push(text));
  });
  for (const text of ["first", "slow", "quick", "last"]) client.send(text);
  await expect.poll(() => done).toEqual(["first", "slow", "quick", "last"]);
  expect(inbox.waiting).toBe(0);
  inbox.afterAll(() => done.push("after"));
  expect(done.at(-1)).toBe("after");
});

test("while one takes long, little of what a client goes on sending is read, and none is lost", async () => {
  const messages = 2_000;
  const text = "x".repeat(10_000);
  let goOn = (): void => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let heard = 0;
  const inbox = new Inbox(connection, () => {
    heard += 1;
    return heard === 1 ? held : undefined;
  });
  for (let sent = 0; sent < messages; sent += 1) client.send(text);
  await expect.poll(() => inbox.waiting).toBeGreaterThanOrEqual(MOST_WAITING);
  const before = inbox.waiting;
  await new Promise((resolve) => setTimeout(resolve, 100));
  // What was in the socket's last chunk is heard still.
  expect(inbox.waiting).toBe(before);
  expect(before).toBeLessThan(MOST_WAITING + 20);
  expect(client.bufferedAmount).toBeGreaterThan(0);
  goOn();
  await expect.poll(() => heard, { timeout: 5_000 }).toBe(messages);
  await expect.poll(() => inbox.waiting).toBe(0);
});

test("once we have closed, a client that doesn't know yet is not heard any more", async () => {
  const heard: string[] = [];
  new Inbox(connection, (text) => void heard.push(text));
  client.send("in time");
  await expect.poll(() => heard).toEqual(["in time"]);
  connection.close(4001, "the key ended");
  client.send("late");
  const [code] = await once(client, "close");
  expect(code).toBe(4001);
  expect(heard).toEqual(["in time"]);
});
