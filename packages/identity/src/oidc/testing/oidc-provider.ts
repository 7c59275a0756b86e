import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";
import * as openid from "openid-client";

const CLIENT = "venue";
const SECRET = "a secret that only this test knows, 32 bytes and more";

/** A provider of OpenID Connect on this machine, as others run it, and a browser that signs on with it. */
export interface TestProvider {
  readonly issuer: string;
  readonly redirectUri: string;
  /** What the venue knows of it. */
  discover(customFetch?: openid.CustomFetch): Promise<openid.Configuration>;
  /** A browser that has signed on nowhere yet. */
  browser(): TestBrowser;
  close(): Promise<void>;
}

/** Follows redirects and fills in the provider's form, as a person would. */
interface TestBrowser {
  /** Signs on as somebody and answers the address that it was sent back to. */
  signOn(url: URL, user: string): Promise<string>;
  /** Says no at the provider's form. */
  abort(url: URL): Promise<string>;
}

export const openTestProvider = async (): Promise<TestProvider> => {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const redirectUri = "https://venue.example/signed-on";
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT, client_secret: SECRET, redirect_uris: [redirectUri] }],
    acrValues: ["phr"],
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ["a key of this test"] },
    // Seconds. Left out, each would be printed as a notice.
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    clientBasedCORS: () => false,
  });
  server.on("request", provider.callback());
  return {
    issuer,
    redirectUri,
    discover: (customFetch) =>
      openid.discovery(new URL(issuer), CLIENT, undefined, openid.ClientSecretBasic(SECRET), {
        execute: [openid.allowInsecureRequests],
        ...(customFetch === undefined ? {} : { [openid.customFetch]: customFetch }),
      }),
    browser: () => new CookieBrowser(redirectUri),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

class CookieBrowser implements TestBrowser {
  readonly #redirectUri: string;
  readonly #cookies = new Map<string, string>();

  constructor(redirectUri: string) {
    this.#redirectUri = redirectUri;
  }

  signOn(url: URL, user: string): Promise<string> {
    return this.#walk(url, (form, at) => {
      const fields: Record<string, string> = form.includes('name="login"')
        ? { prompt: "login", login: user, password: "any" }
        : { prompt: "consent" };
      return this.#fetch(at, { method: "POST", body: new URLSearchParams(fields) });
    });
  }

  abort(url: URL): Promise<string> {
    return this.#walk(url, (_form, at) => this.#fetch(new URL(`${at.href}/abort`), {}));
  }

  /** From page to page until the provider sends the browser back to the venue. */
  async #walk(url: URL, fill: (form: string, at: URL) => Promise<Response>): Promise<string> {
    let at = url;
    let response = await this.#fetch(at, {});
    for (let pages = 0; pages < 20; pages++) {
      const location = response.headers.get("location");
      if (location === null) {
        response = await fill(await response.text(), at);
        continue;
      }
      at = new URL(location, at);
      if (at.href.startsWith(this.#redirectUri)) return at.href;
      response = await this.#fetch(at, {});
    }
    throw new Error(`the provider never sent the browser back, last it was at ${at.href}`);
  }

  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, redirect: "manual", headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const equals = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return response;
  }
}
