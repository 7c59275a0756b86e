import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { AccountContext } from "../../account-context.ts";
import { createIdentityHandler, type IdentityHandlerOptions } from "../identity-handler.ts";
import { toIdentityListener } from "../node-listener.ts";

/** Identity on a port of this machine. */
export const serveIdentity = async (
  context: AccountContext,
  options: IdentityHandlerOptions = {},
): Promise<{ readonly origin: string; readonly server: Server }> => {
  const server = createServer(toIdentityListener(createIdentityHandler(context, options)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
};

export interface Answer {
  readonly status: number;
  // What each route answers, the tests say.
  // biome-ignore lint/suspicious/noExplicitAny: the tests read whatever was answered.
  readonly json: any;
  readonly cookies: readonly string[];
}

/** A browser as far as identity sees one: it keeps cookies, and says where its requests come from. */
export class IdentityClient {
  readonly cookies = new Map<string, string>();
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  get(path: string): Promise<Answer> {
    return this.send("GET", path);
  }

  post(path: string, body: object = {}): Promise<Answer> {
    return this.send("POST", path, JSON.stringify(body), { "content-type": "application/json" });
  }

  delete(path: string): Promise<Answer> {
    return this.send("DELETE", path);
  }

  /** Not `fetch`: that lets nobody say another origin or host. */
  send(
    method: string,
    path: string,
    body = "",
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const url = new URL(`/identity/${path}`, this.#origin);
    const sent = { origin: this.#origin, ...(cookie === "" ? {} : { cookie }), ...headers };
    return new Promise((resolve, reject) => {
      const asking = httpRequest(url, { method, headers: sent }, async (response) => {
        const text = (await response.toArray()).join("");
        const cookies = response.headers["set-cookie"] ?? [];
        for (const line of cookies) this.#keep(line);
        resolve({ status: response.statusCode ?? 0, json: JSON.parse(text), cookies });
      });
      asking.on("error", reject).end(body);
    });
  }

  #keep(line: string): void {
    const [pair = ""] = line.split(";");
    const equals = pair.indexOf("=");
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    if (/Max-Age=0/.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
