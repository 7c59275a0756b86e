import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signedPayload } from "@pincex/gateway";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExchange, type Exchange } from "../exchange/create-exchange.ts";

const PASSWORD = "correct horse battery staple";

let folder: string;
let exchange: Exchange;
let origin: string;
/** Those whose mails the host was told of. */
const told = new Set<string>();
const start = async (): Promise<void> => {
  const onMail = ({ to }: { readonly to: string }) => void told.add(to);
  exchange = await createExchange({ dataDir: folder, port: 0, onMail });
  origin = `http://localhost:${(await exchange.listen()).port}`;
};
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pincex-identity-"));
  await start();
}, 120_000);
afterAll(async () => {
  await exchange.stop();
  rmSync(folder, { recursive: true });
});

/** A page in a browser: it has cookies, and a key pair that it never gives away. */
class Page {
  readonly #cookies = new Map<string, string>();
  readonly #pair = generateKeyPairSync("ed25519");
  #apiKey = "";

  post(path: string, body: object = {}) {
    return this.#ask("POST", path, JSON.stringify(body));
  }

  delete(path: string) {
    return this.#ask("DELETE", path, undefined);
  }

  async #ask(method: string, path: string, body: string | undefined) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(`${origin}/${path}`, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: { "content-type": "application/json", cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const equals = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return { status: response.status, json: JSON.parse(await response.text()) };
  }

  async openKey(): Promise<number> {
    const publicKey = this.#pair.publicKey.export({ type: "spki", format: "pem" });
    const opened = await this.post("identity/session-keys", { publicKey });
    this.#apiKey = opened.json.apiKey;
    return opened.status;
  }

  async balances() {
    const timestamp = String(Date.now());
    const payload = signedPayload(timestamp, "GET", "/v1/balances", "");
    const signature = sign(null, Buffer.from(payload), this.#pair.privateKey).toString("base64");
    const response = await fetch(`${origin}/v1/balances`, {
      headers: {
        "pincex-key": this.#apiKey,
        "pincex-timestamp": timestamp,
        "pincex-signature": signature,
      },
    });
    return { status: response.status, json: JSON.parse(await response.text()) };
  }
}

const mailed = async (to: string): Promise<string> => {
  await expect.poll(() => exchange.identity.mails.some((mail) => mail.to === to)).toBe(true);
  return exchange.identity.mails.find((mail) => mail.to === to)?.values["token"] ?? "";
};

describe("the users of an exchange", { timeout: 120_000 }, () => {
  test("somebody signs up, signs in and trades with an account that they were given", async () => {
    const page = new Page();
    const email = "ada@example.com";
    expect((await page.post("identity/register", { email })).status).toBe(202);
    const token = await mailed(email);
    const completed = await page.post("identity/register/complete", { token, password: PASSWORD });
    expect(completed.status).toBe(200);
    expect(await page.openKey()).toBe(401);
    expect((await page.post("identity/sign-in", { email, password: PASSWORD })).status).toBe(200);
    expect(await page.openKey()).toBe(201);
    const { status, json } = await page.balances();
    expect(status).toBe(200);
    expect(
      json.balances.map(({ asset, total }: { asset: string; total: string }) => [
        asset,
        Number(total),
      ]),
    ).toContainEqual(["BTC", 10]);

    // Signed out is signed out, for the key as well, and at once.
    expect((await page.post("identity/sign-out")).status).toBe(200);
    expect((await page.balances()).json.code).toBe("api_key_unknown");
  });

  test("demo accounts are users as others are, and their keys sign", async () => {
    const [alice] = exchange.demoKeys;
    const { apiKey = "", secret = "", password = "" } = alice ?? {};
    const query = `timestamp=${Date.now()}`;
    const signature = createHmac("sha256", secret).update(query).digest("hex");
    const account = await fetch(`${origin}/api/v3/account?${query}&signature=${signature}`, {
      headers: { "x-mbx-apikey": apiKey },
    });
    expect(account.status).toBe(200);
    const page = new Page();
    const credentials = { email: "alice@pincex.example", password };
    expect((await page.post("identity/sign-in", credentials)).json.status).toBe("signed_in");
    expect(await page.openKey()).toBe(201);
    expect((await page.balances()).status).toBe(200);
  });

  test("the host is told of people's mails, and of none by which demo accounts were made", () => {
    const demos = exchange.demoKeys.map(({ name }) => `${name}@pincex.example`);
    const everybody = exchange.identity.mails.map(({ to }) => to);
    expect(everybody).toEqual(expect.arrayContaining(demos));
    expect([...told]).toEqual(["ada@example.com"]);
  });

  test("they are there after a restart, and nobody else reads their files", async () => {
    const before = exchange.views.accounts().length;
    await exchange.stop();
    await start();
    const page = new Page();
    const credentials = { email: "ada@example.com", password: PASSWORD };
    expect((await page.post("identity/sign-in", credentials)).json.status).toBe("signed_in");
    expect(await page.openKey()).toBe(201);
    expect(exchange.views.accounts().length).toBe(before);
    expect(statSync(join(folder, "identity-keys.json")).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "identity")).mode & 0o777).toBe(0o700);
  });

  test("a demo key that was revoked and a demo account that was frozen are found so at the next start", async () => {
    const [alice, bob] = exchange.demoKeys;
    const ask = async (key = alice) => {
      const query = `timestamp=${Date.now()}`;
      const signature = createHmac("sha256", key?.secret ?? "")
        .update(query)
        .digest("hex");
      const answer = await fetch(`${origin}/api/v3/account?${query}&signature=${signature}`, {
        headers: { "x-mbx-apikey": key?.apiKey ?? "" },
      });
      return answer.status;
    };
    const signedIn = async (key = alice) => {
      const page = new Page();
      const email = `${key?.name}@pincex.example`;
      const { json } = await page.post("identity/sign-in", { email, password: key?.password });
      return { page, status: json.code ?? json.status };
    };
    expect([await ask(alice), await ask(bob)]).toEqual([200, 200]);
    const { page } = await signedIn(alice);
    expect((await page.delete(`identity/api-keys/${alice?.apiKey}`)).status).toBe(200);
    // At once, though it was verified a moment ago.
    expect(await ask(alice)).toBe(401);
    const { page: other } = await signedIn(bob);
    expect((await other.post("identity/freeze")).status).toBe(200);

    await exchange.stop();
    await start();
    await exchange.identity.ready();
    expect([await ask(alice), await ask(bob)]).toEqual([401, 401]);
    expect((await signedIn(alice)).status).toBe("signed_in");
    expect((await signedIn(bob)).status).toBe("account_frozen");
  });
});
