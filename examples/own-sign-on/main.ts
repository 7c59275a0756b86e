// A host whose people sign on elsewhere: OpenID Connect says who it is, and the venue knows them by the gateway's port alone.
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway, SessionKeys, signedPayload, toNodeListener } from "@pincex/gateway";
import {
  OidcSignOn,
  type Principal,
  principalKey,
  type SignOnAttempt,
} from "@pincex/identity/oidc";
import { MarketData } from "@pincex/market-data";
import { encodeVenueCommand, openVenue } from "@pincex/venue";
import { openFileJournal } from "@pincex/venue/node";
import { Views } from "@pincex/venue/views";
import { allowInsecureRequests, ClientSecretBasic, discovery } from "openid-client";
import { Browser } from "./browser.ts";
import { CLIENT, openCompanySignOn } from "./company-sign-on.ts";

const folder = mkdtempSync(join(tmpdir(), "own-sign-on-"));
const journal = await openFileJournal({ directory: join(folder, "journal") });
const [views, marketData] = [new Views(), new MarketData()];
const venue = await openVenue({ journal, views: [views, marketData], clock: Date.now });

// Whoever has signed on gets a key for the public half that their browser made.
const keys = new SessionKeys();
const gateway = createGateway({ venue, views, marketData, authenticator: keys, clock: Date.now });

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, resolve));
const home = `http://localhost:${(server.address() as AddressInfo).port}`;
const company = await openCompanySignOn(`${home}/signed-on`);
const provider = await discovery(
  new URL(company.issuer),
  CLIENT.id,
  undefined,
  ClientSecretBasic(CLIENT.secret),
  // Only because both ends are in this process.
  { execute: [allowInsecureRequests] },
);
const signOn = new OidcSignOn({ provider, redirectUri: `${home}/signed-on` });

// What a host keeps of its own: attempts and sessions by cookie, and which account is whose.
const attempts = new Map<string, SignOnAttempt>();
const sessions = new Map<string, Principal>();
const accounts = new Map<string, number>();

/** The account of somebody, opened at their first sign-on. */
const accountOf = async (principal: Principal): Promise<number> => {
  const key = principalKey(principal);
  const known = accounts.get(key);
  if (known !== undefined) return known;
  const account = accounts.size + 1;
  accounts.set(key, account);
  await venue.submit(
    encodeVenueCommand({ kind: "open_account", account, name: `customer-${account}` }),
  );
  return account;
};

const cookieOf = (request: IncomingMessage, name: string): string =>
  new RegExp(`${name}=([^;]+)`).exec(request.headers.cookie ?? "")?.[1] ?? "";

const redirect = (response: ServerResponse, location: string, cookie: string): void => {
  response
    .writeHead(302, { location, "set-cookie": `${cookie}; HttpOnly; SameSite=Lax; Path=/` })
    .end();
};

const hostRoutes = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { pathname } = new URL(request.url ?? "/", home);
  if (pathname === "/sign-on") {
    const { url, attempt } = await signOn.begin();
    attempts.set(attempt.state, attempt);
    return redirect(response, url.href, `attempt=${attempt.state}`);
  }
  if (pathname === "/signed-on") {
    const attempt = attempts.get(cookieOf(request, "attempt"));
    attempts.delete(attempt?.state ?? "");
    const result = attempt && (await signOn.finish(attempt, request.url ?? "/"));
    if (!result?.ok) return void response.writeHead(403).end(result?.code ?? "attempt_unknown");
    const session = randomUUID();
    sessions.set(session, result.principal);
    return redirect(response, "/", `customer=${session}`);
  }
  const session = cookieOf(request, "customer");
  const principal = sessions.get(session);
  if (principal === undefined) return void response.writeHead(401).end("nobody");
  if (pathname === "/session-keys") {
    const publicKey = (await request.toArray()).join("");
    const [account, until] = [await accountOf(principal), Date.now() + 300_000];
    const owner = { account, name: principal.user, permissions: ["read", "trade"] } as const;
    return void response.end(
      JSON.stringify(keys.open({ session, principal: owner, publicKey, until })),
    );
  }
  if (pathname === "/sign-out") {
    sessions.delete(session);
    keys.end(session);
  }
  response.end(`hello ${principal.user}`);
};
server.on(
  "request",
  toNodeListener(gateway, { fallback: (...exchange) => void hostRoutes(...exchange) }),
);

// Ada signs on with her company, and her browser makes a key that it never gives away.
const browser = new Browser();
console.log(await browser.visit(`${home}/sign-on`, "ada"));
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
const opened = await browser.fetch(new URL("/session-keys", home), { method: "POST", body: pem });
const { apiKey } = (await opened.json()) as { apiKey: string };

const balances = async (): Promise<string> => {
  const timestamp = String(Date.now());
  const payload = signedPayload(timestamp, "GET", "/v1/balances", "");
  const signature = sign(null, Buffer.from(payload), privateKey).toString("base64");
  const headers = {
    "pincex-key": apiKey,
    "pincex-timestamp": timestamp,
    "pincex-signature": signature,
  };
  const answer = await fetch(`${home}/v1/balances`, { headers });
  return `${answer.status} ${((await answer.json()) as { code?: string }).code ?? "her balances"}`;
};
console.log("signed on:", await balances());
await browser.fetch(new URL("/sign-out", home));
console.log("signed out:", await balances());

await gateway.close();
for (const each of [server, company.server]) each.close().closeAllConnections();
await venue.stop();
rmSync(folder, { recursive: true });
