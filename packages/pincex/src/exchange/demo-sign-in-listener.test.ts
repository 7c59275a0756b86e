import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExchange, type Exchange } from "./create-exchange.ts";

let folder: string;
let exchange: Exchange;
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pincex-demo-"));
  exchange = await createExchange({ dataDir: folder, port: 0 });
  ({ port } = await exchange.listen());
  await exchange.identity.ready();
}, 120_000);
afterAll(async () => {
  await exchange.stop();
  rmSync(folder, { recursive: true });
});

interface Asked {
  readonly status: number | undefined;
  readonly text: string;
  readonly cookies: readonly string[];
}

// Not `fetch`: it does not let one say another Host.
const asked = (
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Asked> =>
  new Promise((resolve, reject) => {
    const asking = request({ port, host: "127.0.0.1", method, path, headers }, async (response) => {
      const text = (await response.toArray()).join("");
      const cookies = response.headers["set-cookie"] ?? [];
      resolve({ status: response.statusCode, text, cookies });
    });
    asking.on("error", reject).end();
  });

const jsonOf = ({ text }: Asked) => JSON.parse(text);

const cookieOf = ({ cookies }: Asked): string =>
  cookies.map((line) => line.split(";")[0]).join("; ");

describe("signing in as a demo account", () => {
  test("begins a session of a real user for somebody at this machine", async () => {
    const offered = jsonOf(await asked("GET", "/demo/accounts"));
    expect(offered).toEqual({ accounts: [{ name: "alice" }, { name: "bob" }] });
    const signedIn = await asked("POST", "/demo/sessions?account=bob");
    expect([signedIn.status, jsonOf(signedIn)]).toEqual([201, { name: "bob" }]);
    const me = jsonOf(await asked("GET", "/identity/me", { cookie: cookieOf(signedIn) }));
    expect(me).toMatchObject({ email: "bob@pincex.example", displayName: "bob" });
  });

  test("never tells what is in the file", async () => {
    const answers = [
      await asked("GET", "/demo/accounts"),
      await asked("POST", "/demo/sessions?account=alice"),
      await asked("GET", "/demo/mails"),
    ];
    for (const { apiKey, secret, password } of exchange.demoKeys) {
      for (const kept of [secret, password]) expect(JSON.stringify(answers)).not.toContain(kept);
      expect(JSON.stringify(answers.slice(0, 2))).not.toContain(apiKey);
    }
  });

  test.for([
    ["a name that leads here", { host: "exchange.example:8080" }],
    ["a page of another origin", { origin: "https://elsewhere.example" }],
    ["a page of another port", { origin: "http://localhost:1" }],
    ["a browser that says it is across sites", { "sec-fetch-site": "cross-site" }],
    ["a proxy that says for whom", { "x-forwarded-for": "203.0.113.9" }],
    ["a proxy that says it is one", { via: "1.1 proxy" }],
  ] as const)("is not offered to %s, nor are mails", async ([, headers]) => {
    expect(jsonOf(await asked("GET", "/demo/accounts", headers))).toEqual({ accounts: [] });
    expect(jsonOf(await asked("GET", "/demo/mails", headers))).toEqual({ mails: [] });
    const refused = await asked("POST", "/demo/sessions?account=alice", headers);
    expect([refused.status, refused.cookies]).toEqual([403, []]);
    expect(jsonOf(refused)).toMatchObject({ code: "not_this_machine", executed: "no" });
  });

  test("is refused for a name that no demo account has", async () => {
    const refused = await asked("POST", "/demo/sessions?account=market-maker");
    expect(refused.status).toBe(404);
    expect(jsonOf(refused)).toMatchObject({ code: "account_unknown", field: "account" });
  });

  test("leaves everything else to the page", async () => {
    expect((await asked("GET", "/")).text).toContain("<html");
    expect((await asked("GET", "/demo/sessions?account=alice")).status).toBe(404);
  });
});
