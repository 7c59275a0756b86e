import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DemoAccess } from "./demo-access.ts";
import { demoSignInListener } from "./demo-sign-in-listener.ts";

let access: DemoAccess;
let server: Server;
let port: number;
beforeEach(async () => {
  access = new DemoAccess([
    { name: "alice", account: 1, apiKey: "alice-key", secret: "alice-secret" },
    { name: "bob", account: 2, apiKey: "bob-key", secret: "bob-secret" },
  ]);
  const fallback = (_: IncomingMessage, response: { end(text: string): void }) =>
    response.end('"the page"');
  server = createServer(demoSignInListener(access, fallback));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  server.close();
});

// Not `fetch`: it does not let one say another Host.
const asked = (
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; json: unknown }> =>
  new Promise((resolve, reject) => {
    const asking = request({ port, host: "127.0.0.1", method, path, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const json: unknown = JSON.parse(Buffer.concat(chunks).toString());
      resolve({ status: response.statusCode, json });
    });
    asking.on("error", reject).end();
  });

const authenticated = ({ apiKey, secret }: { apiKey: string; secret: string }) => {
  const signature = createHmac("sha256", secret).update("payload").digest("hex");
  return access.authenticate({ apiKey, payload: "payload", signature });
};

describe("signing in as a demo account", () => {
  test("gives somebody at this machine a key of their own", async () => {
    const offered = await asked("GET", "/demo/accounts");
    expect(offered.json).toEqual({ accounts: [{ name: "alice" }, { name: "bob" }] });
    const { status, json } = await asked("POST", "/demo/sessions?account=bob");
    expect(status).toBe(201);
    const session = json as { name: string; apiKey: string; secret: string };
    expect(session.name).toBe("bob");
    expect([session.apiKey, session.secret]).not.toContain("bob-key");
    expect(await authenticated(session)).toMatchObject({ ok: true, principal: { account: 2 } });
  });

  test("never tells the keys in the file", async () => {
    const answers = [
      await asked("GET", "/demo/accounts"),
      await asked("POST", "/demo/sessions?account=alice"),
    ];
    expect(JSON.stringify(answers)).not.toMatch(/(alice|bob)-(key|secret)/);
  });

  test.for([
    ["a name that leads here", { host: "exchange.example:8080" }],
    ["a page of another origin", { origin: "https://elsewhere.example" }],
    ["a page of another port", { origin: "http://localhost:1" }],
    ["a browser that says it is across sites", { "sec-fetch-site": "cross-site" }],
    ["a proxy that says for whom", { "x-forwarded-for": "203.0.113.9" }],
    ["a proxy that says it is one", { via: "1.1 proxy" }],
  ] as const)("is not offered to %s", async ([, headers]) => {
    expect((await asked("GET", "/demo/accounts", headers)).json).toEqual({ accounts: [] });
    expect(await asked("POST", "/demo/sessions?account=alice", headers)).toMatchObject({
      status: 403,
      json: { code: "not_this_machine", executed: "no" },
    });
  });

  test("is refused for a name that no demo account has", async () => {
    expect(await asked("POST", "/demo/sessions?account=market-maker")).toMatchObject({
      status: 404,
      json: { code: "account_unknown", field: "account" },
    });
  });

  test("ends the oldest of too many sessions, and no key of the file", async () => {
    const first = access.open("alice");
    for (let opened = 0; opened < 64; opened += 1) access.open("alice");
    expect(first && (await authenticated(first))).toEqual({ ok: false, code: "api_key_unknown" });
    const key = { apiKey: "alice-key", secret: "alice-secret" };
    expect(await authenticated(key)).toMatchObject({ ok: true });
  });

  test("leaves everything else to the page", async () => {
    expect((await asked("GET", "/")).json).toBe("the page");
    expect((await asked("GET", "//")).json).toBe("the page");
    expect((await asked("GET", "/demo/sessions?account=alice")).json).toBe("the page");
  });
});
